//! A paper exchange over TCP, and a guard in this process that reaches it as it reaches LN Markets.

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use domain::guard_policy::GuardPolicyDraft;
use domain::live::{AccountSnapshot, LiveEvent};
use domain::{
    AccountId, AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, LedgerEntry, Leverage, Millis, Mode,
    PositionId, Price, Quantity, Reason, Sats, Side, Tick, Timestamp, UserId,
};
use paper::http::{ApiKey, Faults, Forecast, KeyScopes, PaperHttp, Trouble, Window};
use paper::venue::{Order, Size};
use paper::{CallKind, Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use server::assembly::lnmarkets_side::LnMarkets;
use server::jobs::account_events::{Bell, listen};
use server::jobs::accounts::keep_looking;
use server::system_clock::{SystemClock, SystemEntropy};
use service::ExchangeKey;
use service::{Clock, Desk, MarginGuard, ReceivedTick};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{LedgerFilter, Store, User};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const KEY: &str = "key";
/// Another key to the same account.
pub const SPARE: &str = "spare";
/// 5 % from the liquidation: the guard must act.
pub const ENDANGERED: i64 = 95_000;
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Stage {
    pub venue: SharedVenue,
    pub faults: Faults,
    pub scopes: KeyScopes,
    pub desk: Desk,
    pub store: Arc<dyn Store>,
    pub user: UserId,
    pub account: AccountId,
    pub guard: Option<MarginGuard>,
    pub endpoint: String,
    pub folder: tempfile::TempDir,
    clock: Arc<ShiftedClock>,
    requests: Requests,
    market: PaperMarket,
    side: LnMarkets,
    heard: service::Watch,
    prices: watch::Sender<Option<ReceivedTick>>,
    stop: CancellationToken,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Stage {
    /// A venue that stands at 100,000 dollars, and an account with two million sats and an armed guard.
    pub async fn set() -> Stage {
        // Taken by whichever test comes first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&format!("sqlite:{}", folder.path().join("axisor.db").display())).await.unwrap();
        let shifted = Arc::new(ShiftedClock::default());
        let desk = Desk::new(store.clone(), shifted.clone(), Arc::new(SystemEntropy), bus::Bus::default());
        let user = UserId::from_uuid(Uuid::from_u128(1));
        let (email, password_hash) = ("ana@example.org".to_owned(), "$none".to_owned());
        store.insert_user(&User { id: user, email, password_hash, created_at: SystemClock.now() }).await.unwrap();
        let account = desk.add_account(user, "Live", Mode::Live, |_| Some(b"sealed".to_vec())).await.unwrap();
        desk.arm_guard(user, account, policy(), GuardState::Live, 0).await.unwrap();

        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(1)));
        venue.lock().open_account(account, Sats::new(2_000_000), 0).unwrap();
        let market = PaperMarket::still(venue.clone(), tick(100_000), Arc::new(|| SystemClock.now()));
        let (faults, scopes, requests) = (Faults::default(), KeyScopes::default(), Requests::default());
        let endpoint = serve(&market, account, &faults, &scopes, &requests).await;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let side = LnMarkets::reach_unlimited(&endpoint, &clock).unwrap();
        let (prices, received) = watch::channel(None);
        let row = store.find_account(account).await.unwrap().unwrap();
        let guard = desk.open_account(row, side.open_account(&key()).unwrap(), side.market(), received);
        let heard = desk.watch(user, account).await.unwrap();
        let (guard, stop, clock) = (Some(guard), CancellationToken::new(), shifted);
        let stage = Stage {
            venue,
            faults,
            scopes,
            desk,
            store,
            user,
            account,
            guard,
            endpoint,
            folder,
            clock,
            requests,
            market,
            side,
            heard,
            prices,
            stop,
        };
        stage.move_price(100_000);
        stage
    }

    /// The same with a position that the guard has seen.
    pub async fn guarded() -> Stage {
        let mut stage = Stage::set().await;
        stage.open_position();
        stage.look_until_answered(100_000).await;
        assert_eq!(stage.shown().await.alarm, None);
        stage
    }

    /// Top-ups that the exchange carried out.
    pub fn adds(&self) -> usize {
        self.venue.lock().audit().iter().filter(|call| call.kind == CallKind::AddMargin).count()
    }

    /// The guard looks once, and then only when it is called: there is no clock.
    pub async fn look_when_called(&mut self) {
        let mut guard = self.guard.take().unwrap();
        self.start_listening(&guard);
        guard.look_again().await;
        let (wake, stop) = (guard.wake(), self.stop.clone());
        tokio::spawn(async move {
            while !stop.is_cancelled() {
                wake.notified().await;
                guard.look_again().await;
            }
        });
    }

    /// The guard looks as it does in production.
    pub fn look_by_the_clock(&mut self) {
        let guard = self.guard.take().unwrap();
        self.start_listening(&guard);
        tokio::spawn(keep_looking(guard, self.stop.clone()));
    }

    fn start_listening(&self, guard: &MarginGuard) {
        let events = self.side.account_events(&key());
        tokio::spawn(listen(events(), Bell::of(guard), self.stop.clone()));
    }

    pub fn open_position(&self) -> PositionId {
        let order = Order {
            side: Side::Long,
            size: Size::Quantity(Quantity::new(1_000).unwrap()),
            leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
            stop_loss: None,
            take_profit: None,
            client_id: None,
        };
        self.venue.lock().open(self.account, order).unwrap().position.id
    }

    pub fn move_price(&self, dollars: i64) {
        let tick = tick(dollars);
        self.market.push(tick);
        self.prices.send_replace(Some(ReceivedTick { tick, received_at: self.clock.now() }));
    }

    /// A price reaches the feed, which calls the guard.
    pub fn call_guard(&self, dollars: i64) {
        self.move_price(dollars);
        self.desk.call(&tick(dollars), self.clock.now(), |_| true);
    }

    /// The guard looks once, at this price.
    pub async fn look_at(&mut self, dollars: i64) {
        self.move_price(dollars);
        self.guard.as_mut().unwrap().look_again().await;
    }

    /// The guard looks, is called by what it asked for meanwhile, and looks again.
    pub async fn look_until_answered(&mut self, dollars: i64) {
        let wake = self.guard.as_ref().unwrap().wake();
        self.look_at(dollars).await;
        timeout(PATIENCE, wake.notified()).await.expect("the guard is called");
        self.look_at(dollars).await;
    }

    /// Time passes for the guard; the signatures and the exchange keep the time of day.
    pub fn pass(&self, time: Millis) {
        self.clock.0.fetch_add(time.get(), Ordering::SeqCst);
    }

    /// Signed requests that have reached the exchange, those to its public side left out.
    pub fn requests(&self) -> Vec<String> {
        self.requests.0.lock().unwrap().clone()
    }

    pub async fn shown(&self) -> AccountSnapshot {
        self.desk.find_snapshot(self.user, self.account).await.unwrap()
    }

    /// From now on, for as long as the test takes.
    pub fn suffer(&self, trouble: Trouble, only: Option<&str>) {
        let only = only.map(str::to_owned);
        let window = Window { from: 0, until: 3_600, trouble, percent: 100, only };
        self.faults.follow(Forecast { seed: 1, windows: vec![window] }, SystemClock.now());
    }

    /// All is well again.
    pub fn recover(&self) {
        self.faults.follow(Forecast::default(), SystemClock.now());
    }

    /// Waits for the next decision with such a reason; what was recorded before is passed over.
    pub async fn hear(&mut self, what: &str, is_it: impl Fn(&Reason) -> bool) -> LedgerEntry {
        self.next(what, |event| match event {
            LiveEvent::Decision(entry) if is_it(&entry.reason) => Some(*entry),
            _ => None,
        })
        .await
    }

    /// Waits until the account is shown so.
    pub async fn see(&mut self, what: &str, is_it: impl Fn(&AccountSnapshot) -> bool) -> AccountSnapshot {
        self.next(what, |event| match event {
            LiveEvent::Account(account) if is_it(&account) => Some(*account),
            _ => None,
        })
        .await
    }

    async fn next<T>(&mut self, what: &str, wanted: impl Fn(LiveEvent) -> Option<T>) -> T {
        let heard = async {
            loop {
                if let Some(found) = self.heard.next().await.and_then(&wanted) {
                    return found;
                }
            }
        };
        timeout(PATIENCE, heard).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
    }

    /// Everything that was recorded, oldest first.
    pub async fn reasons(&self) -> Vec<Reason> {
        let entries = self.store.list_ledger(self.account, LedgerFilter::newest(1_000)).await.unwrap();
        entries.into_iter().rev().map(|entry| entry.reason).collect()
    }
}

