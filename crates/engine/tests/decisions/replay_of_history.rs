//! What a replay tells of a real crash: 4 December 2021.

use crate::candles::history;
use crate::positions::policy;
use domain::{Bps, Candle, Leverage, Quantity, Sats, Side, Timestamp};
use engine::replay::{Case, Fate, ReplayInput, ReplayOutcome, replay};

/// 4 December 2021, 03:00 and 06:00 UTC.
const FROM: i64 = 1_638_586_800_000;
const TO: i64 = 1_638_597_600_000;

fn crash() -> Option<Vec<Candle>> {
    let series = history("binance_spot_1m_2021-11-11_2021-12-11.csv.gz")?;
    let window = Timestamp::from_unix_ms(FROM)..Timestamp::from_unix_ms(TO);
    Some(series.candles.into_iter().filter(|candle| window.contains(&candle.at)).collect())
}

/// A long of 10,000 USD at 5x, with all the money that any rule here may ask for.
fn run(candles: &[Candle], case: Case) -> ReplayOutcome {
    let input = ReplayInput {
        candles,
        side: Side::Long,
        quantity: Quantity::new(10_000).unwrap(),
        leverage: Leverage::for_order(5 * Leverage::ONE_X).unwrap(),
        wallet: Sats::new(20_000_000),
        fee_tier: 0,
        funding: &[],
        take_profit: None,
        case,
    };
    replay(&input).unwrap()
}

#[test]
fn a_long_at_5x_is_lost_in_the_crash_and_lives_through_it_with_a_guard() {
    let Some(candles) = crash() else { return };
    assert_eq!(run(&candles, Case::NoGuard).fate, Fate::Liquidated);
    for (trigger, target) in [(500, 1_000), (500, 2_500), (800, 1_000), (1_000, 1_500)] {
        let rule = policy(|draft| {
            (draft.trigger, draft.target) = (Bps::new(trigger), Bps::new(target));
            draft.limits.per_action = Sats::new(3_000_000);
            draft.limits.per_position = Sats::new(10_000_000);
            draft.limits.per_day = Sats::new(10_000_000);
        });
        let guarded = run(&candles, Case::Guard(rule));
        assert_eq!(guarded.fate, Fate::Open, "{trigger} to {target} bps");
        assert!((1..=4).contains(&guarded.top_ups), "{} top-ups", guarded.top_ups);
        assert!(Bps::default() < guarded.lowest_distance, "{}", guarded.lowest_distance);
    }
}
