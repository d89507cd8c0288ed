//! What holds for every position that the venue allows.

#![cfg(test)]

use domain::{Bps, Leverage, Price, Quantity, Rate, Sats, Side};
use engine::contract::*;
use proptest::prelude::*;

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Long), Just(Side::Short)]
}

fn quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![Just(1), Just(500_000), 1..=500_000i64, 1..=1_000i64]
        .prop_map(|dollars| Quantity::new(dollars).unwrap())
}

/// All orders of magnitude, and the ends.
fn price() -> impl Strategy<Value = Price> {
    let spread = (0..=27u32, 0..=1_000i64).prop_map(|(power, more)| (1i64 << power) + more);
    prop_oneof![Just(1), Just(200_000_000), 1..=200_000_000i64, spread, 20_000..=400_000i64]
        .prop_map(|ticks| Price::from_ticks(ticks).unwrap())
}

fn leverage() -> impl Strategy<Value = Leverage> {
    (Leverage::MIN.millionths()..=Leverage::MAX.millionths()).prop_map(|times| Leverage::for_order(times).unwrap())
}

/// No margin, hostile ones, and those between 100x and 1x.
fn margin(quantity: Quantity, entry: Price) -> impl Strategy<Value = Sats> {
    let whole = margin_for(quantity, entry, Leverage::MIN).get();
    prop_oneof![1 => Just(0), 1 => any::<i64>(), 8 => whole / 100..=whole].prop_map(Sats::new)
}

fn position() -> impl Strategy<Value = (Side, Quantity, Price, Sats)> {
    (side(), quantity(), price()).prop_flat_map(|(side, quantity, entry)| {
        margin(quantity, entry).prop_map(move |margin| (side, quantity, entry, margin))
    })
}

