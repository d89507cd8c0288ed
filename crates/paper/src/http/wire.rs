//! The venue's JSON.

pub(super) mod account;
pub(super) mod cross;
pub(super) mod market;
pub(super) mod trade;

use domain::{Leverage, OrderSide, Price, Rate};
use serde_json::Number;

/// A number as JavaScript writes it: `60000`, not `60000.0`.
fn number(value: f64, whole: Option<i64>) -> Number {
    whole.map(Number::from).or_else(|| Number::from_f64(value)).unwrap_or_else(|| Number::from(0))
}

pub(super) fn price(price: Price) -> Number {
    let (dollars, half) = (price.ticks() / 2, price.ticks() % 2);
    number(price.dollars(), (half == 0).then_some(dollars))
}

/// No price is 0.
pub(super) fn price_or_zero(stop: Option<Price>) -> Number {
    stop.map_or(Number::from(0), price)
}

pub(super) fn leverage(leverage: Leverage) -> Number {
    let (times, rest) = (leverage.millionths() / Leverage::ONE_X, leverage.millionths() % Leverage::ONE_X);
    number(leverage.times(), (rest == 0).then_some(times))
}

pub(super) fn rate(rate: Rate) -> Number {
    number(rate.fraction(), (rate == Rate::ZERO).then_some(0))
}

/// Dollars from cents.
#[expect(clippy::cast_precision_loss, reason = "a JSON number; cents stay far below 2^53")]
pub(super) fn dollars(cents: i64) -> Number {
    number(cents as f64 / 100.0, (cents % 100 == 0).then_some(cents / 100))
}

/// A fraction from its millionths.
#[expect(clippy::cast_precision_loss, reason = "a JSON number; at most 10^7")]
pub(super) fn fraction(millionths: i64) -> Number {
    number(millionths as f64 / 1e6, (millionths % 1_000_000 == 0).then_some(millionths / 1_000_000))
}

pub(super) const fn side(side: OrderSide) -> &'static str {
    match side {
        OrderSide::Buy => "buy",
        OrderSide::Sell => "sell",
    }
}
