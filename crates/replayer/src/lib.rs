//! "Would this rule have saved me?" in a thread of the browser, answered by the engine that the server has.

use domain::Interval;
use engine::replay::comparison::{Setup, compare};
use engine::replay::past;
use wasm_bindgen::prelude::wasm_bindgen;

/// A market's past, kept for many questions.
#[wasm_bindgen]
pub struct Past(past::Past);

#[wasm_bindgen]
impl Past {
    /// From the bytes that `/past/{account}` answers; nothing where they are no past.
    pub fn read(bytes: &[u8]) -> Option<Past> {
        past::Past::decode(bytes).ok().map(Past)
    }

    /// A setup in JSON, to the comparison or to why there is none, in JSON. Nothing where the setup can't be read.
    pub fn replay(&self, setup: &str) -> Option<String> {
        let mut room = vec![0; setup.len()];
        let (setup, _): (Setup, _) = serde_json_core::from_str_escaped(setup, &mut room).ok()?;
        let compared = compare(&self.0.candles, Interval::MINUTE, &self.0.funding, &setup);
        serde_json::to_string(&compared).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::guard_policy::GuardPolicyDraft;
    use domain::{
        AtLimit, Bps, Candle, GuardLimits, GuardPolicy, GuardScope, Leverage, Millis, PositionId, Price, Quantity,
        Rate, Sats, Side, Timestamp,
    };
    use engine::replay::ReplayError;
    use engine::replay::comparison::Comparison;

    fn setup(side: Side, wallet: i64) -> Setup {
        let limits = GuardLimits {
            per_action: Sats::new(300_000),
            per_position: Sats::new(900_000),
            per_day: Sats::new(900_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::from_secs(600),
            max_actions: 20,
        };
        let scope = GuardScope::Position(PositionId::from_uuid(domain::id::time_ordered(Timestamp::EPOCH, [7; 10])));
        let (trigger, target) = (Bps::new(300), Bps::new(800));
        let draft = GuardPolicyDraft { scope, trigger, target, limits, at_limit: AtLimit::Close };
        Setup {
            side,
            quantity: Quantity::new(1_000).unwrap(),
            leverage: Leverage::for_order(20 * Leverage::ONE_X).unwrap(),
            wallet: Sats::new(wallet),
            policy: GuardPolicy::new(draft).unwrap(),
        }
    }

    fn fall() -> past::Past {
        let bar = |minute: i64| {
            let price = |ticks: i64| Price::from_ticks(ticks).unwrap();
            let (open, low) = (price(200_000 - minute * 20), price(200_000 - minute * 20 - 31));
            let at = Timestamp::EPOCH.plus(Millis::new(minute * Millis::MINUTE.get()));
            Candle { at, open, high: open, low, close: low, volume: 0 }
        };
        let funding = vec![(Timestamp::from_unix_ms(90 * 60_000), Rate::from_hundred_millionths(10_000))];
        past::Past { candles: (0..3_000).map(bar).collect(), funding }
    }

    #[test]
    fn what_crossed_to_the_thread_is_answered_as_the_server_answers() {
        let past = fall();
        let there = Past::read(&past.encode()).unwrap();
        for (side, wallet) in [(Side::Long, 5_000_000), (Side::Short, 5_000_000), (Side::Long, 1_000)] {
            let setup = setup(side, wallet);
            let said = there.replay(&serde_json::to_string(&setup).unwrap()).unwrap();
            let said: Result<Comparison, ReplayError> = serde_json::from_str(&said).unwrap();
            assert_eq!(said, compare(&past.candles, Interval::MINUTE, &past.funding, &setup));
        }
    }

    #[test]
    fn what_is_no_past_or_no_rule_has_no_answer() {
        assert!(Past::read(b"<!DOCTYPE html>").is_none());
        let there = Past::read(&fall().encode()).unwrap();
        let impossible =
            serde_json::to_string(&setup(Side::Long, 1)).unwrap().replace("\"target\":800", "\"target\":1");
        assert_eq!((there.replay(""), there.replay(&impossible)), (None, None));
    }
}
