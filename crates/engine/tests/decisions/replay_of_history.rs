//! What a replay tells of a real crash: 4 December 2021.

use crate::candles::history;
use crate::positions::policy;
use domain::{Bps, Candle, Leverage, Quantity, Reason, Sats, Side, Timestamp};
use engine::replay::{Case, Fate, ReplayInput, ReplayOutcome, replay};

/// 4 December 2021, 03:00 and 06:00 UTC.
const FROM: i64 = 1_638_586_800_000;
const TO: i64 = 1_638_597_600_000;

fn crash() -> Option<Vec<Candle>> {
    let series = history("binance_spot_1m_2021-11-11_2021-12-11.csv.gz")?;
    let window = Timestamp::from_unix_ms(FROM)..Timestamp::from_unix_ms(TO);
    Some(series.candles.into_iter().filter(|candle| window.contains(&candle.at)).collect())
}

#[test]
fn explore() {
    let Some(candles) = crash() else { return };
    let mut prev = 0;
    for c in &candles {
        let l = c.low.ticks() / 2;
        if (prev - l).abs() > 300 {
            println!("{} o{} l{} c{}", (c.at.unix_ms() - FROM) / 60000, c.open, c.low, c.close);
        }
        prev = l;
    }
    for lev in [3, 4, 5, 6, 7, 8, 10] {
        for trig in [300, 500, 800, 1000] {
            for target in [1000, 1500, 2000, 2500] {
                if target <= trig {
                    continue;
                }
                let p = policy(|d| {
                    d.trigger = Bps::new(trig);
                    d.target = Bps::new(target);
                    d.limits.per_action = Sats::new(3_000_000);
                    d.limits.per_position = Sats::new(10_000_000);
                    d.limits.per_day = Sats::new(10_000_000);
                });
                let run = |case| {
                    replay(&ReplayInput {
                        candles: &candles,
                        side: Side::Long,
                        quantity: Quantity::new(10_000).unwrap(),
                        leverage: Leverage::for_order(lev * 1_000_000).unwrap(),
                        wallet: Sats::new(20_000_000),
                        fee_tier: 0,
                        funding: &[],
                        take_profit: None,
                        case,
                    })
                    .unwrap()
                };
                let a = run(Case::NoGuard);
                let b = run(Case::Guard(p));
                println!(
                    "{lev}x {trig}->{target}: {:?} {:?} topups {} added {} lowest {} amb {} n {}",
                    a.fate,
                    b.fate,
                    b.top_ups,
                    b.sats_added,
                    b.lowest_distance,
                    b.ambiguous_bars,
                    b.decisions.len()
                );
            }
        }
    }
}
