//! Cross margin against the numbers that others have seen at the venue.
#![cfg(test)]

use domain::{Price, Rate, Sats, Side};
use engine::contract::cross::{Contracts, CrossLeverage, CrossPosition, cross_fee, initial_margin};
use proptest::prelude::*;

const FEE: Rate = Rate::from_hundred_millionths(100_000);

fn dollars(text: &str) -> Price {
    text.parse().unwrap()
}

fn contracts(dollars: i64) -> Contracts {
    Contracts::new(dollars).unwrap()
}

fn times(times: u8) -> CrossLeverage {
    CrossLeverage::new(times).unwrap()
}

fn position(side: Side, quantity: i64, entry: &str) -> CrossPosition {
    CrossPosition { side, contracts: contracts(quantity), entry: dollars(entry) }
}

#[test]
fn the_largest_position_falls_with_leverage() {
    for (leverage, largest) in [
        (1, 15_000_000),
        (2, 14_949_495),
        (3, 14_898_990),
        (10, 14_545_455),
        (20, 14_040_405),
        (50, 12_525_255),
        (80, 11_010_105),
        (100, 10_000_000),
    ] {
        assert_eq!(Contracts::largest(times(leverage)).get(), largest, "{leverage}x");
    }
}

#[test]
fn margins_and_liquidation_are_those_of_the_venue() {
    let long = position(Side::Long, 1_000, "100000");
    let short = position(Side::Short, 1_000, "100000");
    let margin = Sats::new(500_000);
    assert_eq!(long.running_margin(times(10)).get(), 100_000);
    assert_eq!(long.maintenance_margin().get(), 1_500);
    assert_eq!(long.liquidation(margin), Some(dollars("66733.5")));
    assert_eq!(short.liquidation(margin), Some(dollars("199402")));
    assert_eq!(position(Side::Long, 2, "66834").running_margin(times(1)).get(), 2_992);
    assert!(!long.is_carried_by(Sats::new(101_500), times(10)));
    assert!(long.is_carried_by(Sats::new(101_501), times(10)));
    assert_eq!(long.free_margin(Sats::new(101_501), times(10), dollars("100000")).get(), 1);
    assert_eq!(long.liquidation(Sats::new(1_500)), None);
}

#[test]
fn entries_are_joined_by_weight_of_bitcoin() {
    let joined = |first: &str, quantity: i64, second: &str| {
        let change =
            position(Side::Long, 1_000, first).after(Side::Long, contracts(quantity), dollars(second)).unwrap();
        assert_eq!(change.realised, Sats::ZERO);
        change.position.unwrap()
    };
    let first = joined("100000", 2_000, "50000");
    assert_eq!((first.entry, first.contracts.get()), (dollars("60000"), 3_000));
    let second = joined("100000", 1_000, "200000");
    assert_eq!(second.entry, dollars("133333.5"));
    assert_eq!(second.running_margin(times(10)).get(), 149_999);
}

/// After 500,000 sats were deposited and 1,000 dollars bought at 100,000 for a fee of 1,000.
const MARGIN: i64 = 499_000;

/// What an order makes of that position: margin, and the position as it is then.
fn traded(side: Side, quantity: i64, price: &str) -> (i64, Option<CrossPosition>, i64) {
    let change = position(Side::Long, 1_000, "100000").after(side, contracts(quantity), dollars(price)).unwrap();
    let fee = cross_fee(FEE, contracts(quantity), dollars(price)).get();
    (MARGIN + change.realised.get() - fee, change.position, 1_000 + fee)
}