/// Whether `one` is at `other` or farther from the entry on the losing side.
fn as_far(side: Side, one: Price, other: Price) -> bool {
    match side {
        Side::Long => one <= other,
        Side::Short => other <= one,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn more_margin_never_brings_liquidation_nearer(
        (side, quantity, entry, margin) in position(),
        more in prop_oneof![0..=1_000i64, any::<i64>()],
    ) {
        let more = Sats::new(margin.get().saturating_add(more.saturating_abs()));
        let (before, after) = (liquidation(side, quantity, entry, margin), liquidation(side, quantity, entry, more));
        prop_assert!(as_far(side, after, before), "{before} then {after}");
    }

    #[test]
    fn the_margin_for_a_liquidation_is_enough_and_the_least(
        side in side(), quantity in quantity(), entry in price(), target in price(),
    ) {
        let least = margin_for_liquidation(side, quantity, entry, target);
        prop_assert!(as_far(side, liquidation(side, quantity, entry, least), target));
        if least.is_positive() {
            let less = Sats::new(least.get() - 1);
            prop_assert!(!as_far(side, liquidation(side, quantity, entry, less), target));
        }
    }

    #[test]
    fn a_farther_target_never_takes_less_margin(
        side in side(), quantity in quantity(), entry in price(), one in price(), other in price(),
    ) {
        let (near, far) = if as_far(side, one, other) { (other, one) } else { (one, other) };
        let margin = |target| margin_for_liquidation(side, quantity, entry, target);
        prop_assert!(margin(near) <= margin(far));
    }

    #[test]
    fn the_trigger_price_is_exactly_where_the_distance_reaches_the_trigger(
        side in side(), liquidation in price(), mark in price(), off in -2..=2i64, trigger in 0..=10_000i64,
    ) {
        let trigger = Bps::new(trigger);
        let at = trigger_price(side, liquidation, trigger);
        let near = Price::clamped(i128::from(at.ticks() + off));
        for mark in [mark, near, at] {
            let reached = as_far(side, mark, at);
            prop_assert_eq!(distance(side, mark, liquidation) <= trigger, reached, "mark {}, trigger price {}", mark, at);
        }
    }

    #[test]
    fn a_liquidation_at_a_distance_is_the_nearest_that_gives_it(
        side in side(), mark in price(), wanted in -10_000..=20_000i64,
    ) {
        let wanted = Bps::new(wanted);
        let liquidation = liquidation_at_distance(side, mark, wanted);
        let end = if side == Side::Long { Price::MIN } else { Price::MAX };
        prop_assert!(wanted <= distance(side, mark, liquidation) || liquidation == end);
        let nearer = liquidation.ticks() + if side == Side::Long { 1 } else { -1 };
        if let Ok(nearer) = Price::from_ticks(nearer) {
            prop_assert!(distance(side, mark, nearer) < wanted);
        }
    }

    #[test]
    fn distance_falls_as_the_mark_runs_against_the_position(
        side in side(), liquidation in price(), one in price(), other in price(),
    ) {
        let (better, worse) = if as_far(side, one, other) { (other, one) } else { (one, other) };
        prop_assert!(distance(side, worse, liquidation) <= distance(side, better, liquidation));
    }

    #[test]
    fn f33_margin_and_leverage_undo_each_other(quantity in quantity(), entry in price(), wanted in leverage()) {
        let margin = margin_for(quantity, entry, wanted);
        prop_assert!(margin.is_positive());
        // A margin is rounded up, and leverage to the nearest millionth.
        prop_assert!(leverage_of(quantity, entry, margin) <= wanted);
        let bought = quantity_for(margin, entry, wanted).map_or(i64::MAX, Quantity::get);
        prop_assert!(quantity.get() <= bought);
    }

    #[test]
    fn what_one_side_wins_the_other_loses(quantity in quantity(), entry in price(), exit in price(), rate in any::<i64>()) {
        let sum = pnl(Side::Long, quantity, entry, exit).get() + pnl(Side::Short, quantity, entry, exit).get();
        prop_assert!((0..=1).contains(&sum), "halves round up on both sides");
        let rate = Rate::from_hundred_millionths(rate % Rate::ONE);
        let fee = |side| funding_fee(side, quantity, rate, entry).get();
        prop_assert_eq!(fee(Side::Long), -fee(Side::Short));
    }

    #[test]
    fn adding_up_to_the_floor_is_allowed_and_one_more_sat_is_not((side, quantity, entry, margin) in position()) {
        let most = most_addable(quantity, entry, margin);
        if most.is_positive() && margin.is_positive() {
            prop_assert!(after_add_margin(side, quantity, entry, margin, most).unwrap().leverage <= Leverage::MIN);
        }
        let more = Sats::new(most.get().saturating_add(1));
        prop_assert!(after_add_margin(side, quantity, entry, margin, more).is_err() || most == Sats::MAX);
    }

    #[test]
    fn f34_no_input_panics_or_overflows(
        (side, quantity, entry, margin) in position(),
        market in price(), target in price(), amount in any::<i64>(), share in any::<i64>(), tier in any::<u8>(),
    ) {
        let (amount, bps, rate) = (Sats::new(amount), Bps::new(share), Rate::from_hundred_millionths(share));
        let measured = Leverage::measured(share);
        margin_for(quantity, entry, measured);
        quantity_for(amount, entry, measured);
        leverage_of(quantity, entry, margin);
        liquidation_at_leverage(side, quantity, entry, measured);
        fee(fee_rate(tier), quantity, market);
        fee(rate, quantity, market);
        fee_reserve(quantity, entry, market).total();
        let _ = after_add_margin(side, quantity, entry, margin, amount);
        let _ = after_cash_in(side, quantity, entry, margin, market, amount);
        let _ = after_funding(side, quantity, entry, margin, amount);
        margin_change_for_liquidation(side, quantity, entry, margin, market, target);
        funding_fee(side, quantity, rate, market);
        liquidation_at_distance(side, market, bps);
        trigger_price(side, market, bps);
    }

    #[test]
    fn the_published_estimate_comes_within_a_dollar_of_the_target(
        side in side(), dollars in 5_000..=500_000i64, entry in 20_000..=400_000i64, share in 2..=80i64,
    ) {
        let (quantity, entry) = (Quantity::new(dollars).unwrap(), Price::from_ticks(entry).unwrap());
        let shift = entry.ticks() * share / 100;
        let target = Price::from_ticks(if side == Side::Long { entry.ticks() - shift } else { entry.ticks() + shift });
        let target = target.unwrap();
        let change = margin_change_for_liquidation(side, quantity, entry, Sats::ZERO, entry, target);
        prop_assert!(margin_for_liquidation(side, quantity, entry, target) <= change);
        prop_assert!(liquidation(side, quantity, entry, change).ticks().abs_diff(target.ticks()) <= 2);
    }
}
