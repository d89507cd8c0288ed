//! What becomes of a running position when margin is added, cashed in or taken by funding.

use super::liquidation::liquidation;
use super::margin::{leverage_of, margin_for};
use super::pnl::{pnl_floor, ticks_at_pnl};
use domain::{Leverage, Price, Quantity, Sats, Side};

/// The terms of a position after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The effective entry; cashing in profit moves it.
    pub entry: Price,
    pub margin: Sats,
    pub leverage: Leverage,
    pub liquidation: Price,
}

/// Why the venue would refuse a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    #[error("the amount must be at least 1 sat")]
    NotPositive,
    #[error("more than {most} sats would take the position below 1x")]
    BelowOneX { most: Sats },
    #[error("the position would be left above 100x")]
    AboveHundredX,
}

impl Terms {
    fn of(side: Side, quantity: Quantity, entry: Price, margin: Sats) -> Terms {
        Terms {
            entry,
            margin,
            leverage: leverage_of(quantity, entry, margin),
            liquidation: liquidation(side, quantity, entry, margin),
        }
    }
}

/// The most that can be added before the position stands at 1x, in sats: `ceil(quantity * 10^8 / entry) - margin`.
pub fn most_addable(quantity: Quantity, entry: Price, margin: Sats) -> Sats {
    let whole = margin_for(quantity, entry, Leverage::MIN);
    Sats::new(whole.get().saturating_sub(margin.get())).or_zero()
}

/// Terms after `amount` sats were moved from the wallet to the margin; no fee is taken.
pub fn after_add_margin(
    side: Side,
    quantity: Quantity,
    entry: Price,
    margin: Sats,
    amount: Sats,
) -> Result<Terms, ChangeError> {
    let most = most_addable(quantity, entry, margin);
    if !amount.is_positive() {
        return Err(ChangeError::NotPositive);
    }
    if most < amount {
        return Err(ChangeError::BelowOneX { most });
    }
    let after = margin.checked_add(amount).map_err(|_| ChangeError::BelowOneX { most })?;
    Ok(Terms::of(side, quantity, entry, after))
}

/// Terms after `amount` sats were cashed in at `market`: first out of profit, which moves the entry, then out of the
/// margin.
pub fn after_cash_in(
    side: Side,
    quantity: Quantity,
    entry: Price,
    margin: Sats,
    market: Price,
    amount: Sats,
) -> Result<Terms, ChangeError> {
    if !amount.is_positive() {
        return Err(ChangeError::NotPositive);
    }
    let profit = pnl_floor(side, quantity, entry, market);
    let winning = match side {
        Side::Long => entry < market,
        Side::Short => market < entry,
    };
    let (entry, from_margin) = if winning && amount < profit {
        (ticks_at_pnl(side, quantity, entry, amount).map_or(Price::MAX, Price::clamped), Sats::ZERO)
    } else if winning {
        (market, amount.checked_sub(profit).map_err(|_| ChangeError::AboveHundredX)?)
    } else {
        (entry, amount)
    };
    let margin = margin.checked_sub(from_margin).map_err(|_| ChangeError::AboveHundredX)?;
    let terms = Terms::of(side, quantity, entry, margin);
    if terms.leverage <= Leverage::MAX { Ok(terms) } else { Err(ChangeError::AboveHundredX) }
}

/// Terms after a funding settlement; `None` where no margin is left.
///
/// A positive `fee` was paid out of the margin. A negative one went to the wallet and leaves the terms as they are.
pub fn after_funding(side: Side, quantity: Quantity, entry: Price, margin: Sats, fee: Sats) -> Option<Terms> {
    let left = margin.checked_sub(fee.or_zero()).ok()?;
    left.is_positive().then(|| Terms::of(side, quantity, entry, left))
}
