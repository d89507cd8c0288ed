//! What anyone may know beside the price.

use crate::number::{Number, Time, Whole};
use domain::{Price, Rate, Sats, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A funding settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingSettlement {
    pub id: String,
    pub at: Timestamp,
    /// Positive means that longs paid shorts.
    pub rate: Rate,
    /// To the nearest half dollar; the venue's own may lie between.
    pub fixing: Price,
}

/// What a synthetic dollar costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BestPrice {
    pub ask: Price,
    pub bid: Price,
}

/// The best traders of each period, as the venue names the periods.
pub type Leaderboard = BTreeMap<String, Vec<Leader>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leader {
    pub username: String,
    pub pnl: Sats,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettlementWire {
    id: String,
    time: Time,
    funding_rate: Number,
    fixing_price: Number,
}

impl SettlementWire {
    pub fn settlement(self) -> Result<FundingSettlement, &'static str> {
        let rate = self.funding_rate.rate().ok_or("the rate is no rate")?;
        let fixing = self.fixing_price.price().ok_or("the fixing is no price")?;
        Ok(FundingSettlement { id: self.id, at: self.time.0, rate, fixing })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BestPriceWire {
    ask_price: Number,
    bid_price: Number,
}

impl BestPriceWire {
    pub fn prices(&self) -> Option<BestPrice> {
        Some(BestPrice { ask: self.ask_price.price()?, bid: self.bid_price.price()? })
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct LeaderWire {
    username: String,
    pl: Whole,
}

pub(crate) fn leaderboard(periods: BTreeMap<String, Vec<LeaderWire>>) -> Leaderboard {
    let leader = |LeaderWire { username, pl }: LeaderWire| Leader { username, pnl: pl.into() };
    periods.into_iter().map(|(period, leaders)| (period, leaders.into_iter().map(leader).collect())).collect()
}
