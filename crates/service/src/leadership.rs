//! This process's claim on one account: taken, renewed, lost. Whoever does not hold it only watches.

use crate::clock::Clock;
use domain::brake::BreakerLimits;
use domain::{AccountId, InstanceId, Millis, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::failpoint::{Point, reach};
use store::{Answering, Fence, Instance, Lease, Store, StoreError};

/// A process that stands still for longer loses its accounts.
pub(crate) const LEASE: Millis = Millis::from_secs(10);
/// How often a lease is made longer.
const RENEWAL: Millis = Millis::from_secs(3);
/// A database that takes longer is not waited for where the lease does not ask for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// What all accounts of a process share.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub instance: Instance,
    pub breaker: BreakerLimits,
}

pub(crate) struct Leadership {
    account: AccountId,
    identity: Identity,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    held: Option<Lease>,
    renewed_at: Timestamp,
}

/// Whose the account is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Standing {
    Owner(Lease),
    Passive { owner: InstanceId },
}

impl Leadership {
    pub fn new(account: AccountId, identity: Identity, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Leadership {
        Leadership { account, identity, store, clock, held: None, renewed_at: Timestamp::EPOCH }
    }

    /// Under which an intent may be written.
    pub fn fence(&self, lease: &Lease) -> Fence<'_> {
        let intents = self.intents(lease);
        Fence { instance: &self.identity.instance, epoch: lease.epoch, intents, breaker: self.identity.breaker }
    }

    /// How many intents are known to have been written under it.
    pub fn intents(&self, lease: &Lease) -> i64 {
        self.held.as_ref().unwrap_or(lease).intents
    }

    /// An intent of ours was written.
    pub fn count_intent(&mut self) {
        if let Some(held) = &mut self.held {
            held.intents = held.intents.saturating_add(1);
        }
    }

    pub fn release_name(&self) -> &str {
        &self.identity.instance.release
    }

    /// Takes the lease, or makes it longer where that is due. Without a database one that says that this program is
    /// alone is kept until it runs out.
    pub async fn hold(&mut self, answering: Answering) -> Result<Standing, StoreError> {
        let now = self.clock.now();
        let held = self.held.filter(|lease| now < lease.expires_at);
        let is_fresh = (0..RENEWAL.get()).contains(&now.since(self.renewed_at).get());
        if let Some(lease) = held.filter(|_| is_fresh) {
            return Ok(Standing::Owner(lease));
        }
        match (held.filter(|lease| lease.alone), answering) {
            (Some(lease), Answering::Lost) => Ok(Standing::Owner(lease)),
            (None, Answering::Lost) => Err(StoreError::Lost),
            (None, Answering::Answers { .. }) => self.claim(now).await,
            (Some(lease), Answering::Answers { .. }) => match tokio::time::timeout(PATIENCE, self.claim(now)).await {
                Ok(Err(error)) if error.is_outage() => Ok(Standing::Owner(lease)),
                Ok(claimed) => claimed,
                Err(_) => Ok(Standing::Owner(lease)),
            },
        }
    }

    async fn claim(&mut self, now: Timestamp) -> Result<Standing, StoreError> {
        let instance = &self.identity.instance;
        self.store.show_life(instance.id).await?;
        let gone = self.find_gone(now).await?;
        reach(Point::BeforeLease).await;
        let lease = self.store.claim_lease(self.account, instance, gone, now, now.plus(LEASE)).await?;
        reach(Point::AfterLease).await;
        let is_ours = lease.owner == instance.id;
        self.held = is_ours.then_some(lease);
        self.renewed_at = now;
        Ok(if is_ours { Standing::Owner(lease) } else { Standing::Passive { owner: lease.owner } })
    }

    /// Forgets the lease: the database says that it is another's, or that others have written under it. The next look
    /// asks first.
    pub fn lose(&mut self) {
        self.held = None;
    }

    /// The owner, where its lease still runs and it has certainly ended.
    async fn find_gone(&self, now: Timestamp) -> Result<Option<InstanceId>, StoreError> {
        let lease = self.store.find_lease(self.account).await?;
        let other = lease.filter(|lease| lease.owner != self.identity.instance.id && now < lease.expires_at);
        let Some(lease) = other else { return Ok(None) };
        Ok(self.store.is_gone(lease.owner).await?.then_some(lease.owner))
    }
}
