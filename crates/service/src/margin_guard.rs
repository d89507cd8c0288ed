//! The margin guard of one account: look at everything, decide, act, and say why.
//!
//! It takes no input but "look again", and start-up, recovery and a crossed trigger are the same look: settle what is
//! unknown, read the exchange, ask the engine, act. Because the engine computes to a target, looking again is harmless.

mod books;
mod braking;
mod by_hand;
mod confirmation;
mod emergency;
mod ended;
mod flight;
mod foresight;
mod funding;
mod history;
mod key;
mod protection;
mod protocol;
mod roll_call;
mod search;
mod settlement;
mod sight;
mod standing;
mod urgency;
mod world;

#[cfg(test)]
pub(crate) mod tests;

use crate::account_desk::AccountDesk;
use crate::chronicle::{Chronicle, Scene};
use crate::clock::{Clock, Entropy};
use crate::hand_orders::Placed;
use crate::leadership::{Leadership, Standing};
use crate::market_price::ReceivedTick;
use crate::proof::Case;
use crate::snapshot::snapshot;
use crate::triggers::Triggers;
use books::{Books, Calm, Page};
use bus::Bus;
use confirmation::Confirmation;
use domain::action::{Action, Intent};
use domain::guard_policy::Guard;
use domain::live::{Alarm, LiveEvent};
use domain::{AccountId, LedgerOutcome, Millis, Overflow, Position, PositionId, Reason, Sats, Timestamp, Wallet};
use ended::Ended;
use engine::contract;
use exchange::{Priority, ReadError};
use flight::Flights;
use key::KeyWatch;
use protocol::Committed;
use search::Search;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use store::failpoint::{Point, reach};
use store::{Lease, Stop, Store, StoreError};
use tokio::sync::{Notify, watch};
use tokio::task::yield_now;

/// When to look again though nothing calls.
const CALM_PACE: Millis = Millis::from_secs(2);
/// The same while a position needs something that cannot be done yet.
const URGENT_PACE: Millis = Millis::from_secs(1);

/// Guards one account. There is one in the process for each, and it looks at one thing at a time.
pub struct MarginGuard {
    desk: Arc<AccountDesk>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    bus: Bus,
    triggers: Arc<Triggers>,
    chronicle: Chronicle,
    leadership: Leadership,
    confirmation: Confirmation,
    key: KeyWatch,
    calm: Option<Calm>,
    /// Written in this look, and not yet sent.
    ahead: Option<Committed>,
    /// Brakes as they were last seen.
    stops: Vec<Stop>,
    is_breaker_tripped: bool,
    /// Positions as they were last seen running.
    known: BTreeMap<PositionId, Position>,
    search: Search,
    /// When that was, by the market's clock; `None` while there was no look that another can be compared with.
    known_at: Option<Timestamp>,
    /// Margin that is missing, and since when, by our own clock.
    doubts: HashMap<PositionId, (Sats, Timestamp)>,
    /// Positions that are left alone for a moment after the exchange refused a call, by our own clock.
    resting_until: HashMap<PositionId, Timestamp>,
    funding_read_at: Option<Timestamp>,
    /// What people ask of this look.
    orders: VecDeque<Placed>,
    orders_read_at: Option<Timestamp>,
    /// When orders of unknown fate were last looked for.
    sought_at: Option<Timestamp>,
}

/// Why a look could not be finished.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("the account cannot be read")]
    Exchange(#[from] ReadError),
    #[error("the database did not answer")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Amount(#[from] Overflow),
}

/// Everything that one look saw.
struct World {
    /// When reading began, by our own clock: what was read is no older.
    read_at: Timestamp,
    /// The newest price, unless it is too old to decide on.
    price: Option<ReceivedTick>,
    /// Under which everything of this look is done.
    lease: Lease,
    /// Where the database was read, and nothing stood in the way.
    page: Option<Page>,
    /// Where the database was not read; gone once this look has tried to write.
    calm: Option<Calm>,
    free: Sats,
    /// Top-ups that `free` may not show yet: some may still arrive, and some arrived while the account was read.
    in_flight: Vec<Intent>,
    /// Calls of this look that are on their way.
    flights: Flights,
    positions: Vec<Position>,
    /// What has ended, where that was asked for.
    ended: Option<Ended>,
    /// As they were last seen: no list names them now, and nothing proves their end.
    missing: Vec<Position>,
    guard: Option<Guard>,
    stops: Vec<Stop>,
    is_breaker_tripped: bool,
    /// Whether the price is true; asked only where that matters.
    confirmed: Option<bool>,
    /// What this look found that the page must say in red.
    alarm: Option<Alarm>,
    /// Positions with an action whose fate is still open.
    unsettled: HashMap<PositionId, Case>,
    /// Positions for which nothing is sent until a person has looked.
    frozen: HashSet<PositionId>,
    /// Positions whose margin lacks something that only a second look shall tell.
    doubted: HashSet<PositionId>,
    /// Positions whose liquidation the price has crossed since they were read.
    crossed: HashSet<PositionId>,
    /// Something is needed that cannot be done yet.
    pressed: bool,
    capped: bool,
    /// Calls of this look that change something.
    calls: u32,
    /// Whether others need something while one is being seen to.
    others_wait: bool,
}

