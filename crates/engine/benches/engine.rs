//! How long one look at a guarded position takes, and one price for all of them.

#![expect(clippy::unwrap_used, reason = "a bench that cannot begin measures nothing")]

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use domain::guard_policy::GuardPolicyDraft;
use domain::position::PositionState;
use domain::{
    AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, Leverage, Millis, Position, PositionId, Price, Quantity, Sats,
    Side, Timestamp,
};
use engine::contract::{leverage_of, liquidation, margin_for, trigger_price};
use engine::guard::{GuardInput, evaluate};
use engine::risk::Spent;
use engine::trigger_index::TriggerIndex;

const POSITIONS: usize = 1_024;
const SIZES: [u64; 3] = [1_000, 100_000, 1_000_000];

fn main() {
    divan::main();
}

fn policy() -> GuardPolicy {
    GuardPolicy::new(GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits: GuardLimits {
            per_action: Sats::new(100_000),
            per_position: Sats::new(1_000_000),
            per_day: Sats::new(1_000_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::MINUTE,
            max_actions: 10,
        },
        at_limit: AtLimit::AlertOnly,
    })
    .unwrap()
}

fn position(number: usize) -> Position {
    let quantity = Quantity::new(1_000 + i64::try_from(number).unwrap()).unwrap();
    let side = if number.is_multiple_of(2) { Side::Long } else { Side::Short };
    let entry: Price = "60000".parse().unwrap();
    let margin = margin_for(quantity, entry, Leverage::for_order(5 * Leverage::ONE_X).unwrap());
    Position {
        id: PositionId::from_uuid(uuid::Uuid::from_u128(u128::try_from(number).unwrap())),
        side,
        quantity,
        margin,
        leverage: leverage_of(quantity, entry, margin),
        entry,
        liquidation: liquidation(side, quantity, entry, margin),
        stop_loss: None,
        take_profit: None,
        fee_reserve: Sats::ZERO,
        pnl: Sats::ZERO,
        opening_fee: Sats::ZERO,
        closing_fee: Sats::ZERO,
        funding: Sats::ZERO,
        cashed_in_margin: Sats::ZERO,
        cashed_in_pnl: Sats::ZERO,
        state: PositionState::Running { filled_at: Timestamp::EPOCH },
        created_at: Timestamp::EPOCH,
    }
}

/// One full decision on a position that needs nothing.
#[divan::bench]
fn check_of_a_holding_position(bencher: Bencher<'_, '_>) {
    let policy = policy();
    let positions: Vec<Position> = (0..POSITIONS).map(position).collect();
    bencher.counter(ItemsCount::new(POSITIONS)).bench_local(|| {
        let mark = black_box("60000".parse::<Price>().unwrap());
        for position in black_box(&positions) {
            let _ = black_box(evaluate(&GuardInput {
                policy: &policy,
                position,
                mark,
                free: Sats::new(1_000_000),
                spent: Spent::default(),
                now: Timestamp::EPOCH,
            }));
        }
    });
}

/// One full decision on a position that is topped up.
#[divan::bench]
fn check_of_a_position_at_risk(bencher: Bencher<'_, '_>) {
    let policy = policy();
    let positions: Vec<Position> = (0..POSITIONS).map(|number| position(number * 2)).collect();
    let mark: Price = "51000".parse().unwrap();
    bencher.counter(ItemsCount::new(POSITIONS)).bench_local(|| {
        for position in black_box(&positions) {
            let _ = black_box(evaluate(&GuardInput {
                policy: &policy,
                position,
                mark: black_box(mark),
                free: Sats::new(1_000_000),
                spent: Spent::default(),
                now: Timestamp::EPOCH,
            }));
        }
    });
}

/// The comparison that the trigger index saves most positions: a mark with a trigger worked out before.
#[divan::bench]
fn compare_with_a_known_trigger(bencher: Bencher<'_, '_>) {
    let trigger = policy().trigger();
    let triggers: Vec<(Side, Price)> = (0..POSITIONS)
        .map(position)
        .map(|position| (position.side, trigger_price(position.side, position.liquidation, trigger)))
        .collect();
    let mark: Price = "60000".parse().unwrap();
    bencher.counter(ItemsCount::new(POSITIONS)).bench_local(|| {
        let mark = black_box(mark);
        let reached = black_box(&triggers).iter().filter(|(side, trigger)| match side {
            Side::Long => mark <= *trigger,
            Side::Short => *trigger <= mark,
        });
        reached.count()
    });
}

/// Half longs with triggers below 50,000, half shorts with triggers above 70,000, each at its own price.
fn index(size: u64) -> TriggerIndex<u64> {
    let mut index = TriggerIndex::new();
    for number in 0..size {
        let step = i64::try_from(number / 2 % 90_000).unwrap();
        if number % 2 == 0 {
            index.insert(number, Side::Long, Price::from_ticks(100_000 - step).unwrap());
        } else {
            index.insert(number, Side::Short, Price::from_ticks(140_000 + step).unwrap());
        }
    }
    index
}

#[divan::bench(args = SIZES)]
fn tick_that_hits_nothing(bencher: Bencher<'_, '_>, size: u64) {
    let index = index(size);
    let mark: Price = "60000".parse().unwrap();
    bencher.bench_local(|| black_box(&index).hits(black_box(mark), black_box(mark)).count());
}

#[divan::bench(args = SIZES)]
fn tick_that_hits_ten(bencher: Bencher<'_, '_>, size: u64) {
    let mut index = index(size);
    for number in 0..10 {
        index.insert(size + number, Side::Long, "59000".parse().unwrap());
    }
    let mark: Price = "59000".parse().unwrap();
    assert_eq!(index.hits(mark, mark).count(), 10);
    bencher.bench_local(|| black_box(&index).hits(black_box(mark), black_box(mark)).map(black_box).count());
}
