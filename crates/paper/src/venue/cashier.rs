//! What comes into a wallet from outside and leaves it: bookkeeping only, no coin moves anywhere.

mod address;
mod invoice;
mod notice;

pub use address::AddressFormat;
pub use notice::{Notice, Notified};

use super::account::Account;
use super::changes::check_amount;
use super::event::Event;
use super::journal::Journal;
use super::{LARGEST_DEPOSIT, Venue, refusal};
use crate::audit::CallKind;
use crate::books::Pot;
use domain::{AccountId, Millis, Overflow, PositionId, Sats, Timestamp, Wallet};
use exchange::Rejection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Unused addresses that one account may have.
const MOST_UNUSED: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    Lightning,
    Bitcoin,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    pub id: Uuid,
    pub network: Network,
    pub amount: Sats,
    /// Payment hash or transaction id, in hex.
    pub reference: String,
    pub comment: Option<String>,
    pub created_at: Timestamp,
    /// When it reached the wallet.
    pub settled_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    pub id: Uuid,
    pub network: Network,
    pub amount: Sats,
    /// An invoice or an address.
    pub destination: String,
    /// Payment hash in hex; nothing for an address.
    pub reference: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub address: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Cashier {
    /// Each in the order they were made.
    pub deposits: Vec<Deposit>,
    pub withdrawals: Vec<Withdrawal>,
    pub addresses: Vec<Address>,
    pub notices: Vec<Notice>,
    /// Deposits that have not reached the wallet.
    pending: usize,
}

impl Venue {
    /// Adds play money to a wallet, as a bitcoin deposit that is final.
    pub fn deposit(&mut self, account: AccountId, amount: Sats) -> Result<Wallet, Rejection> {
        if !amount.is_positive() || LARGEST_DEPOSIT < amount {
            return Err(refusal::bad_request("Amount must be positive"));
        }
        let at = self.tick.map(|tick| tick.at).unwrap_or_default();
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        owner.balance = owner.balance.checked_add(amount).map_err(refusal::too_large)?;
        let (id, reference) = (self.ids.uuid(), reference(&mut self.ids));
        let (network, settled_at) = (Network::Bitcoin, Some(at));
        let deposit = Deposit { id, network, amount, reference, comment: None, created_at: at, settled_at };
        self.journal.books.post(Pot::Outside, Pot::Wallet(account), amount);
        owner.cashier.deposits.push(deposit.clone());
        let balance = owner.balance;
        self.journal.tell(account, || Event::Deposit { deposit, balance });
        Ok(owner.wallet(at))
    }

    /// Asks for an invoice that pays itself after a while. Answers the deposit and the invoice.
    pub fn deposit_by_lightning(
        &mut self,
        account: AccountId,
        amount: Sats,
        comment: Option<String>,
    ) -> Result<(Deposit, String), Rejection> {
        check_amount(amount)?;
        if LARGEST_DEPOSIT < amount {
            return Err(refusal::bad_request("Amount is too large"));
        }
        let (tick, _) = self.market()?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let (id, reference) = (self.ids.uuid(), reference(&mut self.ids));
        let (created_at, settled_at) = (tick.at, None);
        let invoice = invoice::write(amount, &mut self.ids);
        let deposit = Deposit { id, network: Network::Lightning, amount, reference, comment, created_at, settled_at };
        owner.cashier.deposits.push(deposit.clone());
        owner.cashier.pending += 1;
        Ok((deposit, invoice))
    }

    /// Pays an invoice that names an amount. Answers the withdrawal and the most that its routing could have cost.
    pub fn withdraw_by_lightning(
        &mut self,
        account: AccountId,
        invoice: &str,
    ) -> Result<(Withdrawal, Sats), Rejection> {
        let amount = invoice::amount(invoice).ok_or_else(|| refusal::bad_request("Send a correct BOLT 11 invoice"))?;
        let most_fees = Sats::new((amount.get() / 200).max(1));
        let reference = invoice::payment_hash(invoice);
        let withdrawal = self.withdraw(account, Network::Lightning, amount, most_fees, invoice, reference)?;
        Ok((withdrawal, most_fees))
    }

