//! One position on one stretch of history, three times: with the rule, with a plain stop-loss, and with nothing.

use super::{Case, ReplayDecision, ReplayError, ReplayInput, ReplayOutcome, replay};
use crate::contract::{liquidation_at_leverage, trigger_price};
use domain::{Candle, GuardPolicy, Interval, Leverage, Price, Quantity, Rate, Reason, Sats, Side, Timestamp};
use serde::{Deserialize, Serialize};

/// As many points as a curve has at most.
const POINTS: usize = 240;
/// As many deeds as a case tells of at most, the first ones.
const DEEDS: usize = 200;

/// The position, what is free beside it, and the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    pub side: Side,
    pub quantity: Quantity,
    pub leverage: Leverage,
    /// The free balance before the position is opened.
    pub wallet: Sats,
    pub policy: GuardPolicy,
}

/// What became of the position in each case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The opens of the first and the last bar.
    pub from: Timestamp,
    pub until: Timestamp,
    pub bars: u32,
    /// Bars that history lacks in between.
    pub missing: i64,
    pub entry: Price,
    /// Where the plain stop stood: at the price at which the guard would first have acted.
    pub stop: Price,
    pub guard: ReplayOutcome,
    pub stop_loss: ReplayOutcome,
    pub none: ReplayOutcome,
    /// The price that was worst for the position, stretch by stretch.
    pub curve: Vec<CurvePoint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurvePoint {
    pub at: Timestamp,
    pub price: Price,
}

/// Replays all three cases; of what was decided only what was done is told. Candles are oldest first.
pub fn compare(
    candles: &[Candle],
    interval: Interval,
    funding: &[(Timestamp, Rate)],
    setup: &Setup,
) -> Result<Comparison, ReplayError> {
    let [first, ..] = candles else { return Err(ReplayError::NoCandles) };
    let last = candles.last().unwrap_or(first);
    let Setup { side, quantity, leverage, wallet, policy } = *setup;
    let liquidation = liquidation_at_leverage(side, quantity, first.open, leverage);
    let stop = trigger_price(side, liquidation, policy.trigger());
    let run = |case| {
        let input =
            ReplayInput { candles, side, quantity, leverage, wallet, fee_tier: 0, funding, take_profit: None, case };
        replay(&input).map(only_deeds)
    };
    let length = interval.length().get().max(1);
    let due = last.at.since(first.at).get().saturating_div(length).saturating_add(1);
    let there = i64::try_from(candles.len()).unwrap_or(i64::MAX);
    Ok(Comparison {
        from: first.at,
        until: last.at,
        bars: u32::try_from(candles.len()).unwrap_or(u32::MAX),
        missing: due.saturating_sub(there).max(0),
        entry: first.open,
        stop,
        guard: run(Case::Guard(policy))?,
        stop_loss: run(Case::StopLoss(stop))?,
        none: run(Case::NoGuard)?,
        curve: curve(candles, side),
    })
}

fn only_deeds(mut outcome: ReplayOutcome) -> ReplayOutcome {
    let is_deed = |decision: &ReplayDecision| {
        matches!(
            decision.reason,
            Reason::WouldAddMargin { .. } | Reason::WouldClose { .. } | Reason::PositionLiquidated { .. }
        )
    };
    outcome.decisions.retain(is_deed);
    outcome.decisions.truncate(DEEDS);
    outcome
}

fn curve(candles: &[Candle], side: Side) -> Vec<CurvePoint> {
    let stretch = candles.len().div_ceil(POINTS).max(1);
    let worst = |bar: &Candle| match side {
        Side::Long => bar.lowest(),
        Side::Short => bar.highest(),
    };
    let point = |bars: &[Candle]| {
        let prices = bars.iter().map(worst);
        let price = match side {
            Side::Long => prices.min(),
            Side::Short => prices.max(),
        }?;
        Some(CurvePoint { at: bars.first()?.at, price })
    };
    candles.chunks(stretch).filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Fate;
    use super::*;
    use domain::guard_policy::GuardPolicyDraft;
    use domain::{AtLimit, Bps, GuardLimits, GuardScope, Millis};

    fn setup() -> Setup {
        let limits = GuardLimits {
            per_action: Sats::new(500_000),
            per_position: Sats::new(2_000_000),
            per_day: Sats::new(2_000_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::ZERO,
            max_actions: 50,
        };
        let policy = GuardPolicy::new(GuardPolicyDraft {
            scope: GuardScope::All,
            trigger: Bps::new(300),
            target: Bps::new(800),
            limits,
            at_limit: AtLimit::AlertOnly,
        });
        Setup {
            side: Side::Long,
            quantity: Quantity::new(1_000).unwrap(),
            leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
            wallet: Sats::new(5_000_000),
            policy: policy.unwrap(),
        }
    }

    /// A fall by a fifth over a thousand minutes, with one minute missing, and back again.
    fn fall() -> Vec<Candle> {
        let bar = |minute: i64| {
            let depth = if minute < 1_000 { minute } else { 2_000 - minute };
            let price = |ticks: i64| Price::from_ticks(ticks).unwrap();
            let (open, low) = (price(200_000 - depth * 40), price(200_000 - depth * 40 - 40));
            let at = Timestamp::EPOCH.plus(Millis::new(minute * Millis::MINUTE.get()));
            Candle { at, open, high: open, low, close: low, volume: 0 }
        };
        (0..2_000).filter(|minute| *minute != 7).map(bar).collect()
    }

    #[test]
    fn a_fall_liquidates_the_bare_position_stops_the_second_and_is_survived_by_the_guarded_one() {
        let compared = compare(&fall(), Interval::MINUTE, &[], &setup()).unwrap();
        assert_eq!((compared.none.fate, compared.stop_loss.fate), (Fate::Liquidated, Fate::Closed));
        assert_eq!(compared.guard.fate, Fate::Open);
        assert!(compared.guard.top_ups > 0 && compared.guard.equity > compared.none.equity);
        assert_eq!((compared.bars, compared.missing), (1_999, 1));
        assert!(compared.curve.len() <= POINTS && compared.stop < compared.entry);
        let lowest = compared.curve.iter().map(|point| point.price).min();
        assert_eq!(lowest, fall().iter().map(|bar| bar.low).min(), "no fall is lost between the points");
    }

    #[test]
    fn without_history_or_money_nothing_is_compared() {
        assert_eq!(compare(&[], Interval::MINUTE, &[], &setup()), Err(ReplayError::NoCandles));
        let poor = Setup { wallet: Sats::new(1_000), ..setup() };
        let tried = compare(&fall(), Interval::MINUTE, &[], &poor);
        assert!(matches!(tried, Err(ReplayError::WalletTooSmall { .. })), "{tried:?}");
    }
}
