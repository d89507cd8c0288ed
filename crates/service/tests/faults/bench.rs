//! A guarded position on the paper exchange, with a clock that stands still and an exchange that can be made to fail.

use crate::between::{Between, Plan};
use domain::brake::BreakerLimits;
use domain::guard_policy::GuardPolicyDraft;
use domain::ledger::LedgerEntry;
use domain::position::NewPosition;
use domain::{
    AccountId, AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, LedgerOutcome, Leverage, Millis, Mode,
    PositionId, Price, Quantity, Reason, Sats, Side, Tick, Timestamp, UserId,
};
use exchange::{Exchange, Outcome, Witnessed};
use paper::{CallKind, Chance, PaperAccount, PaperMarket, SharedVenue, Venue, VenueRules};
use service::{Clock, Desk, Entropy, MarginGuard, ReceivedTick};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Beside, LedgerFilter, Store, User};
use tokio::sync::watch;

pub struct Bench {
    pub desk: Desk,
    pub guard: MarginGuard,
    pub between: Arc<Between>,
    pub market: PaperMarket,
    pub venue: SharedVenue,
    pub store: Arc<dyn Store>,
    pub clock: Arc<StillClock>,
    pub user: UserId,
    pub account: AccountId,
    pub position: PositionId,
    entropy: Arc<dyn Entropy>,
    prices: watch::Sender<Option<ReceivedTick>>,
    pub folder: tempfile::TempDir,
}

/// Our own clock; the market's is kept in step with it.
pub struct StillClock(AtomicI64);

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

impl StillClock {
    pub fn pass(&self, time: Millis) {
        self.0.fetch_add(time.get(), Ordering::SeqCst);
    }
}

/// Bytes that differ each time, and that is all that is asked of them here.
#[derive(Default)]
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        bytes.iter_mut().zip(count.iter().rev().cycle()).for_each(|(byte, count)| *byte = *count);
    }
}

/// 12 March 2020, 10:00 UTC.
const START: i64 = 1_584_007_200_000;

pub fn policy() -> GuardPolicyDraft {
    GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits: GuardLimits {
            per_action: Sats::new(200_000),
            per_position: Sats::new(400_000),
            per_day: Sats::new(500_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::ZERO,
            max_actions: 10,
        },
        at_limit: AtLimit::AlertOnly,
    }
}

impl Bench {
    /// A long of 1,000 USD from 100,000 at 10x (margin 100,000, liquidation 90,909) with `free` sats beside it.
    pub async fn new(draft: GuardPolicyDraft, free: i64) -> Bench {
        Bench::with_state(draft, free, GuardState::Live).await
    }