    /// Asks for a payment to an address; at the venue people process it.
    pub fn withdraw_on_chain(
        &mut self,
        account: AccountId,
        address: &str,
        amount: Sats,
    ) -> Result<Withdrawal, Rejection> {
        check_amount(amount)?;
        if !address::is_address(address) {
            return Err(refusal::bad_request("Invalid address"));
        }
        self.withdraw(account, Network::Bitcoin, amount, Sats::ZERO, address, String::new())
    }

    fn withdraw(
        &mut self,
        account: AccountId,
        network: Network,
        amount: Sats,
        fees: Sats,
        destination: &str,
        reference: String,
    ) -> Result<Withdrawal, Rejection> {
        let (tick, _) = self.market()?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let needed = amount.checked_add(fees).map_err(refusal::too_large)?;
        if owner.balance < needed {
            return Err(refusal::insufficient_balance());
        }
        owner.balance = owner.balance.checked_sub(amount).map_err(refusal::too_large)?;
        self.journal.books.post(Pot::Wallet(account), Pot::Outside, amount);
        let (id, destination) = (self.ids.uuid(), destination.to_owned());
        let withdrawal = Withdrawal { id, network, amount, destination, reference, created_at: tick.at };
        owner.cashier.withdrawals.push(withdrawal.clone());
        let (told, balance) = (withdrawal.clone(), owner.balance);
        self.journal.tell(account, || Event::Withdrawal { withdrawal: told, balance });
        self.record(CallKind::Withdrawal, account, PositionId::from_uuid(id), Some(amount));
        Ok(withdrawal)
    }

    /// The newest address; the first is made when it is asked for.
    pub fn address(&mut self, account: AccountId) -> Result<Address, Rejection> {
        let owner = self.accounts.get(&account).ok_or_else(refusal::unknown_account)?;
        match owner.cashier.addresses.last() {
            Some(address) => Ok(address.clone()),
            None => self.new_address(account, AddressFormat::Taproot),
        }
    }

    /// An address that nobody has the key of.
    pub fn new_address(&mut self, account: AccountId, format: AddressFormat) -> Result<Address, Rejection> {
        let at = self.tick.map(|tick| tick.at).unwrap_or_default();
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        if MOST_UNUSED <= owner.cashier.addresses.len() {
            return Err(refusal::bad_request("You have too many unused addresses"));
        }
        let address = Address { address: address::write(format, &mut self.ids), created_at: at };
        owner.cashier.addresses.push(address.clone());
        Ok(address)
    }
}

impl Account {
    /// Deposits by lightning reach the wallet some time after they were asked for.
    pub fn settle_deposits(&mut self, at: Timestamp, delay: Millis, journal: &mut Journal) -> Result<(), Overflow> {
        if self.cashier.pending == 0 {
            return Ok(());
        }
        for deposit in &mut self.cashier.deposits {
            if deposit.settled_at.is_none() && deposit.created_at.plus(delay) <= at {
                self.balance = self.balance.checked_add(deposit.amount)?;
                deposit.settled_at = Some(at);
                self.cashier.pending = self.cashier.pending.saturating_sub(1);
                journal.books.post(Pot::Outside, Pot::Wallet(self.id), deposit.amount);
                self.cashier.notices.push(Notice::of_deposit(deposit, at));
                let (deposit, balance) = (deposit.clone(), self.balance);
                journal.tell(self.id, || Event::Deposit { deposit, balance });
            }
        }
        Ok(())
    }
}

/// 32 bytes in hex.
fn reference(ids: &mut crate::random::Chance) -> String {
    (0..4).map(|_| format!("{:016x}", ids.next_u64())).collect()
}
