//! What happens to isolated trades, as the stream tells of it.

use crate::client_id::ClientId;
use crate::number::{Number, Time, Whole};
use domain::{PositionId, Price, Sats, Timestamp};
use serde::Deserialize;

/// Top-ups, cash-ins and changed stops are not among them: the venue does not tell of those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsolatedEventKind {
    Opened,
    Filled,
    Closed,
    StopLoss,
    TakeProfit,
    Liquidated,
    Canceled,
    Funding,
    /// One that is newer than this program.
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IsolatedEvent {
    pub kind: IsolatedEventKind,
    pub position: PositionId,
    pub at: Option<Timestamp>,
    pub exit: Option<Price>,
    /// Of a closed trade; the venue does not tell it of a liquidation.
    pub pnl: Option<Sats>,
    /// After an opening or a funding.
    pub margin: Option<Sats>,
    pub liquidation: Option<Price>,
    /// Positive was paid.
    pub funding_fee: Option<Sats>,
    pub client_id: Option<ClientId>,
}

#[derive(Debug, Deserialize)]
pub(super) struct IsolatedWire {
    event: String,
    trade: TradeEventWire,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TradeEventWire {
    id: PositionId,
    created_at: Option<Time>,
    closed_at: Option<Time>,
    funded_at: Option<Time>,
    exit_price: Option<Number>,
    liquidation_price: Option<Number>,
    pl: Option<Whole>,
    margin: Option<Whole>,
    funding_fee: Option<Whole>,
    client_id: Option<String>,
}

impl IsolatedWire {
    pub fn event(self) -> IsolatedEvent {
        let trade = self.trade;
        let at = trade.closed_at.or(trade.funded_at).or(trade.created_at);
        IsolatedEvent {
            kind: kind(&self.event),
            position: trade.id,
            at: at.map(|time| time.0),
            exit: trade.exit_price.and_then(Number::price),
            pnl: trade.pl.map(Sats::from),
            margin: trade.margin.map(Sats::from),
            liquidation: trade.liquidation_price.and_then(Number::price),
            funding_fee: trade.funding_fee.map(Sats::from),
            client_id: ClientId::read(trade.client_id),
        }
    }
}

fn kind(event: &str) -> IsolatedEventKind {
    match event {
        "open" => IsolatedEventKind::Opened,
        "filled" => IsolatedEventKind::Filled,
        "closed" => IsolatedEventKind::Closed,
        "stoploss" => IsolatedEventKind::StopLoss,
        "takeprofit" => IsolatedEventKind::TakeProfit,
        "liquidation" => IsolatedEventKind::Liquidated,
        "canceled" => IsolatedEventKind::Canceled,
        "funding" => IsolatedEventKind::Funding,
        _ => IsolatedEventKind::Other,
    }
}
