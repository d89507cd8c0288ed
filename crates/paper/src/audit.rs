//! What the venue was asked to change and did: the oracle that tests count on.

use domain::{AccountId, PositionId, Sats, Timestamp};

/// A call that the venue accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedCall {
    pub account: AccountId,
    /// In market time.
    pub at: Timestamp,
    pub kind: CallKind,
    /// The trade; for what concerns no isolated trade, the id of the order, transfer, swap or withdrawal.
    pub position: PositionId,
    /// What moved between the wallet and the position; `None` where nothing moves.
    pub amount: Option<Sats>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// A limit order. Amount: the margin.
    Place,
    Cancel,
    /// Amount: the margin.
    Open,
    /// Amount: what came back to the wallet.
    Close,
    AddMargin,
    CashIn,
    StopLoss,
    TrailingStop,
    TakeProfit,
    /// Amount: what moved from the wallet to the cross margin; negative the other way.
    CrossTransfer,
    CrossOrder,
    CrossCancel,
    CrossLeverage,
    /// Amount: sats bought; negative when they were sold.
    Swap,
    /// Amount: what leaves the wallet.
    Withdrawal,
}