impl MarginGuard {
    pub(crate) fn new(
        desk: Arc<AccountDesk>,
        leadership: Leadership,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        bus: Bus,
        triggers: Arc<Triggers>,
    ) -> MarginGuard {
        let chronicle = Chronicle::new(desk.account.id, Arc::clone(&store), Arc::clone(&clock), bus.clone()).with(
            triggers.crossings(),
            Arc::clone(&desk.runs),
            Arc::clone(&desk.alarms),
        );
        MarginGuard {
            desk,
            store,
            clock,
            entropy,
            bus,
            triggers,
            chronicle,
            leadership,
            confirmation: Confirmation::default(),
            key: KeyWatch::default(),
            calm: None,
            ahead: None,
            stops: Vec::new(),
            is_breaker_tripped: false,
            known: BTreeMap::new(),
            search: Search::default(),
            known_at: None,
            doubts: HashMap::new(),
            resting_until: HashMap::new(),
            funding_read_at: None,
            orders: VecDeque::new(),
            orders_read_at: None,
            sought_at: None,
        }
    }

    pub fn account(&self) -> AccountId {
        self.desk.account.id
    }

    /// Notified when something asks for a look.
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.desk.wake)
    }

    /// Counts positions that looks have found begun or ended by another hand.
    pub fn seen(&self) -> watch::Receiver<u64> {
        self.desk.seen.subscribe()
    }

    /// Looks at everything once; answers when to look again at the latest.
    pub async fn look_again(&mut self) -> Millis {
        self.orders.extend(self.desk.orders.take());
        let pace = match self.look().await {
            Ok(pace) => pace,
            Err(trouble) => self.report(trouble).await,
        };
        self.take_back().await;
        self.turn_down_orders();
        self.close_look().await;
        self.publish_snapshot();
        pace
    }

    async fn look(&mut self) -> Result<Millis, Trouble> {
        let answering = self.store.find_answering(self.account(), self.clock.now()).await;
        let lease = match self.leadership.hold(answering).await? {
            Standing::Owner(lease) => lease,
            Standing::Passive { owner } => return Ok(self.stand_by(owner)),
        };
        if let Some(pace) = self.heed_key().await? {
            return Ok(pace);
        }
        // Side by side: an exchange that answers neither must not keep the alarm waiting twice.
        reach(Point::BeforeReading).await;
        let page = self.page(&lease);
        let recalled = self.recall(&page, answering);
        let foreseen = recalled.as_ref().and_then(|calm| self.foresee(calm));
        let ahead = self.write_ahead(&lease, foreseen);
        let (ahead, price, read) = tokio::join!(ahead, self.fresh_price(), self.read(lease, page, recalled));
        self.keep_ahead(ahead);
        reach(Point::AfterReading).await;
        let (mut world, unsettled) = read?;
        world.price = price;
        self.note_read().await?;
        self.say_answering(&mut world, answering).await?;
        self.say_readable(&world).await?;
        self.show_brakes(&world);
        let orders = self.settle_open(&mut world, unsettled).await?;
        self.follow(&mut world).await?;
        self.protect(&mut world).await?;
        self.take_back().await;
        self.carry_out_orders(&mut world).await?;
        self.settle_orders(&mut world, orders).await?;
        self.follow_brakes(&world).await?;
        self.read_orders();
        self.read_funding();
        self.remember(world).await
    }

    async fn read(&self, lease: Lease, page: Page, recalled: Option<Calm>) -> Result<(World, Vec<Action>), Trouble> {
        let books = async {
            match recalled {
                Some(calm) => Ok(calm.into()),
                None => self.read_books().await,
            }
        };
        let wallet = async {
            // The first request is on its way before the second is made: one thread does both.
            yield_now().await;
            self.desk.exchange.fetch_wallet(Priority::GuardRead).await
        };
        let (positions, wallet, books) = tokio::join!(self.call_roll(), wallet, books);
        let Wallet { balance: free, .. } = wallet?;
        let books: Books = books?;
        let world = World {
            read_at: page.read_at,
            price: None,
            lease,
            page: books.are_read_calm().then_some(page),
            calm: books.calm,
            free,
            in_flight: Vec::new(),
            flights: Flights::default(),
            positions: positions?,
            ended: None,
            missing: Vec::new(),
            guard: books.guard,
            stops: books.stops,
            is_breaker_tripped: books.is_breaker_tripped,
            confirmed: None,
            alarm: None,
            unsettled: HashMap::new(),
            frozen: books.frozen,
            doubted: HashSet::new(),
            crossed: HashSet::new(),
            pressed: false,
            capped: false,
            calls: 0,
            others_wait: false,
        };
        Ok((world, books.unsettled))
    }

    /// Keeps what was seen for the pages and for the next look, and sets the triggers.
    async fn remember(&mut self, world: World) -> Result<Millis, Trouble> {
        let (spending, added_today) = self.sum_up(&world).await?;
        self.set_triggers(&world);
        self.search.end_look(&world.lost(), world.read_at);
        self.forget_unguarded(&world);
        let running: HashSet<PositionId> =
            world.positions.iter().chain(&world.missing).map(|position| position.id).collect();
        self.resting_until.retain(|position, _| running.contains(position));
        let certain = world.positions.iter().filter(|position| !world.doubted.contains(&position.id));
        self.known.extend(certain.map(|position| (position.id, *position)));
        self.doubts.retain(|position, _| world.doubted.contains(position));
        self.known_at = Some(self.market_now(&world));
        let brake = world.brake_alarm();
        let frozen = world.is_anything_frozen();
        let key = self.key.fault().map(Alarm::KeyUnfit);
        let blind = world.price.is_none().then_some(Alarm::PriceStale);
        let now = self.clock.now();
        let World { read_at, free, mut positions, missing, guard, pressed, capped, .. } = world;
        positions.extend(missing);
        self.desk.change_view(|view| {
            view.wallet = Some(free);
            view.positions = positions;
            view.spending = spending;
            view.added_today = added_today;
            view.guard = guard;
            view.read_at = Some(read_at);
            view.checked_at = if blind.is_none() { Some(now) } else { view.checked_at };
            view.capped = capped;
            view.alarm = frozen.then_some(Alarm::PositionFrozen).or(key).or(blind).or(brake);
        });
        Ok(if pressed || frozen { URGENT_PACE } else { CALM_PACE })
    }

    /// Says what went wrong where a person sees it, and when to try again.
    async fn report(&mut self, trouble: Trouble) -> Millis {
        tracing::warn!(account = %self.account(), %trouble, cause = ?std::error::Error::source(&trouble), "a look was cut short");
        if let Trouble::Exchange(error) = &trouble {
            match self.refuse_reading(error).await {
                Ok(None) => {}
                Ok(Some(pace)) => return pace,
                // The page says it all the same.
                Err(error) => tracing::warn!(%error, "an alarm could not be recorded"),
            }
        }
        let scene = Scene { market_at: self.last_market_time(), price: None, distance: None };
        if let Trouble::Store(_) = trouble {
            self.desk.change_view(|view| view.alarm = Some(Alarm::DatabaseLost));
            self.chronicle.cry(scene, Reason::DatabaseLost);
            return URGENT_PACE;
        }
        self.desk.change_view(|view| view.alarm = Some(Alarm::ExchangeUnreadable));
        if let Trouble::Exchange(error) = trouble {
            let reason = Reason::ExchangeUnreadable { detail: error.to_string() };
            // Without a database this cannot be recorded; the page says it all the same.
            if let Err(error) = self.chronicle.say_once(scene, None, LedgerOutcome::Alarmed, reason).await {
                tracing::warn!(%error, "an alarm could not be recorded");
            }
        }
        URGENT_PACE
    }

    async fn say_readable(&mut self, world: &World) -> Result<(), StoreError> {
        let unreadable = self.desk.view().alarm == Some(Alarm::ExchangeUnreadable);
        if unreadable {
            let scene = Scene { market_at: self.market_now(world), price: None, distance: None };
            self.chronicle.say_once(scene, None, LedgerOutcome::Noted, Reason::ExchangeReadable).await?;
        }
        Ok(())
    }

    fn publish_snapshot(&self) {
        match snapshot(&self.desk, self.clock.now()) {
            Ok(snapshot) => self.bus.publish(self.account(), LiveEvent::Account(Box::new(snapshot))),
            Err(error) => tracing::error!(account = %self.account(), %error, "the account cannot be shown"),
        }
    }

    fn market_now(&self, world: &World) -> Timestamp {
        world.price.map_or_else(|| self.last_market_time(), |price| price.tick.at)
    }

    fn last_market_time(&self) -> Timestamp {
        self.desk.price().map_or_else(|| self.clock.now(), |price| price.tick.at)
    }

    fn scene(&self, world: &World, position: &Position) -> Scene {
        let mark = world.price.map(|price| price.tick.mark(position.side));
        let distance = mark.map(|mark| contract::distance(position.side, mark, position.liquidation));
        Scene { market_at: self.market_now(world), price: mark, distance }
    }
}
