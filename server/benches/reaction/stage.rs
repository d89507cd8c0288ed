//! One guarded position with its exchange over TCP, and how long its guard takes.

use super::Error;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use bus::Bus;
use domain::brake::BreakerLimits;
use domain::guard_policy::GuardPolicyDraft;
use domain::{
    AccountId, AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, Leverage, Millis, Mode, PositionId,
    Price, Quantity, Sats, Side, Tick,
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
use service::{Clock, Entropy, ExchangeKey, Origin, Sealer, Services};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

pub const DATABASE: &str = "axisor.db";
pub const EMAIL: &str = "bench@example.org";
pub const PASSWORD: &str = "correct horse battery staple";
const CALM: i64 = 200_000;
const KEY: (&str, &str, &str) = ("key", "c2VjcmV0", "passphrase");
const PATIENCE: Duration = Duration::from_secs(30);
/// A live account has a sealed key; this one is never opened, for the account is opened with the key itself.
const SEALED: &[u8] = b"sealed";
/// The rounds come faster than the breaker would let them.
const NEVER: BreakerLimits = BreakerLimits { adds_per_minute: u32::MAX, sats_per_hour: Sats::MAX };
/// So that the way from the calm price to the trigger is no jump that wants a second witness.
const LEVERAGE: i64 = 13 * Leverage::ONE_X;

/// One guarded position, a guard that runs, and an ear on the wire.
pub struct Stage {
    pub services: Services,
    pub store: Arc<dyn Store>,
    pub account: AccountId,
    pub feed: Arc<MarketFeed>,
    venue: SharedVenue,
    market: PaperMarket,
    arrivals: UnboundedReceiver<Instant>,
    position: PositionId,
    pub stop: CancellationToken,
    guards: GuardThread,
}

impl Stage {
    pub async fn set(folder: &Path) -> Result<Stage, Error> {
        let store = store::open(&format!("sqlite:{}", folder.join(DATABASE).display())).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let sealer = Sealer::from_master_key(&[7; 32], entropy.clone());
        let services = Services::open(store.clone(), clock.clone(), entropy, sealer, Bus::default(), NEVER).await?;
        let (desk, origin) = (Arc::clone(&services.desk), Origin::CommandLine);
        let token = services.identity.open_setup().await?.ok_or("there are users already")?;
        let user = services.identity.create_first_user(&token, EMAIL, PASSWORD, &origin).await?;
        let account = desk.add_account(user, "Bench", Mode::Live, |_| Some(SEALED.to_vec())).await?;
        desk.arm_guard(user, account, policy()?, GuardState::Live, 0).await?;

        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(1)));
        let market = PaperMarket::still(venue.clone(), tick(CALM)?, Arc::new(|| SystemClock.now()));
        venue.lock().open_account(account, Sats::new(100_000_000), 0)?;
        let position = open_position(&venue, account)?;
        let (arrived, arrivals) = unbounded_channel();
        let endpoint = serve(market.clone(), account, arrived).await?;

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
        let stage = Stage { services, store, account, feed, venue, market, arrivals, position, stop, guards };
        stage.receive(CALM).await?;
        Ok(stage)
    }

    /// Another one in the place of the guarded position.
    pub fn change_position(&mut self) -> Result<(), Error> {
        self.venue.lock().close(self.account, self.position)?;
        self.position = open_position(&self.venue, self.account)?;
        self.services.desk.wake(self.account);
        Ok(())
    }

    /// A calm position, then a tick at its trigger; the time until the top-up arrives at the exchange.
    pub async fn react(&mut self) -> Result<Duration, Error> {
        let position = self.venue.lock().running(self.account).first().ok_or("no position")?.position;
        let trigger = contract::trigger_price(position.side, position.liquidation, Bps::new(500));
        let fallen = tick(trigger.ticks())?;
        // The guard must have seen the calm position before the fall means anything.
        timeout(PATIENCE, async {
            while self.services.desk.triggers().hits(&fallen).is_empty() {
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
        self.services.desk.wake(self.account);
        Ok(())
    }

    /// A tick arrives where prices arrive; answers when.
    async fn receive(&self, ticks: i64) -> Result<Instant, Error> {
        let (feed, desk, tick) = (Arc::clone(&self.feed), Arc::clone(&self.services.desk), tick(ticks)?);
        let (arrived, arrival) = oneshot::channel();
        self.guards.spawn(async move {
            // Whoever no longer listens has failed already.
            let _ = arrived.send(Instant::now());
            feed.receive(tick, &desk, &SystemClock);
        });
        Ok(arrival.await?)
    }
}

/// The paper exchange over TCP, with an ear for top-ups, on a thread of its own: no exchange shares one with its clients.
async fn serve(market: PaperMarket, account: AccountId, arrived: UnboundedSender<Instant>) -> Result<String, Error> {
    let (key, secret, passphrase) = KEY;
    let keys = vec![ApiKey { key: key.into(), secret: secret.into(), passphrase: passphrase.into(), account }];
    let clock: paper::Clock = Arc::new(|| SystemClock.now());
    let http = PaperHttp { market, keys, clock, faults: Faults::default(), rate: None };
    let router = paper::http::router(http).layer(from_fn_with_state(arrived, hear));
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("exchange".into()).spawn(move || {
        runtime.block_on(async { paper::http::serve(TcpListener::from_std(listener)?, router).await })
    })?;
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
    let order = Order {
        side: Side::Long,
        size: Size::Quantity(Quantity::new(2_000)?),
        leverage: Leverage::for_order(LEVERAGE)?,
        stop_loss: None,
        take_profit: None,
        client_id: None,
    };
    Ok(venue.lock().open(account, order)?.position.id)
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
