//! The proof that no satoshi was made or lost.

use super::Venue;
use super::account::Account;
use crate::books::{Books, Pot};
use domain::{AccountId, Sats};

/// The books and the accounts tell different stories.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Imbalance {
    #[error("the pots add up to {0} sats instead of nothing")]
    Sum(i128),
    #[error("the pots of synthetic dollars add up to {0} cents instead of nothing")]
    Cents(i128),
    #[error("{pot:?} holds {booked} by the books and {held} by the account")]
    Pot { pot: Pot, booked: i128, held: i128 },
    #[error("the wallet of {account} is overdrawn: {balance}")]
    Overdrawn { account: AccountId, balance: Sats },
}

impl Venue {
    /// Checks that all pots add up to zero, that each account holds what the books say, and that no wallet and no cross
    /// margin is overdrawn.
    pub fn check_conservation(&self) -> Result<(), Imbalance> {
        match (self.journal.books.sum(), self.journal.cents.sum()) {
            (0, 0) => self.accounts.values().try_for_each(|account| self.check_account(account)),
            (0, cents) => Err(Imbalance::Cents(cents)),
            (sum, _) => Err(Imbalance::Sum(sum)),
        }
    }

    fn check_account(&self, account: &Account) -> Result<(), Imbalance> {
        for balance in [account.balance, account.cross.margin, Sats::new(account.cents)] {
            if balance.is_negative() {
                return Err(Imbalance::Overdrawn { account: account.id, balance });
            }
        }
        let all = |part: fn(&domain::Position) -> Sats| -> i128 {
            let trades = account.running.iter().chain(&account.resting);
            trades.map(|trade| i128::from(part(&trade.position).get())).sum()
        };
        let sats = &self.journal.books;
        check_pot(sats, Pot::Wallet(account.id), i128::from(account.balance.get()))?;
        check_pot(sats, Pot::Margin(account.id), all(|position| position.margin))?;
        check_pot(sats, Pot::FeeReserve(account.id), all(|position| position.fee_reserve))?;
        check_pot(sats, Pot::CrossMargin(account.id), i128::from(account.cross.margin.get()))?;
        check_pot(&self.journal.cents, Pot::Wallet(account.id), i128::from(account.cents))
    }
}

fn check_pot(books: &Books, pot: Pot, held: i128) -> Result<(), Imbalance> {
    let booked = books.balance(pot);
    if booked == held { Ok(()) } else { Err(Imbalance::Pot { pot, booked, held }) }
}