#[test]
fn orders_change_margin_entry_and_size_as_observed() {
    let long = position(Side::Long, 1_000, "100000");
    assert_eq!(long.free_margin(Sats::new(MARGIN), times(10), dollars("100000")).get(), 397_500);
    let (margin, after, _) = traded(Side::Long, 1_000, "200000");
    assert_eq!((margin, after.unwrap().entry), (498_500, dollars("133333.5")));
    let (margin, after, fees) = traded(Side::Short, 400, "110000");
    assert_eq!((margin, fees, after), (535_000, 1_363, Some(position(Side::Long, 600, "100000"))));
    let (margin, after, _) = traded(Side::Short, 400, "90000");
    assert_eq!((margin, after), (498_556, Some(position(Side::Long, 600, "108000"))));
    let (margin, after, fees) = traded(Side::Short, 1_000, "110000");
    assert_eq!((margin, fees, after), (589_000, 1_909, None));
    let (margin, after, fees) = traded(Side::Short, 1_500, "90000");
    assert_eq!((margin, fees, after), (386_222, 2_666, Some(position(Side::Short, 500, "90000"))));
}

#[test]
fn leverage_moves_what_is_free() {
    let (long, margin, market) = (position(Side::Long, 1_000, "100000"), Sats::new(500_000), dollars("100000"));
    assert_eq!((long.running_margin(times(20)).get(), long.running_margin(times(5)).get()), (50_000, 200_000));
    assert_eq!(long.free_margin(margin, times(20), market).get(), 448_500);
    assert_eq!(long.free_margin(margin, times(5), market).get(), 298_500);
}

#[test]
fn a_liquidation_leaves_what_the_maintenance_was_kept_for() {
    for (side, left) in [(Side::Long, 3), (Side::Short, 997)] {
        let position = position(side, 1_000, "100000");
        let exit = position.liquidation(Sats::new(MARGIN)).unwrap();
        let fee = cross_fee(FEE, position.contracts, exit);
        assert_eq!(MARGIN + position.pnl(exit).get() - fee.get(), left, "{side:?}");
    }
}

#[test]
fn funding_is_paid_by_longs_at_a_positive_rate() {
    let rate = Rate::from_hundred_millionths(50_000_000);
    assert_eq!(position(Side::Long, 1_000, "100000").funding_fee(rate, dollars("100000")).get(), 500_000);
    assert_eq!(position(Side::Short, 1_000, "100000").funding_fee(rate, dollars("100000")).get(), -500_000);
}

#[test]
fn a_loss_that_no_entry_can_carry_is_booked() {
    let change = position(Side::Long, 1_000, "100000").after(Side::Short, contracts(999), dollars("90000")).unwrap();
    assert_eq!((change.realised.get(), change.position.unwrap().entry), (-111_000, dollars("100000")));
}

proptest! {
    #[test]
    fn no_input_overflows_and_more_margin_never_brings_liquidation_nearer(
        quantity in 1_i64..=15_000_000,
        filled in 1_i64..=500_000,
        entry in 1_i64..=200_000_000,
        price in 1_i64..=200_000_000,
        margin in 0_i64..=2_100_000_000_000_000,
        more in 0_i64..=1_000_000_000,
        leverage in 1_u8..=100,
        is_long: bool,
        buys: bool,
    ) {
        let side = |long| if long { Side::Long } else { Side::Short };
        let price = Price::from_ticks(price).unwrap();
        let position = CrossPosition { side: side(is_long), contracts: contracts(quantity), entry: Price::from_ticks(entry).unwrap() };
        let margin = Sats::new(margin);
        let (near, far) = (position.liquidation(margin), position.liquidation(Sats::new(margin.get() + more)));
        match (near, far) {
            (Some(near), Some(far)) if is_long => prop_assert!(far <= near),
            (Some(near), Some(far)) => prop_assert!(near <= far),
            (Some(_), None) => prop_assert!(false, "more margin, but no liquidation price"),
            (None, _) => {}
        }
        prop_assert!(position.running_margin(times(leverage)).is_positive() && position.maintenance_margin().is_positive());
        prop_assert!(initial_margin(position.contracts, price, times(leverage)).is_positive());
        let _ = position.free_margin(margin, times(leverage), price);
        let change = position.after(side(buys), contracts(filled), price);
        if let Some(change) = change {
            let signed = |position: CrossPosition| if position.side == Side::Long { position.contracts.get() } else { -position.contracts.get() };
            let traded = if buys { filled } else { -filled };
            prop_assert_eq!(change.position.map_or(0, signed), signed(position) + traded);
        }
    }
}
