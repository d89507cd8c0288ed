//! One seed, from its first look to the judgement.

use crate::Library;
use crate::clock::SeededEntropy;
use crate::oracle::{Crossings, Violation, judge};
use crate::plan::Plan;
use crate::wire::{Client, PublicWire, Wire};
use crate::world::{TICK_MS, World};
use domain::action::Action;
use domain::brake::BreakerLimits;
use domain::{AccountId, GuardState, LedgerEntry, Mode, Sats, UserId};
use exchange::Exchange;
use paper::{Chance, PaperAccount};
use service::{Clock, Desk, Entropy, MarginGuard};
use std::fmt::Write;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use store::failpoint::{Death, Point};
use store::{LedgerFilter, Store, StoreError, User};

/// After the story's end all is calm for this long, so that everything settles.
const CALM_MS: i64 = 120_000;

/// What a seed came to.
#[derive(Debug)]
pub struct Report {
    pub seed: u64,
    pub violations: Vec<Violation>,
    pub looks: u32,
    pub deaths: u32,
    /// Of these, at the point that the telling names.
    pub planned_deaths: u32,
    pub calls: u32,
    /// The ledger and the exchange's own record, line by line: the same for the same seed.
    pub transcript: String,
}

/// How a story is told.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    pub seed: u64,
    pub client: Client,
    /// Where the program dies, beside what its network does to it.
    pub death: Option<Point>,
}

impl Telling {
    pub const fn of(seed: u64) -> Telling {
        Telling { seed, client: Client::Sound, death: None }
    }
}

/// Tells the story of a seed.
pub async fn tell(library: &Library, telling: Telling) -> Result<Report, StoreError> {
    let Telling { seed, .. } = telling;
    let mut chance = Chance::seeded(seed);
    let plan = Plan::of(seed, &mut chance).map_err(|_| StoreError::Conflict)?;
    let mut stage = Stage::set(library, plan, chance, telling).await?;
    let mut report = Report {
        seed,
        violations: Vec::new(),
        looks: 0,
        deaths: 0,
        planned_deaths: 0,
        calls: 0,
        transcript: String::new(),
    };
    while stage.world.state().ticks < stage.plan.ticks && report.violations.is_empty() {
        stage.step(&mut report).await?;
    }
    stage.library.cut(false);
    stage.world.state().calm = true;
    let end = stage.world.clock.now().plus(domain::Millis::new(CALM_MS));
    while stage.world.clock.now() < end && report.violations.is_empty() {
        stage.step(&mut report).await?;
    }
    stage.close(&mut report).await?;
    Ok(report)
}

struct Stage<'a> {
    plan: Plan,
    world: Arc<World>,
    library: &'a Library,
    entropy: Arc<dyn Entropy>,
    wire: Arc<Wire>,
    crossings: Crossings,
    program: Option<(Desk, MarginGuard)>,
    /// Another program on the same database, in some stories: it watches, and takes over where the first stands still.
    second: Option<(Desk, MarginGuard)>,
    death: Option<Arc<Death>>,
    /// Ticks between which the database is away.
    outage: Range<u32>,
}

