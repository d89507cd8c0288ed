//! An order with all that its fill comes to.

use super::depth::Quotes;
use super::refusal;
use super::stops::Ground;
use super::trade::{Approach, NewTrade, Order, OrderKind, Size, Trade};
use crate::books::{Books, Pot};
use domain::position::PositionState;
use domain::{AccountId, Leverage, Position, PositionId, Price, Quantity, Sats, Timestamp};
use engine::contract::{self, FeeReserve};
use exchange::Rejection;

pub(super) struct Quote {
    entry: Price,
    quantity: Quantity,
    margin: Sats,
    liquidation: Price,
    reserve: FeeReserve,
    /// Where the trade could be closed now; the limit where it has one.
    market: Price,
    approach: Approach,
}

impl Quote {
    pub fn of(new: &NewTrade, quotes: &Quotes) -> Result<Quote, Rejection> {
        let Order { side, size, leverage, .. } = new.order;
        let leverage =
            Leverage::for_order(leverage.millionths()).map_err(|error| refusal::bad_request(error.to_string()))?;
        // What a margin buys depends on the price, and the price on what it buys: the smallest size's price comes first.
        let guess = match size {
            Size::Quantity(quantity) => quantity.get(),
            Size::Margin(margin) => {
                contract::quantity_for(margin, quotes.entry(side, 1), leverage).map_or(1, Quantity::get)
            }
        };
        let entry = new.limit.unwrap_or(quotes.entry(side, guess));
        let (quantity, margin) = match size {
            Size::Quantity(quantity) => (quantity, contract::margin_for(quantity, entry, leverage)),
            Size::Margin(margin) => {
                let quantity = contract::quantity_for(margin, entry, leverage);
                (quantity.ok_or_else(|| refusal::bad_request("Quantity must be from 1 to 500000"))?, margin)
            }
        };
        let liquidation = contract::liquidation_at_leverage(side, quantity, entry, leverage);
        let reserve = contract::fee_reserve(quantity, entry, liquidation);
        let market = new.limit.unwrap_or(quotes.exit(side, quantity.get()));
        let approach = Approach::of(quotes.entry(side, quantity.get()), entry);
        Ok(Quote { entry, quantity, margin, liquidation, reserve, market, approach })
    }

    pub fn check_stops(&self, order: &Order) -> Result<(), Rejection> {
        let (lowest, highest) = (self.market.min(self.entry), self.market.max(self.entry));
        let ground = Ground { side: order.side, liquidation: self.liquidation, lowest, highest };
        order.stop_loss.map_or(Ok(()), |price| ground.check_stop_loss(price))?;
        order.take_profit.map_or(Ok(()), |price| ground.check_take_profit(price))
    }

    /// What leaves the wallet when the order is placed.
    pub fn debit(&self) -> Result<Sats, Rejection> {
        self.margin.checked_add(self.reserve.total()).map_err(refusal::too_large)
    }

    pub fn book(&self, account: AccountId, books: &mut Books) {
        books.post(Pot::Wallet(account), Pot::Margin(account), self.margin);
        books.post(Pot::Wallet(account), Pot::FeeReserve(account), self.reserve.total());
    }

    /// The trade before its fill.
    pub fn trade(&self, id: PositionId, new: &NewTrade, at: Timestamp) -> Trade {
        let NewTrade { order, limit, trailing } = new;
        let position = Position {
            id,
            side: order.side,
            quantity: self.quantity,
            margin: self.margin,
            leverage: order.leverage,
            entry: self.entry,
            liquidation: self.liquidation,
            stop_loss: order.stop_loss,
            take_profit: order.take_profit,
            fee_reserve: self.reserve.total(),
            pnl: Sats::ZERO,
            opening_fee: Sats::ZERO,
            closing_fee: Sats::ZERO,
            funding: Sats::ZERO,
            cashed_in_margin: Sats::ZERO,
            cashed_in_pnl: Sats::ZERO,
            state: PositionState::Resting,
            created_at: at,
        };
        Trade {
            position,
            kind: limit.map_or(OrderKind::Market, |_| OrderKind::Limit),
            entry_price: self.entry,
            entry_margin: self.margin,
            filled_at: None,
            trailing: *trailing,
            client_id: order.client_id.clone(),
            close_reason: None,
            approach: self.approach,
        }
    }
}
