//! The contract's mathematics against published and recorded numbers.
//!
//! The files lie beside the project, not in it; without them the tests say so and pass, except under CI.

#![cfg(test)]

use domain::{Leverage, Price, Quantity, Rate, Sats, Side};
use engine::contract::*;
use serde_json::Value;
use std::path::Path;

fn load(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        eprintln!("SKIPPED: {} is missing", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The rows of one function in the third party's set.
fn rows(function: &str) -> Vec<Vec<Value>> {
    let Some(file) = load("margin_and_liquidation.json") else { return Vec::new() };
    let rows: Vec<Vec<Value>> = serde_json::from_value(file["functions"][function]["rows"].clone()).unwrap();
    assert!(!rows.is_empty(), "{function}");
    rows
}

fn side(cell: &Value) -> Side {
    match cell.as_str().unwrap() {
        "buy" | "b" => Side::Long,
        "sell" | "s" => Side::Short,
        other => panic!("{other}"),
    }
}

fn quantity(cell: &Value) -> Quantity {
    Quantity::new(cell.as_i64().unwrap()).unwrap()
}

fn price(cell: &Value) -> Price {
    on_tick(cell).unwrap_or_else(|| panic!("{cell} is no tick"))
}

fn on_tick(cell: &Value) -> Option<Price> {
    let dollars = cell.as_f64().unwrap();
    (dollars * 2.0).fract().eq(&0.0).then(|| Price::try_from_dollars(dollars).unwrap())
}

fn sats(cell: &Value) -> Sats {
    Sats::new(cell.as_i64().unwrap())
}

fn leverage(cell: &Value) -> Leverage {
    Leverage::try_from_times(cell.as_f64().unwrap()).unwrap()
}

#[track_caller]
fn assert_within_one(ours: i64, theirs: i64, row: &[Value]) -> usize {
    assert!(ours.abs_diff(theirs) <= 1, "{ours} is not {theirs}: {row:?}");
    usize::from(ours != theirs)
}

fn close_to(ours: Leverage, theirs: &Value) -> bool {
    let theirs = theirs.as_f64().unwrap();
    (ours.times() - theirs).abs() <= 0.000_000_5 + theirs * 1e-12
}

/// Exact, but for rows whose true value is an exact half: there doubles fall to either side, so within 1 sat. Rows of
/// more than 500,000 dollars or off the half-dollar grid are no positions of this venue.
#[test]
fn pnl_agrees_with_the_exchange() {
    let Some(file) = load("exchange_futures_pl.json") else { return };
    let read = |name: &str| -> Vec<Vec<Value>> { serde_json::from_value(file["function"][name].clone()).unwrap() };
    let (mut compared, mut differing) = (0, 0);
    for (row, halves) in
        read("rows").iter().map(|row| (row, false)).chain(read("half_edge_rows").iter().map(|row| (row, true)))
    {
        let side = side(&row[0]);
        let exit = if side == Side::Long { &row[3] } else { &row[4] };
        let (Ok(quantity), Some(entry), Some(exit)) =
            (Quantity::new(row[1].as_i64().unwrap()), on_tick(&row[2]), on_tick(exit))
        else {
            continue;
        };
        let ours = pnl(side, quantity, entry, exit).get();
        let differs = assert_within_one(ours, row[5].as_i64().unwrap(), row);
        assert!(differs == 0 || halves || is_half(side, quantity, entry, exit), "{row:?}");
        (compared, differing) = (compared + 1, differing + differs);
    }
    assert!(1_000 < compared && differing < 20, "{compared} compared, {differing} differ by 1 sat");
}

fn is_half(_: Side, quantity: Quantity, entry: Price, exit: Price) -> bool {
    let dividend = i128::from(quantity.get()) * 200_000_000 * i128::from(exit.ticks() - entry.ticks());
    let divisor = i128::from(entry.ticks()) * i128::from(exit.ticks());
    (2 * dividend).rem_euclid(2 * divisor) == divisor
}

/// Their value is not rounded, ours is.
#[test]
fn pnl_agrees_with_the_third_party_within_half_a_sat() {
    for row in rows("estimate_pl") {
        let ours = pnl(side(&row[0]), quantity(&row[1]), price(&row[2]), price(&row[3]));
        let off = (ours.get() as f64 - row[4].as_f64().unwrap()).abs();
        assert!(off <= 0.500_1, "{ours}: {row:?}");
    }
}

/// Within 1 sat: where the true value is whole, their doubles land a hair above it and round up once more.
#[test]
fn margin_agrees() {
    let differing: usize = rows("margin_from_quantity")
        .iter()
        .map(|row| {
            let ours = margin_for(quantity(&row[0]), price(&row[1]), leverage(&row[2]));
            assert_within_one(ours.get(), row[3].as_i64().unwrap(), row)
        })
        .sum();
    assert!(differing < 20, "{differing} differ");
}

#[test]
fn quantity_agrees() {
    for row in rows("quantity_from_margin") {
        let ours = quantity_for(sats(&row[0]), price(&row[1]), leverage(&row[2])).map(Quantity::get);
        assert_eq!(ours, row[3].as_i64(), "{row:?}");
    }
}

/// They refuse what is below 1x or above 100x; we measure it.
#[test]
fn leverage_agrees() {
    for row in rows("leverage_from") {
        let ours = leverage_of(quantity(&row[0]), price(&row[2]), sats(&row[1]));
        if row[3].is_null() {
            let too_high = row[4].as_str().unwrap().starts_with("TooHigh");
            assert!(if too_high { Leverage::MAX < ours } else { ours < Leverage::MIN }, "{row:?}");
        } else {
            assert!(close_to(ours, &row[3]), "{ours}: {row:?}");
        }
    }
}

/// Within one tick: where the true value lies on the border of two ticks, their doubles fall to either side.
#[test]
fn liquidation_by_leverage_agrees() {
    let differing: usize = rows("est_liquidation_from_leverage")
        .iter()
        .map(|row| {
            let ours = liquidation_at_leverage(side(&row[0]), quantity(&row[1]), price(&row[2]), leverage(&row[3]));
            assert_within_one(ours.ticks(), price(&row[4]).ticks(), row)
        })
        .sum();
    assert!(differing < 20, "{differing} differ");
}

/// Below 1x too, which the venue keeps as it is. Within one tick, as above.
#[test]
fn liquidation_by_margin_agrees() {
    let differing: usize = rows("est_liquidation_from_margin")
        .iter()
        .map(|row| {
            let ours = liquidation(side(&row[0]), quantity(&row[1]), price(&row[2]), sats(&row[3]));
            assert_within_one(ours.ticks(), price(&row[4]).ticks(), row)
        })
        .sum();
    assert!(differing < 20, "{differing} differ");
}

/// Within 1 sat: where the true fee is whole, their doubles land a hair below it and round down once more.
#[test]
fn fees_agree() {
    let differing: usize = rows("order_fee")
        .iter()
        .map(|row| {
            let rate = Rate::try_from_fraction(row[0].as_f64().unwrap() / 100.0).unwrap();
            assert_within_one(fee(rate, quantity(&row[1]), price(&row[2])).get(), row[3].as_i64().unwrap(), row)
        })
        .sum();
    assert!(differing < 20, "{differing} differ");
}

#[test]
fn opening_agrees() {
    for row in rows("open_trade") {
        let (side, entry, leverage) = (side(&row[0]), price(&row[2]), leverage(&row[3]));
        let quantity = quantity(&row[4]);
        let liquidation = liquidation_at_leverage(side, quantity, entry, leverage);
        let reserve = fee_reserve(quantity, entry, liquidation);
        assert_eq!(margin_for(quantity, entry, leverage), sats(&row[5]), "{row:?}");
        assert_eq!(liquidation, price(&row[6]), "{row:?}");
        assert_eq!((reserve.opening, reserve.closing), (sats(&row[7]), sats(&row[8])), "{row:?}");
    }
}

/// They go from margin to leverage and back in doubles and round down, which loses 1 sat of the margin in some rows: a
/// liquidation within 1 sat of margin, then.
#[track_caller]
fn assert_liquidation(side: Side, quantity: Quantity, terms: &Terms, theirs: Price, row: &[Value]) {
    let a_sat_less = liquidation(side, quantity, terms.entry, Sats::new(terms.margin.get() - 1));
    assert!(terms.liquidation == theirs || a_sat_less == theirs, "{terms:?}: {row:?}");
}

#[test]
fn added_margin_agrees() {
    for row in rows("added_margin") {
        let terms =
            after_add_margin(side(&row[0]), quantity(&row[1]), price(&row[2]), sats(&row[3]), sats(&row[4])).unwrap();
        assert_eq!(terms.margin, sats(&row[5]), "{row:?}");
        assert_liquidation(side(&row[0]), quantity(&row[1]), &terms, price(&row[7]), &row);
        assert!(close_to(terms.leverage, &row[6]), "{row:?}");
        assert_eq!(terms.entry, price(&row[2]));
    }
}

#[test]
fn cash_in_agrees() {
    for row in rows("cash_in") {
        let (side, quantity, entry, margin) = (side(&row[0]), quantity(&row[1]), price(&row[2]), sats(&row[3]));
        let terms = after_cash_in(side, quantity, entry, margin, price(&row[4]), sats(&row[5]));
        let Some(entry) = row[6].as_f64().map(|_| price(&row[6])) else {
            assert!(terms.is_err(), "{row:?}");
            continue;
        };
        let theirs = row[8].as_f64().unwrap();
        if 100.0 < theirs {
            assert_eq!(terms, Err(ChangeError::AboveHundredX), "{row:?}");
            continue;
        }
        let terms = terms.unwrap();
        assert_eq!((terms.entry, terms.margin), (entry, sats(&row[7])), "{row:?}");
        assert_liquidation(side, quantity, &terms, price(&row[9]), &row);
        assert!(close_to(terms.leverage, &row[8]), "{row:?}");
    }
}

#[test]
fn the_exchange_s_own_exact_order_agrees() {
    let Some(file) = load("exchange_docs_examples.json") else { return };
    let (request, answer) = (&file["official_v3_vector"]["request"], &file["official_v3_vector"]["answer"]);
    let (quantity, entry) = (quantity(&request["quantity"]), price(&request["price"]));
    let leverage = leverage(&request["leverage"]);
    let liquidation = liquidation_at_leverage(Side::Long, quantity, entry, leverage);
    assert_eq!(margin_for(quantity, entry, leverage), sats(&answer["entryMargin"]));
    assert_eq!(liquidation, price(&answer["liquidation"]));
    assert_eq!(fee_reserve(quantity, entry, liquidation).total(), sats(&answer["maintenanceMargin"]));
}

/// The documentation cuts the liquidation to whole dollars, hence within one dollar.
#[test]
fn the_exchange_s_worked_examples_agree() {
    let Some(file) = load("exchange_docs_examples.json") else { return };
    let example = &file["fee_example"];
    let (quantity, entry) = (quantity(&example["quantity_usd"]), price(&example["entry_price"]));
    let leverage = leverage(&example["leverage"]);
    let liquidation = liquidation_at_leverage(Side::Long, quantity, entry, leverage);
    assert!(liquidation.ticks().abs_diff(price(&example["initial_liquidation_price"]).ticks()) <= 2);
    let reserve = fee_reserve(quantity, entry, liquidation);
    assert_eq!(reserve.opening, sats(&example["opening_fee_reserved_sats"]));
    assert_within_one(reserve.closing.get(), example["closing_fee_reserved_sats_approx"].as_i64().unwrap(), &[]);
    for example in file["funding_example"].as_array().unwrap() {
        let rate = Rate::try_from_fraction(example["rate"].as_f64().unwrap()).unwrap();
        let quantity = Quantity::new(example["quantity_usd"].as_i64().unwrap()).unwrap();
        let fee = funding_fee(Side::Long, quantity, rate, price(&example["price"]));
        let pays = example["long"] == "pays";
        assert_eq!(fee.get(), if pays { 1 } else { -1 } * example["fee_sats"].as_i64().unwrap());
    }
}
