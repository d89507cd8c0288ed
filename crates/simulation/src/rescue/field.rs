//! The market, the exchange and time, moved on by whoever waits for something.

use super::crash::TICK_MS;
use crate::clock::VirtualClock;
use domain::position::NewPosition;
use domain::{AccountId, Leverage, PositionId, Price, Quantity, Sats, Side, Tick};
use exchange::{Exchange, Outcome};
use paper::{Chance, PaperAccount, PaperMarket, SharedVenue, Venue, VenueRules};
use service::{Clock, Desk, ReceivedTick};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// More than all positions could ever take.
const WALLET: Sats = Sats::new(100_000_000_000);

pub struct Field {
    pub account: AccountId,
    pub clock: Arc<VirtualClock>,
    pub venue: SharedVenue,
    pub market: PaperMarket,
    pub prices: watch::Sender<Option<ReceivedTick>>,
    /// Who is called by each price.
    pub desk: Mutex<Option<Arc<Desk>>>,
    ahead: Mutex<VecDeque<Tick>>,
}

impl Field {
    /// With so many longs of 5x to 25x, opened at the first price.
    pub async fn with_positions(count: usize, ticks: &[Tick], seed: u64) -> Option<Field> {
        let mut ahead: VecDeque<Tick> = ticks.iter().copied().collect();
        let first = ahead.pop_front()?;
        let clock = Arc::new(VirtualClock::new(first.at));
        let rules = VenueRules { max_positions: count, ..VenueRules::default() };
        let venue = SharedVenue::new(Venue::new(rules, Chance::seeded(seed)));
        let wall = Arc::clone(&clock);
        let market = PaperMarket::still(venue.clone(), first, Arc::new(move || wall.now()));
        let account = crate::program::account_of(seed, 0);
        venue.lock().open_account(account, WALLET, 0).ok()?;
        let (exchange, mut chance) = (PaperAccount::new(venue.clone(), account), Chance::seeded(seed));
        for _ in 0..count {
            let Outcome::Done(_) = exchange.open_position(order(&mut chance)?).await else { return None };
        }
        let (prices, _) = watch::channel(Some(ReceivedTick { tick: first, received_at: first.at }));
        Some(Field { account, clock, venue, market, prices, desk: Mutex::default(), ahead: Mutex::new(ahead) })
    }

    pub fn pass(&self, ms: i64) {
        let end = self.clock.now().plus(domain::Millis::new(ms));
        while let Some(tick) = self.next_until(end) {
            self.clock.pass(tick.at.since(self.clock.now()).get().max(0));
            self.market.push(tick);
            self.prices.send_replace(Some(ReceivedTick { tick, received_at: self.clock.now() }));
            if let Some(desk) = &*lock(&self.desk) {
                desk.call(&tick, self.clock.now(), |_| true);
            }
        }
        self.clock.pass(end.since(self.clock.now()).get().max(0));
    }

    pub fn pass_a_tick(&self) {
        self.pass(TICK_MS);
    }

    pub fn is_over(&self) -> bool {
        lock(&self.ahead).is_empty()
    }

    pub fn tick(&self) -> Option<Tick> {
        self.prices.borrow().map(|price| price.tick)
    }

    /// Positions that run now.
    pub fn running(&self) -> BTreeSet<PositionId> {
        self.venue.lock().positions(self.account).into_iter().collect()
    }

    /// The lowest mark of a long up to each tick that is to come.
    pub fn lows_ahead(&self) -> Vec<Price> {
        let ahead = lock(&self.ahead);
        let mut low = Price::MAX;
        let lows = ahead.iter().map(|tick| {
            low = low.min(tick.mark(Side::Long));
            low
        });
        lows.collect()
    }

    fn next_until(&self, end: domain::Timestamp) -> Option<Tick> {
        lock(&self.ahead).pop_front_if(|tick| tick.at <= end)
    }
}

fn order(chance: &mut Chance) -> Option<NewPosition> {
    let leverage = Leverage::for_order(chance.between(5, 25).saturating_mul(Leverage::ONE_X)).ok()?;
    let quantity = Quantity::new(chance.between(50, 300)).ok()?;
    Some(NewPosition { side: Side::Long, quantity, leverage, stop_loss: None, take_profit: None })
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