/// The time of day, and what a test lets pass besides.
#[derive(Default)]
struct ShiftedClock(AtomicI64);

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(Millis::new(self.0.load(Ordering::SeqCst)))
    }
}

#[derive(Clone, Default)]
struct Requests(Arc<Mutex<Vec<String>>>);

async fn count(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    if request.headers().contains_key("lnm-access-key") {
        let line = format!("{} {}", request.method(), request.uri().path());
        requests.0.lock().unwrap().push(line);
    }
    next.run(request).await
}

async fn serve(
    market: &PaperMarket,
    account: AccountId,
    faults: &Faults,
    scopes: &KeyScopes,
    requests: &Requests,
) -> String {
    let ExchangeKey { key, secret, passphrase } = &key();
    let keys = [key.as_str(), SPARE].map(|key| ApiKey {
        key: key.to_owned(),
        secret: secret.clone().into(),
        passphrase: passphrase.clone().into(),
        account,
    });
    let clock: paper::Clock = Arc::new(|| SystemClock.now());
    let http = PaperHttp { market: market.clone(), keys: keys.into(), clock, faults: faults.clone(), rate: None };
    let router = paper::http::router_with(http, scopes.clone()).layer(from_fn_with_state(requests.clone(), count));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { paper::http::serve(listener, router).await });
    endpoint
}

pub fn key() -> ExchangeKey {
    ExchangeKey { key: KEY.to_owned(), secret: "c2VjcmV0".to_owned(), passphrase: "passphrase".to_owned() }
}

fn tick(dollars: i64) -> Tick {
    Tick::of(SystemClock.now(), Price::from_ticks(dollars * 2).unwrap())
}

pub fn policy() -> GuardPolicy {
    GuardPolicy::new(GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits: GuardLimits {
            per_action: Sats::new(200_000),
            per_position: Sats::new(800_000),
            per_day: Sats::new(800_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::ZERO,
            max_actions: 10,
        },
        at_limit: AtLimit::AlertOnly,
    })
    .unwrap()
}
