//! How the venue spells what is sent to it.

use crate::rest::number;
use domain::{Bps, Leverage, OrderSide, Price};
use serde_json::Value;

pub(super) fn dollars(price: Price) -> Value {
    number(price.dollars(), price.ticks(), domain::price::TICKS_PER_DOLLAR)
}

pub(super) fn leverage(leverage: Leverage) -> Value {
    number(leverage.times(), leverage.millionths(), Leverage::ONE_X)
}

/// A share as a fraction of one, which is what the venue takes.
pub(super) fn share(share: Bps) -> Value {
    let (whole, parts) = (share.get() / Bps::ONE.get(), share.get().unsigned_abs() % Bps::ONE.get().unsigned_abs());
    let fraction = format!("{whole}.{parts:04}").parse().unwrap_or_default();
    number(fraction, share.get(), Bps::ONE.get())
}

pub(super) const fn side(side: OrderSide) -> &'static str {
    match side {
        OrderSide::Buy => "buy",
        OrderSide::Sell => "sell",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_written_without_a_needless_decimal() {
        for (bps, text) in [(500, "0.05"), (10, "0.001"), (10_000, "1"), (15_000, "1.5"), (1, "0.0001")] {
            assert_eq!(share(Bps::new(bps)).to_string(), text);
        }
    }
}
