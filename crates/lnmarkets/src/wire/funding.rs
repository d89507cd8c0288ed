//! What funding settlements took or gave.

use crate::number::{Time, Whole};
use domain::PositionId;
use domain::position::FundingFee;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FundingFeeWire {
    fee: Whole,
    time: Time,
    trade_id: Option<PositionId>,
}

impl FundingFeeWire {
    pub fn fee(self) -> Option<FundingFee> {
        self.trade_id.map(|position| self.fee_of(position))
    }

    /// A row that names no trade belongs to the one that was asked for.
    pub fn fee_of(self, asked: PositionId) -> FundingFee {
        FundingFee { position: self.trade_id.unwrap_or(asked), at: self.time.0, fee: self.fee.into() }
    }
}
