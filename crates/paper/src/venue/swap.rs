//! Swaps between bitcoin and synthetic dollars.

use super::{Venue, refusal};
use crate::audit::CallKind;
use crate::books::Pot;
use domain::money::SATS_PER_BITCOIN;
use domain::price::TICKS_PER_DOLLAR;
use domain::{AccountId, PositionId, Price, Sats, Timestamp};
use exchange::Rejection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The least bitcoin that can be swapped.
const LEAST_SATS: i64 = 1_000;
const CENTS_PER_DOLLAR: i64 = 100;

/// What is given for the other currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sold {
    Sats(i64),
    Cents(i64),
}

/// A swap that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    pub id: Uuid,
    pub at: Timestamp,
    pub sold: Sold,
    /// In the other currency than `sold`.
    pub bought: i64,
}

impl Venue {
    /// Swaps at the best price: bitcoin is sold at the bid and bought at the ask; what is bought is rounded down.
    pub fn swap(&mut self, account: AccountId, sold: Sold) -> Result<Swap, Rejection> {
        let (tick, quotes) = self.market()?;
        let [best, ..] = quotes.0;
        let bought = bought(sold, best.bid, best.ask)?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let (sats, cents) = match sold {
            Sold::Sats(sats) => (sats.saturating_neg(), bought),
            Sold::Cents(cents) => (bought, cents.saturating_neg()),
        };
        let balance = owner.balance.checked_add(Sats::new(sats)).map_err(refusal::too_large)?;
        let dollars = owner.cents.checked_add(cents).ok_or_else(|| refusal::bad_request("Amount is too large"))?;
        if balance.is_negative() || dollars < 0 {
            return Err(refusal::insufficient_balance());
        }
        (owner.balance, owner.cents) = (balance, dollars);
        let wallet = Pot::Wallet(account);
        self.journal.books.post(Pot::Swaps, wallet, Sats::new(sats));
        self.journal.cents.post_units(Pot::Swaps, wallet, cents);
        let swap = Swap { id: self.ids.uuid(), at: tick.at, sold, bought };
        owner.swaps.push(swap);
        self.record(CallKind::Swap, account, PositionId::from_uuid(swap.id), Some(Sats::new(sats)));
        Ok(swap)
    }
}

fn bought(sold: Sold, bid: Price, ask: Price) -> Result<i64, Rejection> {
    let per_cent = i128::from(SATS_PER_BITCOIN * TICKS_PER_DOLLAR);
    let bought = match sold {
        Sold::Sats(sats) if sats < LEAST_SATS => {
            return Err(refusal::bad_request(format!("At least {LEAST_SATS} sats can be swapped")));
        }
        Sold::Cents(cents) if cents < 1 => return Err(refusal::bad_request("Amount must be positive")),
        Sold::Sats(sats) => i128::from(sats) * i128::from(bid.ticks() * CENTS_PER_DOLLAR) / per_cent,
        Sold::Cents(cents) => i128::from(cents) * per_cent / i128::from(ask.ticks() * CENTS_PER_DOLLAR),
    };
    match i64::try_from(bought) {
        Ok(0) => Err(refusal::bad_request("Amount is too small")),
        Ok(bought) => Ok(bought),
        Err(_) => Err(refusal::bad_request("Amount is too large")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swaps_are_priced_as_in_the_documentation() {
        let (bid, ask) = (Price::from_ticks(39_990).unwrap(), Price::from_ticks(40_010).unwrap());
        assert_eq!(bought(Sold::Sats(1_000_000), bid, ask).unwrap(), 19_995);
        assert_eq!(bought(Sold::Cents(10_000), bid, ask).unwrap(), 499_875);
        for nothing in [Sold::Sats(999), Sold::Sats(-1), Sold::Cents(0), Sold::Cents(-5), Sold::Cents(i64::MIN)] {
            assert!(bought(nothing, bid, ask).is_err());
        }
        let (low, high) = (Price::MIN, Price::MAX);
        assert!(bought(Sold::Cents(i64::MAX), low, low).is_err());
        assert!(bought(Sold::Cents(1), high, high).is_err(), "less than a sat");
        assert!(bought(Sold::Sats(i64::MAX), high, high).is_err());
    }
}
