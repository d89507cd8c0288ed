//! An order by hand before it is sent: what it takes, where it would be liquidated, and what the exchange would refuse.

use crate::contract::{
    ChangeError, FeeReserve, Terms, after_add_margin, after_cash_in, distance, fee, fee_rate, fee_reserve,
    liquidation_at_leverage, margin_for, most_addable, pnl,
};
use domain::action::Change;
use domain::{Bps, Leverage, NewOrder, Position, Price, Quantity, Sats, Side, Tick};

/// What an order comes to. Fees are counted at the lowest tier, as the exchange counts what it sets aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderPreview {
    /// Where it would be entered: the limit, or what the market asks now.
    pub entry: Price,
    pub margin: Sats,
    pub reserve: FeeReserve,
    pub liquidation: Price,
    /// From the entry to the liquidation.
    pub distance: Bps,
    /// What is left of it at its stops, after both fees.
    pub at_stop_loss: Option<Sats>,
    pub at_take_profit: Option<Sats>,
}

impl OrderPreview {
    /// What leaves the wallet: the margin, and what is set aside for fees.
    pub fn cost(&self) -> Sats {
        Sats::new(self.margin.get().saturating_add(self.reserve.total().get()))
    }
}

/// Why the exchange would refuse a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopFault {
    /// A long's stop-loss must lie below this price, its take-profit above; a short's the other way round.
    WrongSide { price: Price },
    /// The position would be liquidated before it.
    BeyondLiquidation { liquidation: Price },
}

/// Works out an order at the newest price.
pub fn preview(order: &NewOrder, tick: &Tick) -> OrderPreview {
    let NewOrder { position, limit } = order;
    let (side, quantity) = (position.side, position.quantity);
    let entry = limit.unwrap_or(asked(side, tick));
    let liquidation = liquidation_at_leverage(side, quantity, entry, position.leverage);
    let result = |exit: Price| result_at(side, quantity, entry, exit);
    OrderPreview {
        entry,
        margin: margin_for(quantity, entry, position.leverage),
        reserve: fee_reserve(quantity, entry, liquidation),
        liquidation,
        distance: distance(side, entry, liquidation),
        at_stop_loss: position.stop_loss.map(result),
        at_take_profit: position.take_profit.map(result),
    }
}

/// What opening a position pays: the ask for a long, the bid for a short.
fn asked(side: Side, tick: &Tick) -> Price {
    match side {
        Side::Long => tick.ask.unwrap_or(tick.last),
        Side::Short => tick.bid.unwrap_or(tick.last),
    }
}

/// What is left of a position that was entered and is left at these prices, after both fees at the lowest tier's rate.
pub fn result_at(side: Side, quantity: Quantity, entry: Price, exit: Price) -> Sats {
    let fees = [entry, exit].map(|price| fee(fee_rate(0), quantity, price).get());
    let costs = fees.iter().fold(0_i64, |sum, fee| sum.saturating_add(*fee));
    Sats::new(pnl(side, quantity, entry, exit).get().saturating_sub(costs))
}

/// What the exchange would say to the stop-loss of an order.
pub fn stop_loss_fault(order: &NewOrder, tick: &Tick) -> Option<StopFault> {
    let preview = preview(order, tick);
    let (lowest, highest) = ground(order, tick, &preview);
    let stop = order.position.stop_loss?;
    stop_fault(order.position.side, stop, preview.liquidation, lowest, highest)
}

/// What the exchange would say to the take-profit of an order.
pub fn take_profit_fault(order: &NewOrder, tick: &Tick) -> Option<StopFault> {
    let preview = preview(order, tick);
    let (lowest, highest) = ground(order, tick, &preview);
    target_fault(order.position.side, order.position.take_profit?, lowest, highest)
}

