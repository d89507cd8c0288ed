//! The contract's mathematics against single numbers that the exchange and its users have published.

#![cfg(test)]

use domain::{Leverage, Price, Quantity, Rate, Sats, Side};
use engine::contract::*;

fn dollars(text: &str) -> Price {
    text.parse().unwrap()
}

fn quantity(dollars: i64) -> Quantity {
    Quantity::new(dollars).unwrap()
}

fn times(times: i64) -> Leverage {
    Leverage::for_order(times * Leverage::ONE_X).unwrap()
}

fn sats(sats: i64) -> Sats {
    Sats::new(sats)
}

#[test]
fn margin_and_quantity() {
    let margin = |leverage| margin_for(quantity(5), dollars("95000"), times(leverage)).get();
    assert_eq!([1, 2, 50, 100].map(margin), [5_264, 2_632, 106, 53]);
    assert_eq!(quantity_for(sats(10_000), dollars("100000"), times(10)), Some(quantity(100)));
    assert_eq!(quantity_for(sats(1), dollars("100"), times(1)), None);
    assert_eq!(quantity_for(Sats::MAX, Price::MAX, Leverage::MAX), None);
}

#[test]
fn liquidation_by_leverage() {
    let check = |side, size, entry: &str, leverage, expected: &str| {
        let ours = liquidation_at_leverage(side, quantity(size), dollars(entry), times(leverage));
        assert_eq!(ours, dollars(expected), "{side:?} {size}@{entry} {leverage}x");
    };
    check(Side::Long, 1_000, "110000", 1, "55000");
    check(Side::Long, 1_000, "110000", 100, "108911");
    check(Side::Short, 1_000, "110000", 1, "100000000");
    check(Side::Short, 1_000, "110000", 100, "111111");
    check(Side::Long, 10, "90000", 10, "81819");
    check(Side::Long, 1_000, "100000", 10, "90909");
    check(Side::Short, 1_000, "100000", 10, "111111");
    check(Side::Long, 60, "60000", 10, "54545.5");
    let explicit = |side| liquidation(side, quantity(1_000), dollars("100000"), sats(500_000));
    assert_eq!([Side::Long, Side::Short].map(explicit), [dollars("66666.5"), dollars("200000")]);
    let below_one = liquidation_at_leverage(Side::Long, quantity(10), dollars("1000"), Leverage::measured(1));
    assert_eq!(below_one, dollars("500"));
}

/// The facts round P&L down; the venue's own function to the nearest, so within 1 sat.
#[test]
fn pnl_between_prices() {
    let check = |size, entry: &str, exit: &str, long: i64| {
        let ours = |side| pnl(side, quantity(size), dollars(entry), dollars(exit)).get();
        assert!(ours(Side::Long).abs_diff(long) <= 1 && ours(Side::Short).abs_diff(-long) <= 1, "{entry} to {exit}");
    };
    check(10, "50000", "55000", 1_818);
    check(10, "50000", "46000", -1_740);
    check(10, "50000", "45000", -2_222);
    check(1, "50000", "55000", 181);
    check(1, "1", "1.5", 33_333_333);
    check(500_000, "95000000", "100000000", 26_315);
    check(500_000, "50000", "50500", 9_900_990);
}

#[test]
fn fees_and_what_is_set_aside_for_them() {
    let reserve = |liquidation| fee_reserve(quantity(1_000), dollars("100000"), dollars(liquidation));
    assert_eq!(reserve("90909"), FeeReserve { opening: sats(1_000), closing: sats(1_100) });
    assert_eq!(reserve("111111"), FeeReserve { opening: sats(1_000), closing: sats(900) });
    assert_eq!(reserve("90909").total(), sats(2_100));
    assert_eq!(
        [0, 1, 2, 3, 255].map(|tier| fee_rate(tier).hundred_millionths()),
        [100_000, 80_000, 70_000, 60_000, 60_000]
    );
}

