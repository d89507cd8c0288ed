//! What a trader sees and sets: accounts, prices, activity, and the guard's rule.

mod accounts;
pub(crate) mod brakes;
pub(crate) mod orders;
pub(crate) mod replay;
pub(crate) mod viewing;
mod vigil;
mod why;

use crate::account_desk::AccountDesk;
use crate::alarm::{AlarmSink, Unheard};
use crate::authority::{Authority, Denied, Need};
use crate::chronicle::{Chronicle, Scene};
use crate::clock::{Clock, Entropy, new_id};
use crate::leadership::{self, Leadership};
use crate::margin_guard::MarginGuard;
use crate::market_price::ReceivedTick;
use crate::snapshot::snapshot;
use crate::triggers::Triggers;
use bus::Bus;
use domain::account::AccountSummary;
use domain::brake::BreakerLimits;
use domain::guard_policy::Guard;
use domain::live::{AccountSnapshot, Alarm, LiveTick};
use domain::{
    AccountId, Candle, GuardId, GuardPolicy, GuardState, InstanceId, Interval, LedgerEntry, LedgerOutcome, Millis,
    PlanFull, Reason, Timestamp, UserId,
};
use exchange::{CandleQuery, Exchange, Market, ReadError};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use store::{Account, Instance, LedgerFilter, Store, StoreError};
use tokio::sync::{broadcast, watch};

/// Every account that the program serves. Each question names who asks: what they have nothing to do with is not found.
pub struct Desk {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    bus: Bus,
    triggers: Arc<Triggers>,
    open: Served,
    changed: broadcast::Sender<AccountId>,
    identity: leadership::Identity,
    alarms: OnceLock<Arc<dyn AlarmSink>>,
    past: replay::LastRead,
}

/// The accounts that are served.
type Served = Arc<RwLock<HashMap<AccountId, Arc<AccountDesk>>>>;

fn served(open: &Served, account: AccountId) -> Option<Arc<AccountDesk>> {
    open.read().unwrap_or_else(PoisonError::into_inner).get(&account).cloned()
}