impl<'a> Stage<'a> {
    async fn set(
        library: &'a Library,
        plan: Plan,
        chance: Chance,
        Telling { seed, client, death }: Telling,
    ) -> Result<Stage<'a>, StoreError> {
        let store = library.store();
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(seed));
        let account = AccountId::from_uuid(Chance::seeded(!seed).uuid());
        let world = Arc::new(World::new(account, &plan, chance, seed));
        let user = insert_owner(&*store, &world, seed).await?;
        open_positions(&world, &plan).await;
        let inner = PaperAccount::new(world.venue.clone(), account);
        let wire = Arc::new(Wire {
            world: Arc::clone(&world),
            store: Mutex::new(store),
            inner,
            client,
            sent: Default::default(),
        });
        // Deaths come at the first, second … time that a point is passed, and outages where the market is under way.
        let turn = u32::try_from(seed % 4).unwrap_or(0);
        let death = death.map(|point| Death::at(point, turn));
        let begin = 20 + 20 * turn;
        let (crossings, outage) = (Crossings::default(), begin..begin + 60);
        let mut stage =
            Stage { plan, world, library, entropy, wire, crossings, program: None, second: None, death, outage };
        let desk = stage.desk();
        let armed = desk.arm_guard(user, account, stage.plan.policy, GuardState::Live, 0).await;
        armed.map_err(|_| StoreError::Conflict)?;
        stage.start_program().await?;
        if stage.death.is_none() && seed % 5 == 0 {
            stage.second = Some(stage.new_program().await?);
        }
        Ok(stage)
    }

    fn desk(&self) -> Desk {
        let limits = BreakerLimits { adds_per_minute: u32::MAX, sats_per_hour: Sats::new(i64::MAX) };
        let (store, clock) = (self.library.store(), self.world.clock.clone());
        Desk::new(store, clock, Arc::clone(&self.entropy), bus::Bus::default()).with_breaker(limits)
    }

    async fn start_program(&mut self) -> Result<(), StoreError> {
        self.program = Some(self.new_program().await?);
        Ok(())
    }

    async fn new_program(&self) -> Result<(Desk, MarginGuard), StoreError> {
        let desk = self.desk();
        let account = self.library.store().find_account(self.world.account).await?.ok_or(StoreError::Conflict)?;
        let market = Arc::new(PublicWire(Arc::clone(&self.world)));
        let guard = desk.open_account(account, self.wire.clone(), market, self.world.prices.subscribe());
        Ok((desk, guard))
    }

    /// The second program looks, and now and then the first stands still for longer than its lease meanwhile.
    async fn look_beside(&mut self, report: &mut Report) {
        let Some((_, guard)) = &mut self.second else { return };
        let stalls = {
            let state = &mut *self.world.state();
            !state.calm && state.chance.below(60) == 0
        };
        let looks = if stalls { 20 } else { 1 };
        for _ in 0..looks {
            let died = tokio::select! {
                biased;
                _ = guard.look_again() => false,
                () = self.world.death.notified() => true,
            };
            if died {
                self.second = None;
                report.deaths += 1;
                return;
            }
            report.looks += 1;
            if stalls {
                self.world.pass(1_000);
            }
        }
    }

    /// One look, or a death in the midst of one; then time passes until something calls for the next.
    async fn step(&mut self, report: &mut Report) -> Result<(), StoreError> {
        let Some((desk, guard)) = &mut self.program else { return self.rise().await };
        let is_away = !self.world.state().calm && self.outage.contains(&self.world.state().ticks);
        self.library.cut(is_away);
        let looked_from = self.world.clock.now();
        let pace = tokio::select! {
            biased;
            pace = within(self.death.clone(), guard.look_again()) => Some(pace),
            () = self.world.death.notified() => None,
            () = called(self.death.clone()) => {
                report.planned_deaths += 1;
                None
            }
        };
        let Some(pace) = pace else {
            self.program = None;
            report.deaths += 1;
            return Ok(());
        };
        report.looks += 1;
        let (triggers, guards) = (desk.triggers(), desk.count_guarded_elsewhere() == 0);
        if guards && !is_away {
            let store = self.library.store();
            let found = self.crossings.check(&self.world, &self.plan, &*store, looked_from).await?;
            report.violations.extend(found);
        }
        self.look_beside(report).await;
        let mut left = pace.get().max(1);
        while 0 < left {
            let step = left.min(TICK_MS);
            left -= step;
            let told = self.world.pass(step);
            if told.iter().any(|tick| triggers.hits(tick).contains(&self.world.account)) {
                break;
            }
        }
        Ok(())
    }

    /// Whoever watches over the program starts it again after a while.
    async fn rise(&mut self) -> Result<(), StoreError> {
        let down = self.world.state().chance.between(200, 15_000);
        self.world.pass(down);
        self.library.forget_program().await?;
        *self.wire.store.lock().unwrap_or_else(PoisonError::into_inner) = self.library.store();
        self.start_program().await
    }

    async fn close(&self, report: &mut Report) -> Result<(), StoreError> {
        let account = self.world.account;
        let actions = self.library.store().list_actions(account, 10_000).await?;
        self.judge(&actions, report);
        let mut ledger = self.library.store().list_ledger(account, LedgerFilter::newest(10_000)).await?;
        ledger.reverse();
        report.transcript = self.transcript(&ledger);
        Ok(())
    }

    fn judge(&self, actions: &[Action], report: &mut Report) {
        let sent = self.wire.sent.lock().unwrap_or_else(PoisonError::into_inner);
        report.calls = sent.calls;
        if report.violations.is_empty() {
            report.violations = judge(&self.world, &self.plan, actions, &sent);
        }
    }

    fn transcript(&self, ledger: &[LedgerEntry]) -> String {
        let mut told = String::new();
        for entry in ledger {
            // Writing to a string never fails.
            let _ =
                writeln!(told, "{} {:?} {:?} {:?}", entry.at.unix_ms(), entry.position, entry.outcome, entry.reason);
        }
        for call in self.world.venue.lock().audit() {
            let _ = writeln!(told, "{} {:?} {} {:?}", call.at.unix_ms(), call.kind, call.position, call.amount);
        }
        told
    }
}

async fn within<T>(death: Option<Arc<Death>>, look: impl Future<Output = T>) -> T {
    match death {
        Some(death) => death.within(look).await,
        None => look.await,
    }
}

async fn called(death: Option<Arc<Death>>) {
    match death {
        Some(death) => death.called.notified().await,
        None => std::future::pending().await,
    }
}

async fn insert_owner(store: &dyn Store, world: &World, seed: u64) -> Result<UserId, StoreError> {
    let created_at = world.clock.now();
    let user = UserId::from_uuid(Chance::seeded(seed ^ (u64::MAX / 3)).uuid());
    let (email, password_hash) = (format!("{user}@example.org"), "$none".to_owned());
    store.insert_user(&User { id: user, email, password_hash, created_at }).await?;
    let (name, sealed_key) = ("Paper".to_owned(), None);
    let account = store::Account { id: world.account, user, name, mode: Mode::Paper, sealed_key, created_at };
    store.insert_account(&account).await?;
    Ok(user)
}

async fn open_positions(world: &World, plan: &Plan) {
    let opened = world.venue.lock().open_account(world.account, plan.wallet, 0);
    let exchange = PaperAccount::new(world.venue.clone(), world.account);
    for order in plan.orders.iter().filter(|_| opened.is_ok()) {
        // What the wallet can't pay for is not opened.
        drop(exchange.open_position(*order).await);
    }
}
