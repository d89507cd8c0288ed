//! This process's claim on one account: taken, renewed, lost. Whoever does not hold it only watches.

use crate::clock::Clock;
use domain::brake::BreakerLimits;
use domain::{AccountId, InstanceId, Millis, Timestamp};
use std::sync::Arc;
use store::{Fence, Instance, Lease, Store, StoreError};

/// A process that stands still for longer loses its accounts.
pub(crate) const LEASE: Millis = Millis::from_secs(10);
/// A lease is made longer once less than this is left of it.
const RENEWAL: Millis = Millis::from_secs(7);

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
}

/// Whose the account is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Standing {
    Owner(Lease),
    Passive { owner: InstanceId },
}

impl Leadership {
    pub fn new(account: AccountId, identity: Identity, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Leadership {
        Leadership { account, identity, store, clock, held: None }
    }

    /// Under which an intent may be written.
    pub fn fence(&self, lease: &Lease) -> Fence<'_> {
        let intents = self.held.as_ref().unwrap_or(lease).intents;
        Fence { instance: &self.identity.instance, epoch: lease.epoch, intents, breaker: self.identity.breaker }
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

    /// Takes the lease, or makes it longer where little is left of it.
    pub async fn hold(&mut self) -> Result<Standing, StoreError> {
        let now = self.clock.now();
        if let Some(lease) = self.held.filter(|lease| RENEWAL < lease.expires_at.since(now)) {
            return Ok(Standing::Owner(lease));
        }
        let instance = &self.identity.instance;
        self.store.show_life(instance.id).await?;
        let gone = self.find_gone(now).await?;
        let lease = self.store.claim_lease(self.account, instance, gone, now, now.plus(LEASE)).await?;
        let is_ours = lease.owner == instance.id;
        self.held = is_ours.then_some(lease);
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
