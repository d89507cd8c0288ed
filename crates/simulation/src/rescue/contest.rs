//! One crash with so many positions, for each rival and for the guard.

use super::crash::Crash;
use super::field::{Field, lock};
use super::line::Line;
use super::rivals::{self, Luck};
use crate::Library;
use crate::clock::SeededEntropy;
use crate::program::insert_owner;
use domain::guard_policy::{GuardPolicyDraft, GuardPolicyError};
use domain::{AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, Millis, PositionId, Sats, Tick, UserId};
use exchange::Exchange;
use service::{Clock, Desk, Entropy};
use std::collections::BTreeSet;
use std::ops::AddAssign;
use std::sync::Arc;
use store::StoreError;

/// Called at 3 % from liquidation, for 6 %; no limit stands in the way.
pub fn rule() -> Result<GuardPolicy, GuardPolicyError> {
    let plenty = GuardPolicy::MAX_SATS;
    GuardPolicy::new(GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(300),
        target: Bps::new(600),
        limits: GuardLimits {
            per_action: plenty,
            per_position: plenty,
            per_day: plenty,
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::ZERO,
            max_actions: 1_000,
        },
        at_limit: AtLimit::AlertOnly,
    })
}

pub struct Contest<'a> {
    pub crash: &'static Crash,
    pub ticks: &'a [Tick],
    pub positions: usize,
    pub seed: u64,
}

/// How many of the doomed were saved, and by whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Liquidated where nobody does anything.
    pub doomed: usize,
    /// By one who knows what comes, and for whom nothing fails.
    pub unhindered: usize,
    /// By one who knows what comes, on the same line as the others.
    pub clairvoyant: usize,
    pub guard: usize,
    pub poller: usize,
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        let Score { doomed, unhindered, clairvoyant, guard, poller } = other;
        self.doomed += doomed;
        self.unhindered += unhindered;
        self.clairvoyant += clairvoyant;
        self.guard += guard;
        self.poller += poller;
    }
}

/// Plays a crash five times over.
pub async fn hold(contest: &Contest<'_>, library: &Library) -> Result<Score, StoreError> {
    let policy = rule().map_err(|_| StoreError::Conflict)?;
    let (field, all) = contest.field().await?;
    while !field.is_over() {
        field.pass_a_tick();
    }
    let doomed: BTreeSet<PositionId> = all.difference(&field.running()).copied().collect();

    let saved = |field: &Field| field.running().intersection(&doomed).count();

    let (field, line) = contest.stage().await?;
    rivals::foresee(&field, &line, &policy, Luck::Nothing).await;
    let unhindered = saved(&field);

    let (field, line) = contest.stage().await?;
    rivals::foresee(&field, &line, &policy, Luck::AsForAll).await;
    let clairvoyant = saved(&field);

    let (field, line) = contest.stage().await?;
    rivals::poll(&field, &line, &policy).await;
    let poller = saved(&field);

    let (field, line) = contest.stage().await?;
    contest.guard(library, &field, line, policy).await?;
    Ok(Score { doomed: doomed.len(), unhindered, clairvoyant, guard: saved(&field), poller })
}

impl Contest<'_> {
    async fn field(&self) -> Result<(Arc<Field>, BTreeSet<PositionId>), StoreError> {
        let field = Field::with_positions(self.positions, self.ticks, self.seed).await.ok_or(StoreError::Conflict)?;
        let all = field.running();
        Ok((Arc::new(field), all))
    }

    async fn stage(&self) -> Result<(Arc<Field>, Arc<Line>), StoreError> {
        let (field, _) = self.field().await?;
        let line = Arc::new(Line::new(Arc::clone(&field), self.crash, self.seed));
        Ok((field, line))
    }

    async fn guard(
        &self,
        library: &Library,
        field: &Field,
        line: Arc<Line>,
        policy: GuardPolicy,
    ) -> Result<(), StoreError> {
        let (store, entropy) = (library.store(), Arc::new(SeededEntropy::new(self.seed)) as Arc<dyn Entropy>);
        insert_owner(&*store, field.clock.now(), field.account).await?;
        let desk =
            Arc::new(Desk::new(Arc::clone(&store), field.clock.clone(), entropy, bus::Bus::default()).with_breaker(
                domain::brake::BreakerLimits { adds_per_minute: u32::MAX, sats_per_hour: Sats::new(i64::MAX) },
            ));
        let owner = UserId::from_uuid(field.account.uuid());
        let armed = desk.arm_guard(owner, field.account, policy, GuardState::Live, 0).await;
        armed.map_err(|_| StoreError::Conflict)?;
        let account = store.find_account(field.account).await?.ok_or(StoreError::Conflict)?;
        let mut guard = desk.open_account(
            account,
            Arc::clone(&line) as Arc<dyn Exchange>,
            Arc::new(field.market.clone()),
            field.prices.subscribe(),
        );
        *lock(&field.desk) = Some(Arc::clone(&desk));
        let wake = guard.wake();
        let guarding = async {
            loop {
                let until = field.clock.now().plus(guard.look_again().await);
                tokio::select! {
                    () = wake.notified() => {}
                    () = line.timeline.wait_until(field, until) => {}
                }
            }
        };
        line.timeline.play::<()>(field, Some(&*library.store()), guarding).await;
        *lock(&field.desk) = None;
        Ok(())
    }
}
