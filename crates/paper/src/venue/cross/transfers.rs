//! Margin and leverage of a cross account. Each call either does all of it or refuses and changes nothing.

use super::{CrossTransfer, CrossView};
use crate::audit::CallKind;
use crate::books::Pot;
use crate::venue::changes::check_amount;
use crate::venue::depth::Quotes;
use crate::venue::event::CrossPositionEvent;
use crate::venue::{Venue, refusal};
use domain::{AccountId, PositionId, Sats, Timestamp};
use engine::contract::cross::{Contracts, CrossLeverage, CrossPosition};
use exchange::Rejection;

impl Venue {
    /// Moves sats from the wallet to the cross margin.
    pub fn cross_deposit(&mut self, account: AccountId, amount: Sats) -> Result<CrossView, Rejection> {
        check_amount(amount)?;
        let (tick, quotes) = self.market()?;
        let owner = self.accounts.get(&account).ok_or_else(refusal::unknown_account)?;
        if owner.balance < amount {
            return Err(refusal::insufficient_balance());
        }
        self.transfer(account, amount, tick.at, &quotes)
    }

    /// Moves sats from the cross margin to the wallet: at most what is free, and less than that while a position is
    /// held.
    pub fn cross_withdraw(&mut self, account: AccountId, amount: Sats) -> Result<CrossView, Rejection> {
        check_amount(amount)?;
        let (tick, quotes) = self.market()?;
        let owner = self.accounts.get(&account).ok_or_else(refusal::unknown_account)?;
        let held = owner.cross.position;
        let free = owner.cross.free(held.map(|held| quotes.exit(held.side, held.contracts.get())));
        if free < amount || (held.is_some() && free == amount) {
            return Err(refusal::bad_request("Insufficient margin"));
        }
        self.transfer(account, Sats::new(amount.get().saturating_neg()), tick.at, &quotes)
    }

    /// Sets the leverage. Where the margin would not carry the position, its profit is booked if that is enough.
    pub fn cross_set_leverage(&mut self, account: AccountId, leverage: CrossLeverage) -> Result<CrossView, Rejection> {
        let (tick, quotes) = self.market()?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        if let Some(held) = owner.cross.position {
            if Contracts::largest(leverage) < held.contracts {
                return Err(refusal::bad_request("The position is too large for this leverage"));
            }
            if !held.is_carried_by(owner.cross.margin, leverage) {
                let market = quotes.exit(held.side, held.contracts.get());
                let profit = held.pnl(market);
                let margin = owner.cross.margin.checked_add(profit).map_err(refusal::too_large)?;
                let moved = CrossPosition { entry: market, ..held };
                if !profit.is_positive() || !moved.is_carried_by(margin, leverage) {
                    return Err(refusal::bad_request("Insufficient margin"));
                }
                owner.cross.realised = owner.cross.realised.checked_add(profit).map_err(refusal::too_large)?;
                owner.cross.margin = margin;
                owner.cross.position = Some(moved);
                self.journal.books.post(Pot::House, Pot::CrossMargin(account), profit);
            }
        }
        owner.cross.leverage = leverage;
        owner.cross.updated_at = tick.at;
        owner.tell_cross(CrossPositionEvent::Leverage, &quotes, &mut self.journal);
        let view = owner.cross.view(|side, contracts| Some(quotes.exit(side, contracts.get())));
        self.record(CallKind::CrossLeverage, account, PositionId::from_uuid(view.id), None);
        Ok(view)
    }

    fn transfer(
        &mut self,
        account: AccountId,
        amount: Sats,
        at: Timestamp,
        quotes: &Quotes,
    ) -> Result<CrossView, Rejection> {
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let balance = owner.balance.checked_sub(amount).map_err(refusal::too_large)?;
        let margin = owner.cross.margin.checked_add(amount).map_err(refusal::too_large)?;
        (owner.balance, owner.cross.margin, owner.cross.updated_at) = (balance, margin, at);
        self.journal.books.post(Pot::Wallet(account), Pot::CrossMargin(account), amount);
        let id = self.ids.uuid();
        owner.cross.transfers.push(CrossTransfer { id, amount, at });
        let happened = if amount.is_positive() { CrossPositionEvent::Deposit } else { CrossPositionEvent::Withdraw };
        owner.tell_cross(happened, quotes, &mut self.journal);
        let view = owner.cross.view(|side, contracts| Some(quotes.exit(side, contracts.get())));
        self.record(CallKind::CrossTransfer, account, PositionId::from_uuid(id), Some(amount));
        Ok(view)
    }
}
