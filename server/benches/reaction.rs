//! How fast the guard reacts: from a tick that arrives to the signed top-up on the wire, with its intent on disk.
//!
//! The paper exchange answers over loopback TCP; everything between is what runs in production: market feed, trigger
//! index, account task, guard, SQLite with full sync, LN Markets client. `AXISOR_BENCH_ROUNDS` changes the 500 rounds.

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use bus::Bus;
use domain::brake::BreakerLimits;
use domain::guard_policy::GuardPolicyDraft;
use domain::{
    AccountId, AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, Leverage, Millis, Mode, PositionId,
    Price, Quantity, Sats, Side, Tick, UserId,
};
use engine::contract;
use paper::http::{ApiKey, Faults, PaperHttp};
use paper::venue::{Order, Size};
use paper::{Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use server::assembly::guard_thread::GuardThread;
use server::assembly::lnmarkets_side::LnMarkets;
use server::jobs::accounts::keep_looking;
use server::jobs::market_feed::MarketFeed;
use server::system_clock::{SystemClock, SystemEntropy};
use service::ExchangeKey;
use service::{Clock, Desk};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, User};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

type Error = Box<dyn std::error::Error + Send + Sync>;

const WARM_UP: usize = 20;
const CALM: i64 = 200_000;
const KEY: (&str, &str, &str) = ("key", "c2VjcmV0", "passphrase");
const PATIENCE: Duration = Duration::from_secs(30);
/// A live account has a sealed key; this one is never opened, for the account is opened with the key itself.
const SEALED: &[u8] = b"sealed";
/// The rounds come faster than the breaker would let them.
const NEVER: BreakerLimits = BreakerLimits { adds_per_minute: u32::MAX, sats_per_hour: Sats::MAX };
/// So that the way from the calm price to the trigger is no jump that wants a second witness.
const LEVERAGE: i64 = 13 * Leverage::ONE_X;

fn main() -> Result<(), Error> {
    // Taken by nobody else in this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // `cargo test` runs benches as well, once and briefly.
    let rounds = match std::env::var("AXISOR_BENCH_ROUNDS") {
        Ok(rounds) => rounds.parse()?,
        Err(_) if std::env::args().any(|argument| argument == "--bench") => 500,
        Err(_) => 5,
    };
    tokio::runtime::Runtime::new()?.block_on(measure(rounds))
}

async fn measure(rounds: usize) -> Result<(), Error> {
    let (folder, mut stage) = Stage::set().await?;
    let mut times = Vec::with_capacity(rounds);
    for round in 0..rounds + WARM_UP {
        let time = stage.react().await?;
        if WARM_UP <= round {
            times.push(time);
        }
    }
    stage.stop.cancel();
    let syncs = bare_syncs(&folder.path().join("bare"), rounds)?;
    drop(folder);
    println!("tick to signed request on the wire, intent on disk (SQLite, full sync), loopback, {rounds} rounds");
    print_times("", times);
    println!("goal: p50 at most 0.5 ms, p99 at most 5 ms; machine: {}", machine());
    print_times("of which the disk alone, for one page written over and synced: ", syncs);
    Ok(())
}

fn print_times(of_what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |permille: usize| {
        let time = times.get((times.len() * permille / 1000).min(times.len().saturating_sub(1)));
        format!("{:.3} ms", time.copied().unwrap_or_default().as_secs_f64() * 1_000.0)
    };
    println!("{of_what}p50 {}  p90 {}  p99 {}  max {}", at(500), at(900), at(990), at(1000));
}

/// What no program with something durable to write can fall below.
fn bare_syncs(path: &Path, rounds: usize) -> Result<Vec<Duration>, Error> {
    let file = File::create(path)?;
    let page = [1; 4_096];
    let place = |round: usize| u64::try_from(round % 256 * page.len());
    for round in 0..256 {
        file.write_all_at(&page, place(round)?)?;
    }
    file.sync_all()?;
    let once = |round| {
        let started = Instant::now();
        file.write_all_at(&page, place(round)?)?;
        file.sync_data()?;
        Ok(started.elapsed())
    };
    (0..rounds).map(once).collect()
}

/// One guarded position, a guard that runs, and an ear on the wire.
struct Stage {
    store: Arc<dyn Store>,
    desk: Arc<Desk>,
    feed: Arc<MarketFeed>,
    venue: SharedVenue,
    market: PaperMarket,
    arrivals: UnboundedReceiver<Instant>,
    account: AccountId,
    position: PositionId,
    stop: CancellationToken,
    guards: GuardThread,
}

