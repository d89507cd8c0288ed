//! The exchange port in the same process: one account of the venue, without a wire in between.

use crate::venue::{AccountEvent, NewTrade, Order, SharedVenue, Trade};
use async_trait::async_trait;
use domain::position::{FundingFee, NewPosition};
use domain::{AccountId, ActionId, NewOrder, Position, PositionId, Price, Sats, Timestamp, Wallet};
use exchange::{AccountCall, AccountFeed, Exchange, Outcome, Priority, ReadError, Rejection};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// One account of a paper venue. Its calls are never unknown: there is no wire to lose them.
#[derive(Clone, Debug)]
pub struct PaperAccount {
    venue: SharedVenue,
    account: AccountId,
}

impl PaperAccount {
    pub fn new(venue: SharedVenue, account: AccountId) -> PaperAccount {
        PaperAccount { venue, account }
    }

    /// What happens to the account from now on.
    pub fn feed(&self) -> PaperAccountFeed {
        PaperAccountFeed { account: self.account, events: self.venue.events(), ended: false }
    }

    fn check_account(&self) -> Result<Wallet, ReadError> {
        let wallet = self.venue.lock().wallet(self.account);
        wallet.ok_or_else(|| ReadError::Unauthorized("the paper venue has no such account".to_owned()))
    }
}

/// What the venue tells of one account.
pub struct PaperAccountFeed {
    account: AccountId,
    events: broadcast::Receiver<AccountEvent>,
    ended: bool,
}

#[async_trait]
impl AccountFeed for PaperAccountFeed {
    async fn next_call(&mut self) -> AccountCall {
        while !self.ended {
            match self.events.recv().await {
                Ok(event) if event.account == self.account => return AccountCall::Changed,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return AccountCall::Rebuilt,
                Err(RecvError::Closed) => {
                    self.ended = true;
                    return AccountCall::Lost("the paper venue has gone".to_owned());
                }
            }
        }
        std::future::pending().await
    }
}

fn positions(trades: Vec<Trade>) -> Vec<Position> {
    trades.into_iter().map(|trade| trade.position).collect()
}

/// A venue that has no price yet has not judged the call, but it has not done it either.
fn outcome(answer: Result<Trade, Rejection>) -> Outcome<Position> {
    match answer {
        Ok(trade) => Outcome::Done(trade.position),
        Err(rejection) => Outcome::Rejected(rejection),
    }
}

#[async_trait]
impl Exchange for PaperAccount {
    async fn fetch_wallet(&self, _priority: Priority) -> Result<Wallet, ReadError> {
        self.check_account()
    }

    async fn fetch_running(&self, _priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.check_account()?;
        Ok(positions(self.venue.lock().running(self.account)))
    }

    async fn fetch_resting(&self, _priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.check_account()?;
        Ok(positions(self.venue.lock().resting(self.account)))
    }

    async fn fetch_closed(&self, since: Timestamp, _priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.check_account()?;
        Ok(positions(self.venue.lock().closed(self.account, since)))
    }

    async fn fetch_canceled(&self, since: Timestamp, _priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.check_account()?;
        Ok(positions(self.venue.lock().canceled(self.account, since)))
    }

    async fn fetch_funding_fees(
        &self,
        position: PositionId,
        since: Timestamp,
        _priority: Priority,
    ) -> Result<Vec<FundingFee>, ReadError> {
        self.check_account()?;
        let mut fees = self.venue.lock().funding_fees(self.account);
        fees.retain(|fee| fee.position == position && since <= fee.at);
        Ok(fees)
    }

    async fn find_order(
        &self,
        name: ActionId,
        since: Timestamp,
        _priority: Priority,
    ) -> Result<Option<Position>, ReadError> {
        self.check_account()?;
        let (venue, name) = (self.venue.lock(), name.to_string());
        let ended = venue.closed(self.account, since).into_iter().chain(venue.canceled(self.account, since));
        let mut all = venue.running(self.account).into_iter().chain(venue.resting(self.account)).chain(ended);
        Ok(all.find(|trade| trade.client_id.as_deref() == Some(&*name)).map(|trade| trade.position))
    }

    async fn submit_order(&self, name: ActionId, order: NewOrder) -> Outcome<Position> {
        let NewOrder { position, limit } = order;
        let order = Order { client_id: Some(name.to_string()), ..Order::from(position) };
        outcome(self.venue.lock().submit(self.account, NewTrade { order, limit, trailing: None }))
    }

    async fn cancel_order(&self, order: PositionId) -> Outcome<Position> {
        outcome(self.venue.lock().cancel(self.account, order))
    }

    async fn cancel_orders(&self) -> Outcome<Vec<Position>> {
        match self.venue.lock().cancel_all(self.account) {
            Ok(trades) => Outcome::Done(positions(trades)),
            Err(rejection) => Outcome::Rejected(rejection),
        }
    }

    async fn open_position(&self, order: NewPosition) -> Outcome<Position> {
        outcome(self.venue.lock().open(self.account, order.into()))
    }

    async fn close_position(&self, position: PositionId) -> Outcome<Position> {
        outcome(self.venue.lock().close(self.account, position))
    }

    async fn add_margin(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        outcome(self.venue.lock().add_margin(self.account, position, amount))
    }

    async fn cash_in(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        outcome(self.venue.lock().cash_in(self.account, position, amount))
    }

    async fn set_stop_loss(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        outcome(self.venue.lock().set_stop_loss(self.account, position, price))
    }

    async fn set_take_profit(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        outcome(self.venue.lock().set_take_profit(self.account, position, price))
    }
}
