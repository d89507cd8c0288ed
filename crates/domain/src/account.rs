//! An account at an exchange, as the trader knows it.

use crate::{Access, AccountId, Sats};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Whose money is at stake; shown on every screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Play money on the paper exchange.
    Paper,
    /// Play money on LN Markets' signet.
    Signet,
    /// Real money on LN Markets.
    Live,
}

impl Mode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Mode::Paper => "paper",
            Mode::Signet => "signet",
            Mode::Live => "live",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mode is paper, signet or live")]
pub struct ModeError;

impl FromStr for Mode {
    type Err = ModeError;

    fn from_str(text: &str) -> Result<Mode, ModeError> {
        [Mode::Paper, Mode::Signet, Mode::Live].into_iter().find(|mode| mode.as_str() == text).ok_or(ModeError)
    }
}

/// An account as somebody sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    pub id: AccountId,
    pub name: String,
    pub mode: Mode,
    /// What the reader has to do with it.
    #[serde(default)]
    pub access: Access,
}

/// Why a guard has no effect though it is armed: its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFault {
    /// The exchange does not accept it any more.
    Refused,
    /// It lacks what guarding takes.
    Lacks,
    /// It may take money out of the account, which no key of ours may.
    MayWithdraw,
    /// The exchange does not serve the place that the server speaks from.
    PlaceRefused,
}

/// The free money of an account at the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// What is free to be used as margin, in sats.
    pub balance: Sats,
    /// The venue's fee tier, 0 to 3.
    pub fee_tier: u8,
}
