//! What the venue was asked to change and did: the oracle that tests count on.

use domain::{AccountId, PositionId, Sats, Timestamp};

/// A call that the venue accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptedCall {
    pub account: AccountId,
    /// In market time.
    pub at: Timestamp,
    pub kind: CallKind,
    pub position: PositionId,
    /// What moved between the wallet and the position; `None` where nothing moves.
    pub amount: Option<Sats>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Amount: the margin.
    Open,
    /// Amount: what came back to the wallet.
    Close,
    AddMargin,
    CashIn,
    StopLoss,
    TakeProfit,
}