#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such account, or it is someone else's.
    #[error("there is no such account")]
    NotFound,
    /// The caller sees the account, and may not do this with it.
    #[error("this is not allowed")]
    Forbidden,
    #[error("this account cannot be served now; see the server's log")]
    Unavailable,
    #[error("the exchange did not answer")]
    Exchange(#[source] ReadError),
    #[error("the database did not answer")]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum ArmGuardError {
    #[error("there is no such account")]
    NotFound,
    #[error("this is not allowed")]
    Forbidden,
    #[error("the guard was changed meanwhile; read it again and repeat your change")]
    Conflict,
    /// The plan of the account's owner allows no more guards; those that are there go on.
    #[error(transparent)]
    Full(PlanFull),
    #[error("the database did not answer")]
    Store(#[source] StoreError),
}

impl Desk {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, bus: Bus) -> Desk {
        let (changed, _) = broadcast::channel(64);
        let id = InstanceId::from_uuid(new_id(&*clock, &*entropy));
        let instance = Instance { id, release: env!("CARGO_PKG_VERSION").to_owned() };
        let identity = leadership::Identity { instance, breaker: BreakerLimits::default() };
        Desk {
            store,
            clock,
            entropy,
            bus,
            triggers: Arc::default(),
            open: Served::default(),
            changed,
            identity,
            alarms: OnceLock::new(),
            past: replay::LastRead::default(),
        }
    }

    /// Where the breaker over all accounts falls.
    pub fn with_breaker(mut self, limits: BreakerLimits) -> Desk {
        self.identity.breaker = limits;
        self
    }

    /// Where alarms go, for accounts that are opened from now on; the first word counts.
    pub fn sound_alarms_on(&self, alarms: Arc<dyn AlarmSink>) {
        let _ = self.alarms.set(alarms);
    }

    fn alarms(&self) -> Arc<dyn AlarmSink> {
        self.alarms.get().map_or_else(|| Arc::new(Unheard) as Arc<dyn AlarmSink>, Arc::clone)
    }

    /// Under which release this program is known to others on the same database.
    pub fn with_release(mut self, release: &str) -> Desk {
        release.clone_into(&mut self.identity.instance.release);
        self
    }

    /// Gives all accounts of this program to whoever comes next. Only once no guard of it looks any more.
    pub async fn retire(&self) -> Result<(), StoreError> {
        self.store.release_leases(self.identity.instance.id).await
    }

    /// How many accounts another process guards.
    pub fn count_guarded_elsewhere(&self) -> usize {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.values().filter(|desk| desk.view().alarm == Some(Alarm::GuardedElsewhere)).count()
    }

    /// Their own, then those that are shared with them.
    pub async fn list_accounts(&self, user: UserId) -> Result<Vec<AccountSummary>, DeskError> {
        let seen = self.store.list_seen_accounts(user).await?;
        Ok(seen.iter().map(|(account, access)| account.seen_as(*access)).collect())
    }

    pub async fn find_snapshot(&self, user: UserId, account: AccountId) -> Result<AccountSnapshot, DeskError> {
        let desk = self.served(user, account, Need::See).await?;
        snapshot(&desk, self.clock.now()).map_err(|_| DeskError::Unavailable)
    }

    /// The newest price with its age; `None` before the first.
    pub async fn find_price(&self, user: UserId, account: AccountId) -> Result<Option<LiveTick>, DeskError> {
        let desk = self.served(user, account, Need::See).await?;
        Ok(desk.price().map(|price| price.live(self.clock.now())))
    }

    /// The newest bars, oldest first.
    pub async fn list_candles(
        &self,
        user: UserId,
        account: AccountId,
        interval: Interval,
        limit: u32,
    ) -> Result<Vec<Candle>, DeskError> {
        let desk = self.served(user, account, Need::See).await?;
        let now = desk.price().map_or_else(|| self.clock.now(), |price| price.tick.at);
        let limit = limit.clamp(1, 1_000);
        let span = interval.length().get().saturating_mul(i64::from(limit));
        let (from, to) = (now.minus(Millis::new(span)), now.plus(Millis::new(1)));
        desk.market.fetch_candles(CandleQuery { interval, from, to, limit }).await.map_err(DeskError::Exchange)
    }

    /// What was decided and why; newest first.
    pub async fn list_activity(
        &self,
        user: UserId,
        account: AccountId,
        filter: LedgerFilter,
    ) -> Result<Vec<LedgerEntry>, DeskError> {
        self.check(user, account, Need::See).await?;
        Ok(self.store.list_ledger(account, filter).await?)
    }

    pub async fn find_guard(&self, user: UserId, account: AccountId) -> Result<Option<Guard>, DeskError> {
        self.check(user, account, Need::See).await?;
        Ok(self.store.find_guard(account).await?)
    }

    /// Every version of the guard, newest first.
    pub async fn list_guard_versions(&self, user: UserId, account: AccountId) -> Result<Vec<Guard>, DeskError> {
        self.check(user, account, Need::See).await?;
        Ok(self.store.list_guard_versions(account).await?)
    }

    /// Saves the guard's next version, which takes effect at once. `based_on` is the version that the editor showed,
    /// 0 for none.
    pub async fn arm_guard(
        &self,
        user: UserId,
        account: AccountId,
        policy: GuardPolicy,
        state: GuardState,
        based_on: u32,
    ) -> Result<Guard, ArmGuardError> {
        let saved = self.check_to_arm(user, account).await?;
        let guard = self.next_guard(saved.as_ref(), policy, state, based_on)?;
        self.store.save_guard(account, &guard).await?;
        self.say_armed(account, &guard).await?;
        Ok(guard)
    }

    /// The guard that is there, for who may change it.
    pub(crate) async fn check_to_arm(&self, user: UserId, account: AccountId) -> Result<Option<Guard>, ArmGuardError> {
        self.check(user, account, Need::Act).await?;
        Ok(self.store.find_guard(account).await?)
    }

    pub(crate) fn next_guard(
        &self,
        saved: Option<&Guard>,
        policy: GuardPolicy,
        state: GuardState,
        based_on: u32,
    ) -> Result<Guard, ArmGuardError> {
        let id = saved.map_or_else(|| GuardId::from_uuid(new_id(&*self.clock, &*self.entropy)), |guard| guard.id);
        let version = based_on.checked_add(1).ok_or(ArmGuardError::Conflict)?;
        Ok(Guard { id, version, state, policy, saved_at: self.clock.now() })
    }

    /// What follows a guard that was saved: its entry in the ledger, and a look.
    pub(crate) async fn say_armed(&self, account: AccountId, guard: &Guard) -> Result<(), ArmGuardError> {
        let Guard { version, state, .. } = *guard;
        let desk = self.find_served(account);
        let market_at = desk.as_ref().and_then(|desk| desk.price()).map_or(guard.saved_at, |price| price.tick.at);
        let scene = Scene { market_at, price: None, distance: None };
        let mut chronicle = Chronicle::new(account, Arc::clone(&self.store), Arc::clone(&self.clock), self.bus.clone());
        chronicle.say(scene, None, LedgerOutcome::Noted, Reason::GuardSaved { version, state }).await?;
        if let Some(desk) = desk {
            desk.changed();
        }
        Ok(())
    }

    /// Starts to serve an account; the guard it answers must be run.
    pub fn open_account(
        &self,
        account: Account,
        exchange: Arc<dyn Exchange>,
        market: Arc<dyn Market>,
        prices: watch::Receiver<Option<ReceivedTick>>,
    ) -> MarginGuard {
        let id = account.id;
        let desk = Arc::new(AccountDesk::new(account, exchange, market, prices, self.alarms()));
        self.open.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&desk));
        let (store, clock, entropy) = (Arc::clone(&self.store), Arc::clone(&self.clock), Arc::clone(&self.entropy));
        let leadership = Leadership::new(id, self.identity.clone(), Arc::clone(&store), Arc::clone(&clock));
        MarginGuard::new(desk, leadership, store, clock, entropy, self.bus.clone(), Arc::clone(&self.triggers))
    }

    /// The index of all trigger prices.
    pub fn triggers(&self) -> Arc<Triggers> {
        Arc::clone(&self.triggers)
    }

    /// Asks an account's guard for a look.
    pub fn wake(&self, account: AccountId) {
        if let Some(desk) = self.find_served(account) {
            desk.changed();
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn served(&self, user: UserId, account: AccountId, need: Need) -> Result<Arc<AccountDesk>, DeskError> {
        self.check(user, account, need).await?;
        self.find_served(account).ok_or(DeskError::Unavailable)
    }

    fn find_served(&self, account: AccountId) -> Option<Arc<AccountDesk>> {
        served(&self.open, account)
    }

    /// A database that is lost keeps no owner from an account that is served.
    async fn check(&self, user: UserId, account: AccountId, need: Need) -> Result<(), DeskError> {
        if self.find_served(account).is_some_and(|desk| desk.account.user == user) {
            return Ok(());
        }
        Ok(Authority::new(Arc::clone(&self.store)).check(user, account, need).await?)
    }
}

impl From<Denied> for DeskError {
    fn from(denied: Denied) -> DeskError {
        match denied {
            Denied::NotFound => DeskError::NotFound,
            Denied::Forbidden => DeskError::Forbidden,
            Denied::Store(error) => DeskError::Store(error),
        }
    }
}

impl From<DeskError> for ArmGuardError {
    fn from(error: DeskError) -> ArmGuardError {
        match error {
            DeskError::Store(error) => error.into(),
            DeskError::Forbidden => ArmGuardError::Forbidden,
            DeskError::NotFound | DeskError::Unavailable | DeskError::Exchange(_) => ArmGuardError::NotFound,
        }
    }
}

impl From<StoreError> for ArmGuardError {
    fn from(error: StoreError) -> ArmGuardError {
        match error {
            StoreError::Conflict | StoreError::Duplicate => ArmGuardError::Conflict,
            StoreError::Full(full) => ArmGuardError::Full(full),
            error => ArmGuardError::Store(error),
        }
    }
}
