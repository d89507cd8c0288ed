//! All that is not the guard: time, the market, the exchange, the trader's hand, and calls that arrive late.

use crate::clock::VirtualClock;
use crate::plan::Plan;
use domain::action::Change;
use domain::{AccountId, PositionId, Price, Sats, Tick, Timestamp};
use paper::{Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use service::{Clock, ReceivedTick};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, watch};

/// The market moves twice a second.
pub const TICK_MS: i64 = 500;
const FIRST_PRICE: i64 = 200_000;

pub struct World {
    pub account: AccountId,
    pub clock: Arc<VirtualClock>,
    pub venue: SharedVenue,
    pub market: PaperMarket,
    pub prices: watch::Sender<Option<ReceivedTick>>,
    /// Told when the process dies.
    pub death: Notify,
    state: Mutex<State>,
}

pub struct State {
    pub chance: Chance,
    /// Nothing fails any more, and no hand moves.
    pub calm: bool,
    pub ticks: u32,
    unrest: i64,
    drift: i64,
    price: i64,
    since_tick: i64,
    silent_until: Timestamp,
    late: Vec<Late>,
    /// What was done by hand: no call of the guard.
    pub by_hand: Vec<(PositionId, Sats)>,
}

/// A call that lies somewhere in the network.
struct Late {
    due: Timestamp,
    position: PositionId,
    change: Change,
}

impl World {
    pub fn new(account: AccountId, plan: &Plan, chance: Chance, seed: u64) -> World {
        let clock = Arc::new(VirtualClock::new(plan.start));
        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(seed ^ 0x5EED)));
        let first = Tick::of(plan.start, Price::clamped(FIRST_PRICE.into()));
        let wall = Arc::clone(&clock);
        let market = PaperMarket::still(venue.clone(), first, Arc::new(move || wall.now()));
        let (prices, _) = watch::channel(Some(ReceivedTick { tick: first, received_at: plan.start }));
        let state = State {
            chance,
            calm: false,
            ticks: 0,
            unrest: plan.unrest,
            drift: plan.drift,
            price: FIRST_PRICE,
            since_tick: 0,
            silent_until: plan.start,
            late: Vec::new(),
            by_hand: Vec::new(),
        };
        World { account, clock, venue, market, prices, death: Notify::new(), state: Mutex::new(state) }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets time pass, and everything happen that falls due; answers the ticks that the feed told.
    pub fn pass(&self, ms: i64) -> Vec<Tick> {
        let mut told = Vec::new();
        let mut left = ms;
        while 0 < left {
            let step = left.min(TICK_MS - self.state().since_tick);
            left -= step;
            self.clock.pass(step);
            self.deliver_late();
            let mut state = self.state();
            state.since_tick += step;
            if state.since_tick == TICK_MS {
                state.since_tick = 0;
                told.extend(self.tick(&mut state));
            }
        }
        told
    }

    /// Sends a call on a way that takes so long.
    pub fn send_late(&self, position: PositionId, change: Change, after_ms: i64) {
        let due = self.clock.now().plus(domain::Millis::new(after_ms));
        self.state().late.push(Late { due, position, change });
    }

    pub fn feed_is_silent(&self) -> bool {
        self.clock.now() < self.state().silent_until
    }

    fn tick(&self, state: &mut State) -> Option<Tick> {
        state.ticks += 1;
        let now = self.clock.now();
        let (unrest, drift) = if state.calm { (1, 0) } else { (state.unrest, state.drift) };
        let mut moved = state.chance.bell(state.price.saturating_mul(unrest) / 10_000);
        moved += state.price.saturating_mul(drift) / 1_000_000;
        if !state.calm && state.chance.below(200) == 0 {
            moved += state.price.saturating_mul(state.chance.between(-900, 900)) / 10_000;
        }
        state.price = state.price.saturating_add(moved).clamp(20_000, 2_000_000);
        let tick = Tick::of(now, Price::clamped(state.price.into()));
        self.market.push(tick);
        if !state.calm {
            self.move_by_hand(state);
            if state.chance.below(150) == 0 {
                state.silent_until = now.plus(domain::Millis::new(state.chance.between(1_000, 20_000)));
            }
        }
        if now < state.silent_until && !state.calm {
            return None;
        }
        self.prices.send_replace(Some(ReceivedTick { tick, received_at: now }));
        Some(tick)
    }

    /// The trader adds, cashes in, or closes. What the exchange refuses, did not happen.
    fn move_by_hand(&self, state: &mut State) {
        if state.chance.below(60) != 0 {
            return;
        }
        let mut venue = self.venue.lock();
        let running = venue.running(self.account);
        let Some(trade) = running.get(usize::try_from(state.chance.below(3)).unwrap_or(0)) else { return };
        let id = trade.position.id;
        let amount = Sats::new(state.chance.between(1_001, 49_999));
        match state.chance.below(12) {
            0 => drop(venue.close(self.account, id)),
            1..=6 => drop(venue.cash_in(self.account, id, amount)),
            _ => {
                if venue.add_margin(self.account, id, amount).is_ok() {
                    state.by_hand.push((id, amount));
                }
            }
        }
    }

    fn deliver_late(&self) {
        let now = self.clock.now();
        let due: Vec<Late> = self.state().late.extract_if(.., |late| late.due <= now).collect();
        for Late { position, change, .. } in due {
            self.arrive(position, change);
        }
    }

    /// What a call does where it arrives.
    pub fn arrive(&self, position: PositionId, change: Change) {
        let mut venue = self.venue.lock();
        match change {
            Change::AddMargin { amount } => drop(venue.add_margin(self.account, position, amount)),
            Change::Close => drop(venue.close(self.account, position)),
            // What a person asks for is not part of these stories.
            _ => {}
        }
    }
}