#[test]
fn adding_margin() {
    let check = |entry: &str, leverage, amount, expected: i64, long: &str, short: &str| {
        let (quantity, entry) = (quantity(1_000), dollars(entry));
        let margin = margin_for(quantity, entry, times(leverage));
        let terms = |side| after_add_margin(side, quantity, entry, margin, sats(amount)).unwrap();
        assert_eq!(terms(Side::Long).leverage.millionths(), expected);
        assert_eq!([Side::Long, Side::Short].map(|side| terms(side).liquidation), [dollars(long), dollars(short)]);
    };
    check("100000", 10, 50_000, 6_666_667, "86956.5", "117647");
    check("100000", 10, 100_000, 5_000_000, "83333.5", "125000");
    check("50000", 50, 50_000, 22_222_222, "47847", "52356");
    let add = |amount| after_add_margin(Side::Long, quantity(1_000), dollars("100000"), sats(100_000), sats(amount));
    assert_eq!(add(900_000).map(|terms| terms.leverage), Ok(times(1)));
    assert_eq!(add(900_001), Err(ChangeError::BelowOneX { most: sats(900_000) }));
    assert_eq!([add(0), add(-1)], [Err(ChangeError::NotPositive); 2]);
}

#[test]
fn cashing_in() {
    let check = |side, market: &str, amount, entry: &str, margin, leverage: f64, liquidation: &str| {
        let (quantity, from) = (quantity(1_000), dollars("100000"));
        let terms = after_cash_in(side, quantity, from, sats(100_000), dollars(market), sats(amount)).unwrap();
        assert_eq!(
            (terms.entry, terms.margin, terms.liquidation),
            (dollars(entry), sats(margin), dollars(liquidation))
        );
        assert!((terms.leverage.times() - leverage).abs() < 0.000_001, "{leverage}");
    };
    check(Side::Long, "110000", 40_000, "104166.5", 100_000, 9.600_015_360, "94339.5");
    check(Side::Long, "110000", 90_909, "110000", 100_000, 9.090_909_090, "99099");
    check(Side::Long, "110000", 150_000, "110000", 40_909, 22.222_271_605, "105263");
    check(Side::Long, "98000", 40_000, "100000", 60_000, 16.666_666_666, "94339.5");
    check(Side::Short, "92000", 30_000, "97087.5", 100_000, 10.299_987_125, "107527");
    check(Side::Short, "92000", 86_956, "92000", 100_000, 10.869_565_217, "101321.5");
    check(Side::Short, "92000", 150_000, "92000", 36_956, 29.412_179_936, "95238");
    check(Side::Short, "102000", 40_000, "100000", 60_000, 16.666_666_666, "106383");
    let too_much =
        after_cash_in(Side::Long, quantity(1_000), dollars("100000"), sats(100_000), dollars("98000"), sats(90_001));
    assert_eq!(too_much, Err(ChangeError::AboveHundredX));
}

#[test]
fn what_a_target_liquidation_takes() {
    let check = |side, market: &str, target: &str, expected| {
        let (quantity, entry, margin) = (quantity(1_000), dollars("100000"), sats(100_000));
        let change = margin_change_for_liquidation(side, quantity, entry, margin, dollars(market), dollars(target));
        assert_eq!(change, sats(expected), "{target}");
    };
    check(Side::Long, "110000", "95000", -47_368);
    check(Side::Long, "110000", "105000", -147_618);
    check(Side::Long, "110000", "85000", 76_471);
    check(Side::Short, "90000", "105000", -52_380);
    check(Side::Short, "90000", "95000", -152_631);
    check(Side::Short, "90000", "121000", 73_554);
}

#[test]
fn funding() {
    let fee = |side, size, price: &str, rate| {
        funding_fee(side, quantity(size), Rate::from_hundred_millionths(rate), dollars(price)).get()
    };
    assert_eq!(fee(Side::Long, 10_000, "60000", 10_000), 1_667);
    assert_eq!(fee(Side::Short, 10_000, "60000", 10_000), -1_667);
    assert_eq!(fee(Side::Short, 10_000, "60000", -10_000), 1_667);
    assert_eq!(fee(Side::Long, 500, "100000", 100_000), 500);
    assert_eq!(fee(Side::Long, 1_000, "100000", 1_000_000), 10_000);
    assert_eq!(fee(Side::Long, 10, "30000", 10_000), 3);
    let after = |fee| after_funding(Side::Long, quantity(1_000), dollars("100000"), sats(100_000), sats(fee));
    let terms = after(100).unwrap();
    assert_eq!(
        (terms.margin, terms.leverage.millionths(), terms.liquidation),
        (sats(99_900), 10_010_010, dollars("90917.5"))
    );
    assert_eq!(after(-100).map(|terms| terms.margin), Some(sats(100_000)));
    assert_eq!(after(100_000), None);
}