impl Stage {
    async fn set() -> Result<(tempfile::TempDir, Stage), Error> {
        let folder = tempfile::tempdir()?;
        let store = store::open(&format!("sqlite:{}", folder.path().join("axisor.db").display())).await?;
        let desk = Desk::new(store.clone(), Arc::new(SystemClock), Arc::new(SystemEntropy), Bus::default());
        let desk = Arc::new(desk.with_breaker(NEVER));
        let user = UserId::from_uuid(Uuid::from_u128(1));
        let now = SystemClock.now();
        let (email, password_hash) = ("bench@example.org".to_owned(), "$none".to_owned());
        store.insert_user(&User { id: user, email, password_hash, created_at: now }).await?;
        let account = desk.add_account(user, "Bench", Mode::Live, |_| Some(SEALED.to_vec())).await?;
        desk.arm_guard(user, account, policy()?, GuardState::Live, 0).await?;

        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(1)));
        let market = PaperMarket::still(venue.clone(), tick(CALM)?, Arc::new(|| SystemClock.now()));
        let position = open_position(&venue, account)?;
        let (arrived, arrivals) = unbounded_channel();
        let endpoint = serve(market.clone(), account, arrived).await?;

        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let side = LnMarkets::reach_unlimited(&endpoint, &clock)?;
        let (key, secret, passphrase) = KEY;
        let key = ExchangeKey { key: key.into(), secret: secret.into(), passphrase: passphrase.into() };
        let feed = Arc::new(MarketFeed::new("live", side.market()));
        feed.add_account(account);
        let stored = store.find_account(account).await?.ok_or("no account")?;
        let guard = desk.open_account(stored, side.open_account(&key)?, feed.market(), feed.prices());
        let stop = CancellationToken::new();
        let guards = GuardThread::start()?;
        guards.spawn(keep_looking(guard, stop.clone()));
        let stage = Stage { store, desk, feed, venue, market, arrivals, account, position, stop, guards };
        stage.receive(CALM).await?;
        Ok((folder, stage))
    }

    /// A calm position, then a tick at its trigger; the time until the top-up arrives at the exchange.
    async fn react(&mut self) -> Result<Duration, Error> {
        let position = self.venue.lock().running(self.account).first().ok_or("no position")?.position;
        let trigger = contract::trigger_price(position.side, position.liquidation, Bps::new(500));
        let fallen = tick(trigger.ticks())?;
        // The guard must have seen the calm position before the fall means anything.
        timeout(PATIENCE, async {
            while self.desk.triggers().hits(&fallen).is_empty() {
                sleep(Duration::from_millis(1)).await;
            }
        })
        .await?;
        self.market.push(tick(trigger.ticks())?);
        let started = self.receive(trigger.ticks()).await?;
        let arrived = timeout(PATIENCE, self.arrivals.recv()).await?.ok_or("the exchange is gone")?;
        self.calm_down(position.margin).await?;
        Ok(arrived.duration_since(started))
    }

    /// Back to the calm price, and the top-up back to the wallet, once the outcome is on disk.
    async fn calm_down(&self, margin: Sats) -> Result<(), Error> {
        timeout(PATIENCE, async {
            while !self.store.list_open_actions(self.account).await.is_ok_and(|open| open.is_empty()) {
                sleep(Duration::from_millis(1)).await;
            }
        })
        .await?;
        let after = self.venue.lock().running(self.account).first().ok_or("no position")?.position.margin;
        self.market.push(tick(CALM)?);
        self.venue.lock().cash_in(self.account, self.position, after.checked_sub(margin)?)?;
        self.receive(CALM).await?;
        self.desk.wake(self.account);
        Ok(())
    }

    /// A tick arrives where prices arrive; answers when.
    async fn receive(&self, ticks: i64) -> Result<Instant, Error> {
        let (feed, desk, tick) = (Arc::clone(&self.feed), Arc::clone(&self.desk), tick(ticks)?);
        let (arrived, arrival) = oneshot::channel();
        self.guards.spawn(async move {
            // Whoever no longer listens has failed already.
            let _ = arrived.send(Instant::now());
            feed.receive(tick, &desk, &SystemClock);
        });
        Ok(arrival.await?)
    }
}

/// The paper exchange over TCP, with an ear for top-ups.
async fn serve(market: PaperMarket, account: AccountId, arrived: UnboundedSender<Instant>) -> Result<String, Error> {
    let (key, secret, passphrase) = KEY;
    let keys = vec![ApiKey { key: key.into(), secret: secret.into(), passphrase: passphrase.into(), account }];
    let clock: paper::Clock = Arc::new(|| SystemClock.now());
    let http = PaperHttp { market, keys, clock, faults: Faults::default(), rate: None };
    let router = paper::http::router(http).layer(from_fn_with_state(arrived, hear));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { paper::http::serve(listener, router).await });
    Ok(endpoint)
}

async fn hear(State(arrived): State<UnboundedSender<Instant>>, request: Request, next: Next) -> Response {
    if request.uri().path().ends_with("/add-margin") {
        // The listener is gone only when the bench is over.
        let _ = arrived.send(Instant::now());
    }
    next.run(request).await
}

fn open_position(venue: &SharedVenue, account: AccountId) -> Result<PositionId, Error> {
    let mut venue = venue.lock();
    venue.open_account(account, Sats::new(100_000_000), 0)?;
    let order = Order {
        side: Side::Long,
        size: Size::Quantity(Quantity::new(2_000)?),
        leverage: Leverage::for_order(LEVERAGE)?,
        stop_loss: None,
        take_profit: None,
        client_id: None,
    };
    Ok(venue.open(account, order)?.position.id)
}

fn policy() -> Result<GuardPolicy, Error> {
    Ok(GuardPolicy::new(GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits: GuardLimits {
            per_action: GuardPolicy::MAX_SATS,
            per_position: GuardPolicy::MAX_SATS,
            per_day: GuardPolicy::MAX_SATS,
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::ZERO,
            max_actions: GuardPolicy::MAX_ACTIONS,
        },
        at_limit: AtLimit::AlertOnly,
    })?)
}

fn tick(ticks: i64) -> Result<Tick, Error> {
    Ok(Tick::of(SystemClock.now(), Price::from_ticks(ticks)?))
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({cores} cores)", name.unwrap_or("unknown"))
}
