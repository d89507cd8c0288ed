//! What the tests share: a paper exchange over TCP with one account, and a client that speaks to it.

use domain::{AccountId, Candle, Leverage, Millis, Price, Quantity, Sats, Side, Tick, Timestamp};
use lnmarkets::{ApiKey, Client, ClientOptions, Endpoint, LnMarketsAccount, Network, Patience, RateLimits};
use paper::http::{ApiKey as PaperKey, Faults, PaperHttp, RatePolicy};
use paper::venue::{Order, Size};
use paper::{AcceptedCall, CallKind, Chance, PaperMarket, SharedVenue, Trade, Venue, VenueRules};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;
use uuid::Uuid;

/// 15 January 2027, 08:00 UTC.
pub const NOON: Timestamp = Timestamp::from_unix_ms(1_800_000_000_000);
pub const PATIENCE: Patience = Patience {
    turn: Duration::from_millis(900),
    connect: Duration::from_millis(400),
    answer: Duration::from_millis(1_500),
    reading: Duration::from_millis(1_500),
    body: Duration::from_millis(500),
    read: Duration::from_secs(8),
};

pub struct Stage {
    pub endpoint: String,
    pub venue: SharedVenue,
    pub market: PaperMarket,
    pub faults: Faults,
    pub owner: AccountId,
    pub client: Client,
    pub account: LnMarketsAccount,
}

/// A venue that stands at 100,000 dollars, and an account with a million sats.
pub async fn stage() -> Stage {
    Setting::default().open().await
}

pub struct Setting {
    pub patience: Patience,
    pub rate: Option<RatePolicy>,
    pub limits: RateLimits,
    pub history: Vec<Candle>,
    /// How far the venue's clock is ahead of the client's.
    pub skew: Millis,
}

impl Default for Setting {
    fn default() -> Setting {
        let limits = RateLimits::UNLIMITED;
        Setting { patience: PATIENCE, rate: None, limits, history: Vec::new(), skew: Millis::ZERO }
    }
}

impl Setting {
    pub async fn open(self) -> Stage {
        let owner = AccountId::from_uuid(Uuid::from_u128(1));
        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(5)));
        venue.lock().open_account(owner, Sats::new(1_000_000), 0).unwrap();
        let clock = clock();
        let (read, skew) = (clock.clone(), self.skew);
        let venues_clock: paper::Clock = Arc::new(move || read().plus(skew));
        let market = PaperMarket::driven(venue.clone(), self.history, venues_clock.clone());
        market.push(tick(0, 100_000));
        let faults = Faults::default();
        let ApiKey { key, secret, passphrase } = key();
        let keys = vec![PaperKey { key, secret, passphrase, account: owner }];
        let http =
            PaperHttp { market: market.clone(), keys, clock: venues_clock, faults: faults.clone(), rate: self.rate };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { paper::http::serve(listener, paper::http::router(http)).await });
        let client = client_of(&endpoint, self.limits, self.patience, clock);
        let account = client.account(self::key());
        Stage { endpoint, venue, market, faults, owner, client, account }
    }
}

impl Stage {
    pub fn open_position(&self) -> Trade {
        let order = Order {
            side: Side::Long,
            size: Size::Quantity(Quantity::new(100).unwrap()),
            leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
            stop_loss: None,
            take_profit: None,
            client_id: None,
        };
        self.venue.lock().open(self.owner, order).unwrap()
    }

    /// The calls of this kind that the venue has carried out.
    pub fn calls(&self, kind: CallKind) -> Vec<AcceptedCall> {
        self.venue.lock().audit().iter().filter(|call| call.kind == kind).cloned().collect()
    }

    pub fn margin(&self) -> Sats {
        self.venue.lock().running(self.owner)[0].position.margin
    }

    /// The same with the venue's own stream, and requests within these limits.
    pub fn with_stream(self, limits: RateLimits) -> Stage {
        let endpoint = Endpoint::at(&self.endpoint, Network::Mainnet).unwrap();
        let client = client_at(endpoint, limits, PATIENCE, clock());
        Stage { client, ..self }
    }

    /// The same venue, less patiently.
    pub fn account_with(&self, answer: Duration) -> LnMarketsAccount {
        let patience = Patience { answer, reading: answer, ..PATIENCE };
        client_of(&self.endpoint, RateLimits::UNLIMITED, patience, clock()).account(key())
    }
}

/// A client of any server.
pub fn client(endpoint: &str) -> Client {
    client_of(endpoint, RateLimits::UNLIMITED, PATIENCE, clock())
}

/// A client without a stream: nobody listens where it would be.
pub fn client_of(endpoint: &str, limits: RateLimits, patience: Patience, clock: lnmarkets::Clock) -> Client {
    client_at(
        Endpoint::at(endpoint, Network::Mainnet).unwrap().with_stream("ws://127.0.0.1:1/v1").unwrap(),
        limits,
        patience,
        clock,
    )
}

/// A client with a stream of its own.
pub fn client_with_stream(endpoint: &str, stream: &str) -> Client {
    let endpoint = Endpoint::at(endpoint, Network::Mainnet).unwrap().with_stream(stream).unwrap();
    client_at(endpoint, RateLimits::UNLIMITED, PATIENCE, clock())
}

fn client_at(endpoint: Endpoint, limits: RateLimits, patience: Patience, clock: lnmarkets::Clock) -> Client {
    // Taken by whichever test comes first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new(ClientOptions { endpoint, clock, chance: Arc::new(|| 0), limits, patience }).unwrap()
}

pub fn key() -> ApiKey {
    ApiKey { key: "key".to_owned(), secret: "c2VjcmV0".into(), passphrase: "passphrase".into() }
}

pub fn clock() -> lnmarkets::Clock {
    let start = Instant::now();
    Arc::new(move || NOON.plus(Millis::new(i64::try_from(start.elapsed().as_millis()).unwrap())))
}

/// A tick some seconds after noon.
pub fn tick(seconds: i64, dollars: i64) -> Tick {
    let price = price(dollars);
    let at = NOON.plus(Millis::from_secs(seconds));
    Tick { at, last: price, index: Some(price), bid: Some(price), ask: Some(price) }
}

pub fn price(dollars: i64) -> Price {
    Price::from_ticks(dollars * 2).unwrap()
}
