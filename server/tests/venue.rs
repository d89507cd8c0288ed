//! A paper exchange over TCP with one account, one key and one position.

#![cfg(test)]

use domain::{AccountId, Bps, Leverage, PositionId, Price, Quantity, Sats, Side, Tick};
use engine::contract;
use paper::http::{ApiKey, Faults, PaperHttp};
use paper::venue::{Order, Size};
use paper::{AcceptedCall, CallKind, Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use server::system_clock::SystemClock;
use service::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// Prices come this often, and each is dated by the wall clock.
const PACE: Duration = Duration::from_millis(100);

pub struct Exchange {
    pub endpoint: String,
    pub faults: Faults,
    venue: SharedVenue,
    account: AccountId,
    ticks: Arc<AtomicI64>,
    tasks: [AbortHandle; 2],
}

impl Exchange {
    pub const KEY: (&str, &str, &str) = ("key", "Y2FuYXJ5LXNlY3JldC03ZjNhOWMxZA==", "canary-passphrase-51d0e8");

    pub async fn open() -> Exchange {
        Exchange::open_with(Exchange::KEY).await
    }

    /// An exchange that knows this key.
    pub async fn open_with((key, secret, passphrase): (&str, &str, &str)) -> Exchange {
        let account = AccountId::from_uuid(uuid::Uuid::from_u128(1));
        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(5)));
        venue.lock().open_account(account, Sats::new(2_000_000), 0).unwrap();
        let ticks = Arc::new(AtomicI64::new(200_000));
        let first = tick(200_000);
        let market = PaperMarket::still(venue.clone(), first, Arc::new(|| SystemClock.now()));
        let order = Order {
            side: Side::Long,
            size: Size::Quantity(Quantity::new(2_000).unwrap()),
            leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
            stop_loss: None,
            take_profit: None,
            client_id: None,
        };
        venue.lock().open(account, order).unwrap();
        let faults = Faults::default();
        let keys = vec![ApiKey { key: key.into(), secret: secret.into(), passphrase: passphrase.into(), account }];
        let clock: paper::Clock = Arc::new(|| SystemClock.now());
        let http = PaperHttp { market: market.clone(), keys, clock, faults: faults.clone(), rate: None };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { paper::http::serve(listener, paper::http::router(http)).await });
        let (price, moved) = (ticks.clone(), market);
        let moving = tokio::spawn(async move {
            loop {
                moved.push(tick(price.load(Ordering::SeqCst)));
                tokio::time::sleep(PACE).await;
            }
        });
        Exchange { endpoint, faults, venue, account, ticks, tasks: [serving.abort_handle(), moving.abort_handle()] }
    }

    /// Moves the price so that the position is this far from its liquidation as it stands now.
    pub fn set_price_to_distance(&self, distance: Bps) {
        let position = self.venue.lock().running(self.account)[0].position;
        let price = contract::trigger_price(position.side, position.liquidation, distance);
        self.ticks.store(price.ticks(), Ordering::SeqCst);
    }

    /// The one position.
    pub fn position(&self) -> PositionId {
        self.venue.lock().running(self.account)[0].position.id
    }

    pub fn margin_calls(&self) -> Vec<AcceptedCall> {
        let venue = self.venue.lock();
        venue.audit().iter().filter(|call| call.kind == CallKind::AddMargin).cloned().collect()
    }

    pub fn check_books(&self) {
        self.venue.lock().check_conservation().unwrap();
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

fn tick(ticks: i64) -> Tick {
    Tick::of(SystemClock.now(), Price::from_ticks(ticks).unwrap())
}
