//! What a replay tells of small stories.

use crate::candles::{bars, minute};
use crate::positions::{dollars, policy, tenfold, wide};
use domain::guard_policy::GuardPolicyDraft;
use domain::ledger::Limit;
use domain::{AtLimit, Candle, GuardPolicy, Leverage, Quantity, Rate, Reason, Sats, Side, Timestamp};
use engine::replay::{Case, Fate, ReplayError, ReplayInput, ReplayOutcome, replay};

const WALLET: i64 = 1_000_000;

/// 1,000 dollars at 10x, so with an open at 100,000 what [`tenfold`] is.
fn input(candles: &[Candle], case: Case) -> ReplayInput<'_> {
    ReplayInput {
        candles,
        side: Side::Long,
        quantity: Quantity::new(1_000).unwrap(),
        leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
        wallet: Sats::new(WALLET),
        fee_tier: 0,
        funding: &[],
        take_profit: None,
        case,
    }
}

fn run(prices: &[[i64; 4]], case: Case) -> ReplayOutcome {
    replay(&input(&bars(prices), case)).unwrap()
}

fn guard(change: impl FnOnce(&mut GuardPolicyDraft)) -> Case {
    Case::Guard(policy(change))
}

#[test]
fn an_untouched_position_has_lost_its_opening_fee_and_nothing_else() {
    let outcome = run(&[[100_000; 4], [100_000; 4]], Case::NoGuard);
    assert_eq!((outcome.fate, outcome.at, outcome.bars), (Fate::Open, minute(1), 2));
    assert_eq!((outcome.equity.get(), outcome.fees.get()), (WALLET - 1_000, 1_000));
    assert_eq!(outcome.equity_usd_cents, 99_900);
    assert_eq!(outcome.lowest_distance.get(), 909);
    assert!(outcome.decisions.is_empty());
}

#[test]
fn a_liquidation_takes_margin_and_reserve() {
    let outcome = run(&[[100_000; 4], [95_000, 95_000, 90_000, 91_000]], Case::NoGuard);
    assert_eq!((outcome.fate, outcome.at), (Fate::Liquidated, minute(1)));
    assert_eq!(outcome.equity.get(), WALLET - 102_100);
    assert!(outcome.lowest_distance.get() < 0);
    let [decision] = outcome.decisions.as_slice() else { panic!("{:?}", outcome.decisions) };
    let exit = tenfold(Side::Long).liquidation;
    assert_eq!(decision.reason, Reason::PositionLiquidated { exit, margin_lost: Sats::new(100_000) });
}

#[test]
fn the_guard_saves_only_if_it_acted_in_an_earlier_bar() {
    let fast = run(&[[100_000; 4], [100_000, 100_000, 90_000, 91_000]], guard(|_| ()));
    assert_eq!((fast.fate, fast.top_ups, fast.ambiguous_bars), (Fate::Liquidated, 0, 1));
    let slow = run(&[[100_000, 100_000, 95_000, 95_000], [95_000, 95_000, 90_000, 91_000]], guard(|_| ()));
    assert_eq!((slow.fate, slow.top_ups, slow.ambiguous_bars), (Fate::Open, 2, 0));
    assert!(slow.sats_added.is_positive());
    assert_eq!(slow.equity.get(), WALLET - 1_000 - 98_901, "a top-up moves money and costs none");
}

#[test]
fn a_bar_that_opens_past_the_liquidation_is_not_ambiguous() {
    let gap = run(&[[100_000; 4], [90_000, 91_000, 89_000, 91_000]], guard(|_| ()));
    assert_eq!((gap.fate, gap.ambiguous_bars), (Fate::Liquidated, 0));
}

#[test]
fn f32_a_guard_at_its_limit_says_so_and_is_liquidated_or_closes() {
    let prices =
        [[100_000, 100_000, 95_000, 95_000], [95_000, 95_000, 94_000, 94_000], [94_000, 94_000, 85_000, 85_000]];
    let low = |at_limit| {
        guard(move |draft| {
            draft.limits.per_position = Sats::new(5_000);
            draft.limits.per_action = Sats::new(5_000);
            draft.at_limit = at_limit;
        })
    };
    let outcome = run(&prices, low(AtLimit::AlertOnly));
    assert_eq!((outcome.fate, outcome.sats_added.get()), (Fate::Liquidated, 5_000));
    let reached = |reason: &Reason| matches!(reason, Reason::LimitReached { limit: Limit::PerPosition, .. });
    assert_eq!(outcome.decisions.iter().filter(|decision| reached(&decision.reason)).count(), 1);
    let closed = run(&prices, low(AtLimit::Close));
    assert_eq!((closed.fate, closed.at), (Fate::Closed, minute(1)));
    assert!(outcome.equity < closed.equity);
    assert_eq!(
        closed.decisions.last().map(|last| &last.reason),
        Some(&Reason::WouldClose { limit: Limit::PerPosition })
    );
}