    pub async fn with_state(draft: GuardPolicyDraft, free: i64, state: GuardState) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&sqlite(&folder)).await.unwrap();
        Bench::on(store, folder, draft, free, state).await
    }

    /// With a journal of the program's own beside the database.
    pub async fn beside(free: i64) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let beside = Beside::in_folder(folder.path().to_owned());
        let store = store::open_beside(&sqlite(&folder), beside).await.unwrap();
        Bench::on(store, folder, policy(), free, GuardState::Live).await
    }

    /// As above, in a folder and on a database of the test's own.
    pub async fn on(
        store: Arc<dyn Store>,
        folder: tempfile::TempDir,
        draft: GuardPolicyDraft,
        free: i64,
        state: GuardState,
    ) -> Bench {
        let clock = Arc::new(StillClock(AtomicI64::new(START)));
        let entropy: Arc<dyn Entropy> = Arc::new(Counter::default());
        let desk = Desk::new(Arc::clone(&store), clock.clone(), Arc::clone(&entropy), bus::Bus::default());
        let user = UserId::from_uuid(uuid::Uuid::from_u128(7));
        let (email, password_hash) = ("ana@example.org".to_owned(), "$none".to_owned());
        store.insert_user(&User { id: user, email, password_hash, created_at: clock.now() }).await.unwrap();
        let account = desk.add_account(user, "Paper", Mode::Paper, |_| None).await.unwrap();

        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(1)));
        venue.lock().open_account(account, Sats::new(free + 102_100), 0).unwrap();
        let first = Tick::of(clock.now(), price(100_000));
        let venue_clock = clock.clone();
        let market = PaperMarket::still(venue.clone(), first, Arc::new(move || venue_clock.now()));
        let between = Arc::new(Between::new(Arc::new(PaperAccount::new(venue.clone(), account))));
        let position = open(&*between).await;

        let (prices, received) = watch::channel(None);
        let row = store.find_account(account).await.unwrap().unwrap();
        let guard = desk.open_account(row, between.clone(), Arc::new(market.clone()), received);
        let mut bench = Bench {
            desk,
            guard,
            between,
            market,
            venue,
            store,
            clock,
            user,
            account,
            position,
            entropy,
            prices,
            folder,
        };
        bench.move_price(100_000);
        bench.arm(draft, state, 0).await;
        bench.guard.look_again().await;
        bench
    }

    /// The database goes on, and what it must hold is gone from it.
    pub async fn lose_tables(&self) {
        let file = self.folder.path().join("test.db");
        let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
        for statement in ["alter table leases rename to leases_lost", "alter table ledger rename to ledger_lost"] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
    }

    pub async fn arm(&self, draft: GuardPolicyDraft, state: GuardState, based_on: u32) {
        let policy = GuardPolicy::new(draft).unwrap();
        self.desk.arm_guard(self.user, self.account, policy, state, based_on).await.unwrap();
    }

    /// Another guard of the same account in the same process.
    pub async fn second_guard(&self) -> MarginGuard {
        self.open_account(&self.desk).await
    }

    /// A second program on the same database.
    pub async fn second_process(&self, release: &str) -> (Desk, MarginGuard) {
        let (store, entropy) = (Arc::clone(&self.store), Arc::clone(&self.entropy));
        let desk = Desk::new(store, self.clock.clone(), entropy, bus::Bus::default()).with_release(release);
        let guard = self.open_account(&desk).await;
        (desk, guard)
    }

    /// Goes on as a program with another breaker.
    pub async fn limit(&mut self, limits: BreakerLimits) {
        self.desk.retire().await.unwrap();
        let (store, entropy) = (Arc::clone(&self.store), Arc::clone(&self.entropy));
        self.desk = Desk::new(store, self.clock.clone(), entropy, bus::Bus::default()).with_breaker(limits);
        self.guard = self.open_account(&self.desk).await;
    }

    /// Ends the program as a kill does, and starts another on the same database and folder.
    pub async fn restart(&mut self) {
        let beside = Beside::in_folder(self.folder.path().to_owned());
        self.restart_on(|url| async move { store::open_beside(&url, beside).await.unwrap() }).await;
    }

    async fn restart_on<F: Future<Output = Arc<dyn Store>>>(&mut self, open: impl FnOnce(String) -> F) {
        self.store = open(sqlite(&self.folder)).await;
        let (store, entropy) = (Arc::clone(&self.store), Arc::clone(&self.entropy));
        self.desk = Desk::new(store, self.clock.clone(), entropy, bus::Bus::default());
        self.guard = self.open_account(&self.desk).await;
    }

    /// Goes on with another market beside the exchange's own.
    pub async fn witness(&mut self, other: PaperMarket) {
        self.desk.retire().await.unwrap();
        let row = self.store.find_account(self.account).await.unwrap().unwrap();
        let market = Witnessed::new(Arc::new(self.market.clone()), Arc::new(other));
        self.guard = self.desk.open_account(row, self.between.clone(), Arc::new(market), self.prices.subscribe());
        self.guard.look_again().await;
    }

    /// Another market, which stands at this price.
    pub fn other_market(&self, dollars: i64) -> PaperMarket {
        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(2)));
        let clock = self.clock.clone();
        PaperMarket::still(venue, Tick::of(self.clock.now(), price(dollars)), Arc::new(move || clock.now()))
    }

    async fn open_account(&self, desk: &Desk) -> MarginGuard {
        let row = self.store.find_account(self.account).await.unwrap().unwrap();
        desk.open_account(row, self.between.clone(), Arc::new(self.market.clone()), self.prices.subscribe())
    }

    /// A price that only the feed tells; the exchange itself stands where it stood.
    pub fn whisper(&self, dollars: i64) {
        let tick = Tick::of(self.clock.now(), price(dollars));
        self.prices.send_replace(Some(ReceivedTick { tick, received_at: self.clock.now() }));
    }

    pub fn move_price(&self, dollars: i64) {
        let tick = Tick::of(self.clock.now(), price(dollars));
        self.market.push(tick);
        self.prices.send_replace(Some(ReceivedTick { tick, received_at: self.clock.now() }));
    }

    /// Moves the price, whenever that is called.
    pub fn later_price(&self, dollars: i64) -> Box<dyn FnOnce() + Send> {
        let (market, prices, clock) = (self.market.clone(), self.prices.clone(), Arc::clone(&self.clock));
        Box::new(move || {
            clock.pass(Millis::new(10));
            let tick = Tick::of(clock.now(), price(dollars));
            market.push(tick);
            prices.send_replace(Some(ReceivedTick { tick, received_at: clock.now() }));
        })
    }

    /// Lets time pass and looks at `dollars`.
    pub async fn look_at(&mut self, dollars: i64) {
        self.pass(Millis::SECOND);
        self.move_price(dollars);
        self.guard.look_again().await;
    }

    pub fn pass(&self, time: Millis) {
        self.clock.pass(time);
    }

    /// Top-ups that the exchange carried out.
    pub fn adds(&self) -> Vec<i64> {
        let venue = self.venue.lock();
        venue.check_conservation().unwrap();
        let adds = venue.audit().iter().filter(|call| call.kind == CallKind::AddMargin);
        adds.map(|call| call.amount.unwrap().get()).collect()
    }

    pub fn margin(&self) -> Option<i64> {
        self.venue.lock().running(self.account).first().map(|trade| trade.position.margin.get())
    }

    /// The ledger, oldest first.
    pub async fn ledger(&self) -> Vec<LedgerEntry> {
        let mut entries = self.store.list_ledger(self.account, LedgerFilter::newest(1_000)).await.unwrap();
        entries.reverse();
        entries
    }

    /// The reasons with this outcome, oldest first.
    pub async fn reasons(&self, outcome: LedgerOutcome) -> Vec<Reason> {
        let entries = self.ledger().await;
        entries.into_iter().filter(|entry| entry.outcome == outcome).map(|entry| entry.reason).collect()
    }

    pub fn plan(&self, plan: Plan) {
        self.between.plan(plan);
    }
}

pub fn sqlite(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("test.db").display())
}

pub async fn open(exchange: &dyn Exchange) -> PositionId {
    let order = NewPosition {
        side: Side::Long,
        quantity: Quantity::new(1_000).unwrap(),
        leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
        stop_loss: None,
        take_profit: None,
    };
    let Outcome::Done(position) = exchange.open_position(order).await else { panic!("the order was refused") };
    position.id
}

pub fn price(dollars: i64) -> Price {
    Price::from_ticks(dollars * 2).unwrap()
}
