//! The venue's JSON.

use crate::venue::{FundingRow, Settlement, Trade};
use domain::{Candle, Leverage, OrderSide, Price, Rate, Ticker, Timestamp, Wallet, iso8601};
use serde::Serialize;
use serde_json::Number;
use uuid::Uuid;

/// A number as JavaScript writes it: `60000`, not `60000.0`.
fn number(value: f64, whole: Option<i64>) -> Number {
    whole.map(Number::from).or_else(|| Number::from_f64(value)).unwrap_or_else(|| Number::from(0))
}

fn price(price: Price) -> Number {
    let (dollars, half) = (price.ticks() / 2, price.ticks() % 2);
    number(price.dollars(), (half == 0).then_some(dollars))
}

/// No price is 0.
fn price_or_zero(stop: Option<Price>) -> Number {
    stop.map_or(Number::from(0), price)
}

fn leverage(leverage: Leverage) -> Number {
    let (times, rest) = (leverage.millionths() / Leverage::ONE_X, leverage.millionths() % Leverage::ONE_X);
    number(leverage.times(), (rest == 0).then_some(times))
}

fn rate(rate: Rate) -> Number {
    number(rate.fraction(), (rate == Rate::ZERO).then_some(0))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TradeJson {
    id: Uuid,
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
    stoploss_trailing_distance: i64,
    takeprofit: Number,
    exit_price: Option<Number>,
    pl: i64,
    created_at: String,
    filled_at: Option<String>,
    closed_at: Option<String>,
    entry_price: Option<Number>,
    entry_margin: Option<i64>,
    open: bool,
    running: bool,
    canceled: bool,
    closed: bool,
    sum_funding_fees: i64,
    sum_cash_in_pl: i64,
    sum_cash_in_margin: i64,
    client_id: Option<String>,
}

impl From<Trade> for TradeJson {
    fn from(trade: Trade) -> TradeJson {
        let position = trade.position;
        TradeJson {
            id: position.id.uuid(),
            r#type: "market",
            side: match position.side.opening() {
                OrderSide::Buy => "buy",
                OrderSide::Sell => "sell",
            },
            opening_fee: position.opening_fee.get(),
            closing_fee: position.closing_fee.get(),
            maintenance_margin: position.fee_reserve.get(),
            quantity: position.quantity.get(),
            margin: position.margin.get(),
            leverage: leverage(position.leverage),
            price: price(position.entry),
            liquidation: price(position.liquidation),
            stoploss: price_or_zero(position.stop_loss),
            stoploss_trailing_distance: 0,
            takeprofit: price_or_zero(position.take_profit),
            exit_price: trade.exit_price().map(price),
            pl: position.pnl.get(),
            created_at: iso8601::write(position.created_at),
            filled_at: Some(iso8601::write(trade.filled_at)),
            closed_at: trade.closed_at().map(iso8601::write),
            entry_price: Some(price(trade.entry_price)),
            entry_margin: Some(trade.entry_margin.get()),
            open: false,
            running: position.is_running(),
            canceled: false,
            closed: position.is_closed(),
            sum_funding_fees: position.funding.get(),
            sum_cash_in_pl: position.cashed_in_pnl.get(),
            sum_cash_in_margin: position.cashed_in_margin.get(),
            client_id: trade.client_id,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TimeJson {
    time: String,
}

impl From<Timestamp> for TimeJson {
    fn from(at: Timestamp) -> TimeJson {
        TimeJson { time: iso8601::write(at) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TickerJson {
    time: String,
    index: Number,
    last_price: Number,
    funding_rate: Number,
    funding_time: String,
    prices: [BucketJson; 1],
    price_change24h: Option<()>,
    exchanges_weights: Weights,
}

/// Prices for orders of a size in dollars.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BucketJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    ask_price: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bid_price: Option<Number>,
    min_size: i64,
    max_size: i64,
}

/// The paper venue has no basket behind its index.
#[derive(Serialize)]
struct Weights {
    bybit: i64,
    binance: i64,
    okx: i64,
}

impl From<Ticker> for TickerJson {
    fn from(ticker: Ticker) -> TickerJson {
        let tick = ticker.tick;
        let ask_price = Some(price(tick.ask.unwrap_or(tick.last)));
        let bid_price = Some(price(tick.bid.unwrap_or(tick.last)));
        TickerJson {
            time: iso8601::write(tick.at),
            index: price(tick.index.unwrap_or(tick.last)),
            last_price: price(tick.last),
            funding_rate: rate(ticker.funding_rate),
            funding_time: iso8601::write(ticker.funding_at),
            prices: [BucketJson { ask_price, bid_price, min_size: 0, max_size: domain::Quantity::MAX.get() }],
            price_change24h: None,
            exchanges_weights: Weights { bybit: 0, binance: 0, okx: 0 },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CandleJson {
    time: String,
    open: Number,
    high: Number,
    low: Number,
    close: Number,
    volume: i64,
}

impl From<Candle> for CandleJson {
    fn from(candle: Candle) -> CandleJson {
        let Candle { at, open, high, low, close, volume } = candle;
        CandleJson {
            time: iso8601::write(at),
            open: price(open),
            high: price(high),
            low: price(low),
            close: price(close),
            volume,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettlementJson {
    id: Uuid,
    time: String,
    funding_rate: Number,
    fixing_price: Number,
}

impl From<Settlement> for SettlementJson {
    fn from(settlement: Settlement) -> SettlementJson {
        SettlementJson {
            id: settlement.id,
            time: iso8601::write(settlement.at),
            funding_rate: rate(settlement.rate),
            fixing_price: price(settlement.fixing),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FundingFeeJson {
    fee: i64,
    settlement_id: Uuid,
    time: String,
    trade_id: Uuid,
}

impl From<FundingRow> for FundingFeeJson {
    fn from(row: FundingRow) -> FundingFeeJson {
        FundingFeeJson {
            fee: row.fee.fee.get(),
            settlement_id: row.settlement,
            time: iso8601::write(row.fee.at),
            trade_id: row.fee.position.uuid(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountJson {
    id: Uuid,
    username: &'static str,
    email: Option<()>,
    balance: i64,
    synthetic_usd_balance: i64,
    fee_tier: u8,
    linking_public_key: Option<()>,
}

impl AccountJson {
    pub fn of(account: domain::AccountId, wallet: Wallet) -> AccountJson {
        AccountJson {
            id: account.uuid(),
            username: "paper",
            email: None,
            balance: wallet.balance.get(),
            synthetic_usd_balance: 0,
            fee_tier: wallet.fee_tier,
            linking_public_key: None,
        }
    }
}