#[test]
fn a_stop_fills_at_its_price_or_at_a_worse_open_and_not_before_a_liquidation_in_the_same_bar() {
    let stop = Case::StopLoss(dollars("95000"));
    let filled = run(&[[100_000; 4], [96_000, 96_000, 94_000, 94_000]], stop);
    assert_eq!((filled.fate, filled.ambiguous_bars), (Fate::Closed, 0));
    assert_eq!(filled.equity.get(), WALLET - 1_000 - 52_632 - 1_052);
    let gapped = run(&[[100_000; 4], [92_000, 96_000, 80_000, 94_000]], stop);
    assert_eq!((gapped.fate, gapped.ambiguous_bars), (Fate::Closed, 0));
    assert_eq!(gapped.equity.get(), WALLET - 1_000 - 86_957 - 1_086);
    let both = run(&[[100_000; 4], [96_000, 96_000, 90_000, 94_000]], stop);
    assert_eq!((both.fate, both.ambiguous_bars), (Fate::Liquidated, 1));
}

#[test]
fn a_take_profit_in_the_bar_of_a_liquidation_comes_too_late() {
    let candles = bars(&[[100_000; 4], [100_000, 110_000, 90_000, 100_000]]);
    let with_target = ReplayInput { take_profit: Some(dollars("110000")), ..input(&candles, Case::NoGuard) };
    let outcome = replay(&with_target).unwrap();
    assert_eq!((outcome.fate, outcome.ambiguous_bars), (Fate::Liquidated, 1));
    let candles = bars(&[[100_000; 4], [100_000, 112_000, 99_000, 100_000]]);
    let outcome = replay(&ReplayInput { candles: &candles, ..with_target }).unwrap();
    assert_eq!((outcome.fate, outcome.equity.get()), (Fate::Closed, WALLET - 1_000 + 90_909 - 909));
}

#[test]
fn a_payer_pays_out_of_the_margin_and_a_receiver_receives_into_the_wallet() {
    let candles = bars(&[[100_000; 4], [100_000; 4], [100_000; 4]]);
    let at = |number, rate| (minute(number), Rate::from_hundred_millionths(rate));
    let funding = [at(0, 1_000_000), at(1, 100_000), at(2, -50_000)];
    let outcome = replay(&ReplayInput { funding: &funding, ..input(&candles, Case::NoGuard) }).unwrap();
    assert_eq!((outcome.funding.get(), outcome.equity.get()), (500, WALLET - 1_500));
    assert!(outcome.lowest_distance.get() < 909, "liquidation creeps nearer at a flat price");
    let ruin = [at(1, 20_000_000)];
    let outcome = replay(&ReplayInput { funding: &ruin, ..input(&candles, Case::NoGuard) }).unwrap();
    assert_eq!((outcome.fate, outcome.funding.get()), (Fate::Liquidated, 100_000));
    assert_eq!(outcome.equity.get(), WALLET - 102_000, "fees come out of their own reserve");
}

#[test]
fn a_short_lives_through_the_mirror_image() {
    let candles = bars(&[[100_000, 106_000, 100_000, 105_000], [105_000, 111_500, 105_000, 110_000]]);
    let short = |case| replay(&ReplayInput { side: Side::Short, ..input(&candles, case) }).unwrap();
    assert_eq!(short(Case::NoGuard).fate, Fate::Liquidated);
    let guarded = short(guard(|_| ()));
    assert_eq!((guarded.fate, guarded.top_ups), (Fate::Open, 2));
}

#[test]
fn what_can_not_begin_says_why() {
    assert_eq!(replay(&input(&[], Case::NoGuard)), Err(ReplayError::NoCandles));
    let candles = bars(&[[100_000; 4]]);
    let poor = ReplayInput { wallet: Sats::new(102_099), ..input(&candles, Case::NoGuard) };
    let needed = Sats::new(102_100);
    assert_eq!(replay(&poor), Err(ReplayError::WalletTooSmall { needed, wallet: poor.wallet }));
}

/// The day's limit begins anew at midnight UTC, and only there.
#[test]
fn a_day_s_limit_ends_with_the_day() {
    let falling: Vec<[i64; 4]> = (0..8).map(|step| [95_500 - 700 * step; 4]).collect();
    let policy = GuardPolicy::new(GuardPolicyDraft {
        limits: domain::GuardLimits { per_action: Sats::new(9_000), per_day: Sats::new(9_000), ..wide().limits },
        ..wide()
    })
    .unwrap();
    let mut candles = bars(&falling);
    candles[0].open = dollars("100000");
    let midnight = Timestamp::from_unix_ms(1_638_662_400_000);
    let over_midnight = |ahead: i64| {
        let mut candles = candles.clone();
        for (number, candle) in (0..).zip(&mut candles) {
            candle.at = midnight.plus(domain::Millis::from_secs(60 * (number - ahead)));
        }
        replay(&input(&candles, Case::Guard(policy))).unwrap().sats_added.get()
    };
    assert_eq!([over_midnight(20), over_midnight(4)], [9_000, 18_000]);
}
