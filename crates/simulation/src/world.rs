//! All that is not the guard: time, the market, the exchange, the trader's hand, and calls that arrive late.

use crate::clock::VirtualClock;
use crate::plan::Plan;
use crate::vigil::Vigil;
use domain::action::Change;
use domain::{AccountId, PositionId, Price, Sats, Tick, Timestamp};
use paper::{CallKind, Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use service::{Clock, ReceivedTick};
use std::collections::BTreeMap;
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
    /// What watches each tick of time beside the guards.
    vigil: Mutex<Vigil>,
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
    late: Vec<(Timestamp, Call)>,
    /// What was done by hand: no call of a guard.
    pub by_hand: Vec<ByHand>,
    /// When each account's newest look began.
    pub looking_since: BTreeMap<AccountId, Timestamp>,
    /// Top-ups of guards that the exchange has made.
    pub landings: Vec<Landing>,
}

/// A call of a guard on its way.
#[derive(Clone, Copy)]
pub struct Call {
    pub account: AccountId,
    pub position: PositionId,
    pub change: Change,
    /// When the look that decided on it began to read.
    pub since: Timestamp,
}

/// What the trader did.
#[derive(Clone, Copy)]
pub struct ByHand {
    pub position: PositionId,
    /// Sats from the wallet into the margin; none for anything else.
    pub added: Sats,
    pub at: Timestamp,
}

/// A top-up that the exchange has made.
#[derive(Clone, Copy)]
pub struct Landing {
    pub call: Call,
    pub amount: Sats,
    /// What it left in the wallet.
    pub left: Sats,
    pub at: Timestamp,
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
            looking_since: BTreeMap::new(),
            landings: Vec::new(),
        };
        let (death, state) = (Notify::new(), Mutex::new(state));
        World { account, clock, venue, market, prices, death, vigil: Mutex::default(), state }
    }

    pub fn vigil(&self) -> MutexGuard<'_, Vigil> {
        self.vigil.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begin_look(&self, account: AccountId) {
        let now = self.clock.now();
        self.state().looking_since.insert(account, now);
    }

    pub fn look_of(&self, account: AccountId) -> Timestamp {
        self.state().looking_since.get(&account).copied().unwrap_or_default()
    }

    pub fn is_owner(&self, account: AccountId, position: PositionId) -> bool {
        let venue = self.venue.lock();
        venue.audit().iter().any(|call| (call.kind, call.account, call.position) == (CallKind::Open, account, position))
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
                let tick = self.tick(&mut state);
                drop(state);
                self.vigil().watch(self, tick);
                told.extend(tick);
            }
        }
        told
    }

    /// Sends a call on a way that takes so long.
    pub fn send_late(&self, call: Call, after_ms: i64) {
        let due = self.clock.now().plus(domain::Millis::new(after_ms));
        self.state().late.push((due, call));
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
        let (amount, at) = (Sats::new(state.chance.between(1_001, 49_999)), self.clock.now());
        let added = match state.chance.below(12) {
            0 => venue.close(self.account, id).map(|_| Sats::ZERO),
            1..=6 => venue.cash_in(self.account, id, amount).map(|_| Sats::ZERO),
            _ => venue.add_margin(self.account, id, amount).map(|_| amount),
        };
        state.by_hand.extend(added.ok().map(|added| ByHand { position: id, added, at }));
    }

    fn deliver_late(&self) {
        let now = self.clock.now();
        let due: Vec<(Timestamp, Call)> = self.state().late.extract_if(.., |(due, _)| *due <= now).collect();
        due.into_iter().for_each(|(_, call)| self.arrive(call));
    }

    /// What a call does where it arrives.
    pub fn arrive(&self, call: Call) {
        let Call { account, position, change, .. } = call;
        match change {
            Change::AddMargin { amount } => {
                let added = self.venue.lock().add_margin(account, position, amount);
                if added.is_ok() {
                    self.note_landing(call, amount);
                }
            }
            Change::Close => drop(self.venue.lock().close(account, position)),
            // What a person asks for is not part of these stories.
            _ => {}
        }
    }

    pub fn note_landing(&self, call: Call, amount: Sats) {
        let left = self.venue.lock().wallet(call.account).map_or(Sats::ZERO, |wallet| wallet.balance);
        self.state().landings.push(Landing { call, amount, left, at: self.clock.now() });
    }
}
