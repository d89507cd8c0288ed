//! `axisor stop`, `axisor resume` and `axisor thaw`: what they are told.

use super::StorageArguments;
use clap::{ArgGroup, Args};
use domain::{AccountId, PositionId};

#[derive(Clone, Debug, Args)]
pub struct StopArguments {
    /// The account to stop; without it, everything on this database.
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
    /// Stops the guards as well: positions are no longer saved from liquidation.
    #[arg(long)]
    pub guards: bool,
    /// Leaves orders that wait at the exchange where they are; else they are canceled, those placed by hand as well.
    #[arg(long)]
    pub keep_orders: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Debug, Args)]
pub struct ResumeArguments {
    /// The account to go on with; without it, the switch for everything is released.
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
    /// Lets the guards go on as well.
    #[arg(long)]
    pub guards: bool,
    /// Arms the breaker again, and releases no switch.
    #[arg(long, conflicts_with_all = ["account", "guards"])]
    pub breaker: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("verdict").required(true))]
pub struct ThawArguments {
    #[arg(long, value_name = "ID")]
    pub account: AccountId,
    #[arg(long, value_name = "ID")]
    pub position: PositionId,
    /// The frozen top-up happened, or may have: it counts as spent.
    #[arg(long, group = "verdict")]
    pub happened: bool,
    /// The frozen top-up did not happen: it counts no more.
    #[arg(long, group = "verdict")]
    pub did_not_happen: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}
