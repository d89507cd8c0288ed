//! The proof that no satoshi was made or lost.

use super::Venue;
use super::account::Account;
use crate::books::Pot;
use domain::{AccountId, Sats};

/// The books and the accounts tell different stories.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Imbalance {
    #[error("the pots add up to {0} sats instead of nothing")]
    Sum(i128),
    #[error("{pot:?} holds {booked} sats by the books and {held} by the account")]
    Pot { pot: Pot, booked: i128, held: i128 },
    #[error("the wallet of {account} is overdrawn: {balance}")]
    Overdrawn { account: AccountId, balance: Sats },
}

impl Venue {
    /// Checks that all pots add up to zero, that each account holds what the books say, and that no wallet is
    /// overdrawn.
    pub fn check_conservation(&self) -> Result<(), Imbalance> {
        match self.books.sum() {
            0 => self.accounts.values().try_for_each(|account| self.check_account(account)),
            sum => Err(Imbalance::Sum(sum)),
        }
    }

    fn check_account(&self, account: &Account) -> Result<(), Imbalance> {
        if account.balance.is_negative() {
            return Err(Imbalance::Overdrawn { account: account.id, balance: account.balance });
        }
        let all = |part: fn(&domain::Position) -> Sats| -> i128 {
            account.running.iter().map(|trade| i128::from(part(&trade.position).get())).sum()
        };
        self.check_pot(Pot::Wallet(account.id), i128::from(account.balance.get()))?;
        self.check_pot(Pot::Margin(account.id), all(|position| position.margin))?;
        self.check_pot(Pot::FeeReserve(account.id), all(|position| position.fee_reserve))
    }

    fn check_pot(&self, pot: Pot, held: i128) -> Result<(), Imbalance> {
        let booked = self.books.balance(pot);
        if booked == held { Ok(()) } else { Err(Imbalance::Pot { pot, booked, held }) }
    }
}
