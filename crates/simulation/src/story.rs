//! One seed, from its first look to the judgement.

use crate::Library;
use crate::clock::SeededEntropy;
use crate::oracle::{House, Violation, judge};
use crate::plan::Plan;
use crate::program::{Looked, Program, Resident, account_of};
use crate::vigil::Heard;
use crate::wire::Client;
use crate::world::{TICK_MS, World};
use domain::{LedgerEntry, Reason};
use paper::Chance;
use service::{Clock, Entropy};
use std::fmt::Write;
use std::ops::Range;
use std::sync::{Arc, PoisonError};
use store::failpoint::{Death, Point};
use store::{LedgerFilter, StoreError};

/// Sets a neighbor apart from the trader, whose story it shares.
const NEIGHBOR: u64 = 0xA11CE;
/// After the story's end all is calm and nobody dies for this long, so that everything settles.
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
    while stage.world.state().ticks < stage.ticks {
        stage.step(&mut report).await?;
    }
    stage.library.cut(false);
    stage.world.state().calm = true;
    // Who died now would leave too little of the calm to settle what they had begun.
    stage.death = None;
    let end = stage.world.clock.now().plus(domain::Millis::new(CALM_MS));
    while stage.world.clock.now() < end {
        stage.step(&mut report).await?;
    }
    stage.close(&mut report).await?;
    Ok(report)
}

struct Stage<'a> {
    ticks: u32,
    world: Arc<World>,
    library: &'a Library,
    entropy: Arc<dyn Entropy>,
    heard: Arc<Heard>,
    /// The first is the trader whose hand moves; in some stories there is another, whom nothing of it may concern.
    residents: Vec<Resident>,
    program: Option<Program>,
    /// Another program on the same database, in some stories: it watches, and takes over where the first stands still.
    second: Option<Program>,
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
        let (store, ticks, account) = (library.store(), plan.ticks, account_of(seed, 0));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(seed));
        let world = Arc::new(World::new(account, &plan, chance, seed));
        let mut residents = vec![Resident::move_in(&world, Arc::clone(&store), account, plan, client).await?];
        if seed % 4 == 1 {
            let plan = Plan::of(seed, &mut Chance::seeded(seed ^ NEIGHBOR)).map_err(|_| StoreError::Conflict)?;
            let account = account_of(seed, NEIGHBOR);
            residents.push(Resident::move_in(&world, Arc::clone(&store), account, plan, client).await?);
        }
        // Deaths come at the first, second … time that a point is passed, and outages where the market is under way.
        let turn = u32::try_from(seed % 4).unwrap_or(0);
        let death = death.map(|point| Death::at(point, turn));
        let begin = 20 + 20 * turn;
        let (heard, outage) = (Arc::default(), begin..begin + 60);
        let (program, second) = (None, None);
        let mut stage = Stage { ticks, world, library, entropy, heard, residents, program, second, death, outage };
        let first = stage.new_program().await?;
        for resident in &stage.residents {
            resident.arm(&first.desk).await?;
        }
        stage.program = Some(first);
        if stage.death.is_none() && seed % 5 == 0 {
            stage.second = Some(stage.new_program().await?);
        }
        stage.post_watch();
        Ok(stage)
    }

    async fn new_program(&self) -> Result<Program, StoreError> {
        let (store, entropy) = (self.library.store(), Arc::clone(&self.entropy));
        Program::start(&self.world, store, entropy, &self.residents, &self.heard).await
    }

    /// Whoever runs now watches over the crossings.
    fn post_watch(&self) {
        // One that has never looked only begins to watch.
        let second = self.second.as_ref().filter(|second| second.has_looked);
        let running = self.program.iter().chain(second);
        self.world.vigil().post(running.map(|program| Arc::clone(&program.desk)).collect());
    }

    /// The second program looks, and now and then the first stands still for longer than its lease meanwhile.
    async fn look_beside(&mut self, report: &mut Report) {
        let Some(second) = &mut self.second else { return };
        let stalls = {
            let state = &mut *self.world.state();
            !state.calm && state.chance.below(60) == 0
        };
        if stalls {
            // While it waits for the lease to run out, nobody guards.
            self.world.vigil().post(Vec::new());
        }
        let looks = if stalls { 20 } else { 1 };
        for _ in 0..looks {
            if let Looked::Died = second.look(&self.world).await {
                self.second = None;
                report.deaths += 1;
                break;
            }
            report.looks += 1;
            if stalls {
                if second.desk.count_guarded_elsewhere() == 0 {
                    self.world.vigil().post(vec![Arc::clone(&second.desk)]);
                }
                self.world.pass(1_000);
            }
        }
        self.post_watch();
    }

    /// One look, or a death in the midst of one; then time passes until something calls for the next.
    async fn step(&mut self, report: &mut Report) -> Result<(), StoreError> {
        let is_away = !self.world.state().calm && self.outage.contains(&self.world.state().ticks);
        let Some(program) = &mut self.program else { return self.rise().await };
        self.library.cut(is_away);
        let looked = tokio::select! {
            biased;
            looked = within(self.death.clone(), program.look(&self.world)) => looked,
            () = called(self.death.clone()) => {
                report.planned_deaths += 1;
                Looked::Died
            }
        };
        let Looked::Whole(pace) = looked else {
            self.program = None;
            self.post_watch();
            report.deaths += 1;
            return Ok(());
        };
        report.looks += 1;
        let (triggers, is_called) = (program.desk.triggers(), program.is_called());
        self.look_beside(report).await;
        let mut left = if is_called { 1 } else { pace.get().max(1) };
        while 0 < left {
            let step = left.min(TICK_MS);
            left -= step;
            let told = self.world.pass(step);
            if told.iter().any(|tick| !triggers.hits(tick).is_empty()) {
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
        self.residents.iter().for_each(|resident| resident.read_in(self.library.store()));
        self.program = Some(self.new_program().await?);
        self.post_watch();
        Ok(())
    }

    async fn close(&self, report: &mut Report) -> Result<(), StoreError> {
        let (store, alarms) = (self.library.store(), self.heard.all());
        self.world.vigil().end(self.world.clock.now());
        // Whoever is posted holds the world, as it holds them, and all their connections.
        self.world.vigil().post(Vec::new());
        for Resident { account, plan, wire } in &self.residents {
            let actions = store.list_actions(*account, 10_000).await?;
            let mut ledger = store.list_ledger(*account, LedgerFilter::newest(10_000)).await?;
            ledger.reverse();
            let sent = wire.sent.lock().unwrap_or_else(PoisonError::into_inner);
            report.calls += sent.calls;
            let house = House { account: *account, plan, actions, ledger };
            report.violations.extend(judge(&self.world, &house, &sent, &alarms));
            report.transcript.push_str(&self.transcript(&house.ledger));
        }
        // A journal is kept for as long as a lease names its program, and read by each that starts.
        for program in self.program.iter().chain(&self.second) {
            program.desk.retire().await?;
        }
        Ok(())
    }

    fn transcript(&self, ledger: &[LedgerEntry]) -> String {
        let mut told = String::new();
        // The watchdog writes beside the guards, so what the database makes of it first is not told by the seed.
        let by_guards = |entry: &&LedgerEntry| !matches!(entry.reason, Reason::CrossingUnanswered { .. });
        for entry in ledger.iter().filter(by_guards) {
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
