//! Isolated trades and what funding took from them.

use super::{fraction, leverage, price, price_or_zero, side};
use crate::venue::{CrossFundingRow, FundingRow, OrderKind, Trade};
use domain::position::PositionState;
use domain::{AccountId, iso8601};
use serde::Serialize;
use serde_json::Number;
use uuid::Uuid;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TradeJson {
    id: Uuid,
    uid: Uuid,
    r#type: &'static str,
    side: &'static str,
    opening_fee: i64,
    closing_fee: i64,
    maintenance_margin: i64,
    quantity: i64,
    margin: i64,
    leverage: Number,
    price: Number,
    liquidation: Number,
    stoploss: Number,
    stoploss_trailing_distance: Number,
    takeprofit: Number,
    exit_price: Option<Number>,
    pl: i64,
    created_at: String,
    filled_at: Option<String>,
    closed_at: Option<String>,
    entry_price: Option<Number>,
    entry_margin: i64,
    open: bool,
    running: bool,
    canceled: bool,
    closed: bool,
    sum_funding_fees: i64,
    sum_cash_in_pl: i64,
    sum_cash_in_margin: i64,
    client_id: Option<String>,
}

impl TradeJson {
    pub fn of(owner: AccountId, trade: Trade) -> TradeJson {
        let position = trade.position;
        TradeJson {
            id: position.id.uuid(),
            uid: owner.uuid(),
            r#type: kind(trade.kind),
            side: side(position.side.opening()),
            opening_fee: position.opening_fee.get(),
            closing_fee: position.closing_fee.get(),
            maintenance_margin: position.fee_reserve.get(),
            quantity: position.quantity.get(),
            margin: position.margin.get(),
            leverage: leverage(position.leverage),
            price: price(position.entry),
            liquidation: price(position.liquidation),
            stoploss: price_or_zero(position.stop_loss),
            stoploss_trailing_distance: fraction(trade.trailing.map_or(0, |distance| distance.millionths())),
            takeprofit: price_or_zero(position.take_profit),
            exit_price: trade.exit_price().map(price),
            pl: position.pnl.get(),
            created_at: iso8601::write(position.created_at),
            filled_at: trade.filled_at.map(iso8601::write),
            closed_at: trade.closed_at().map(iso8601::write),
            entry_price: trade.filled_at.map(|_| price(trade.entry_price)),
            entry_margin: trade.entry_margin.get(),
            open: matches!(position.state, PositionState::Resting),
            running: position.is_running(),
            canceled: matches!(position.state, PositionState::Canceled { .. }),
            closed: position.is_closed(),
            sum_funding_fees: position.funding.get(),
            sum_cash_in_pl: position.cashed_in_pnl.get(),
            sum_cash_in_margin: position.cashed_in_margin.get(),
            client_id: trade.client_id,
        }
    }
}

pub(in crate::http) const fn kind(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Market => "market",
        OrderKind::Limit => "limit",
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FundingFeeJson {
    fee: i64,
    settlement_id: Uuid,
    time: String,
    /// Nothing for the cross position.
    trade_id: Option<Uuid>,
}

impl From<FundingRow> for FundingFeeJson {
    fn from(row: FundingRow) -> FundingFeeJson {
        FundingFeeJson {
            fee: row.fee.fee.get(),
            settlement_id: row.settlement,
            time: iso8601::write(row.fee.at),
            trade_id: Some(row.fee.position.uuid()),
        }
    }
}

impl From<CrossFundingRow> for FundingFeeJson {
    fn from(row: CrossFundingRow) -> FundingFeeJson {
        FundingFeeJson {
            fee: row.fee.get(),
            settlement_id: row.settlement,
            time: iso8601::write(row.at),
            trade_id: None,
        }
    }
}