/// The prices that must lie between the stops of a new order: its entry, and where it could be closed at once.
fn ground(order: &NewOrder, tick: &Tick, preview: &OrderPreview) -> (Price, Price) {
    let market = order.limit.unwrap_or(tick.mark(order.position.side));
    (market.min(preview.entry), market.max(preview.entry))
}

/// The same of a position that runs, with its own liquidation.
pub fn stop_fault_of(position: &Position, mark: Price, price: Price) -> Option<StopFault> {
    stop_fault(position.side, price, position.liquidation, mark, mark)
}

pub fn target_fault_of(position: &Position, mark: Price, price: Price) -> Option<StopFault> {
    target_fault(position.side, price, mark, mark)
}

fn stop_fault(side: Side, stop: Price, liquidation: Price, lowest: Price, highest: Price) -> Option<StopFault> {
    match side {
        Side::Long if lowest <= stop => Some(StopFault::WrongSide { price: lowest }),
        Side::Short if stop <= highest => Some(StopFault::WrongSide { price: highest }),
        Side::Long if stop < liquidation => Some(StopFault::BeyondLiquidation { liquidation }),
        Side::Short if liquidation < stop => Some(StopFault::BeyondLiquidation { liquidation }),
        _ => None,
    }
}

fn target_fault(side: Side, target: Price, lowest: Price, highest: Price) -> Option<StopFault> {
    match side {
        Side::Long if target <= highest => Some(StopFault::WrongSide { price: highest }),
        Side::Short if lowest <= target => Some(StopFault::WrongSide { price: lowest }),
        _ => None,
    }
}

/// The terms of a running position after a change; those it has where the change moves none.
pub fn terms_after(position: &Position, change: Change, mark: Price) -> Result<Terms, ChangeError> {
    let Position { side, quantity, entry, margin, .. } = *position;
    match change {
        Change::AddMargin { amount } => after_add_margin(side, quantity, entry, margin, amount),
        Change::CashIn { amount } => after_cash_in(side, quantity, entry, margin, mark, amount),
        _ => Ok(Terms { entry, margin, leverage: position.leverage, liquidation: position.liquidation }),
    }
}

/// The most that can be moved into a position with `free` sats in the wallet.
pub fn most_to_add(position: &Position, free: Sats) -> Sats {
    most_addable(position.quantity, position.entry, position.margin).min(free.or_zero())
}

/// The most that can be cashed in at `mark`, to the sat: profit, and the margin above 100x.
pub fn most_to_cash_in(position: &Position, mark: Price) -> Sats {
    let is_allowed = |sats: i64| {
        let amount = Sats::new(sats);
        terms_after(position, Change::CashIn { amount }, mark).is_ok()
    };
    let profit = pnl(position.side, position.quantity, position.entry, mark).or_zero();
    let (mut least, mut most) = (0, profit.get().saturating_add(position.margin.get()));
    while least < most {
        let middle = least.saturating_add(most.saturating_sub(least).saturating_add(1) / 2);
        if is_allowed(middle) { least = middle } else { most = middle.saturating_sub(1) }
    }
    Sats::new(least)
}

/// The largest quantity that `budget` pays for, fees set aside; `None` where it pays for none.
pub fn most_quantity(
    side: Side,
    leverage: Leverage,
    limit: Option<Price>,
    tick: &Tick,
    budget: Sats,
) -> Option<Quantity> {
    let affords = |dollars: i64| {
        let position = domain::position::NewPosition {
            side,
            quantity: Quantity::new(dollars).ok()?,
            leverage,
            stop_loss: None,
            take_profit: None,
        };
        (preview(&NewOrder { position, limit }, tick).cost() <= budget).then_some(position.quantity)
    };
    let (mut least, mut most) = (0, Quantity::MAX.get());
    while least < most {
        let middle = least.saturating_add(most.saturating_sub(least).saturating_add(1) / 2);
        if affords(middle).is_some() { least = middle } else { most = middle.saturating_sub(1) }
    }
    affords(least)
}
