//! What is asked of a replay, as typed and as checked.

use super::dataset::Window;
use super::limits::{self, LimitsError};
use super::number::{decimal, whole};
use clap::{Args, ValueEnum};
use domain::guard_policy::{GuardPolicyDraft, GuardPolicyError};
use domain::{AtLimit, Bps, Candle, GuardPolicy, GuardScope, Leverage, Millis, Price, Quantity, Sats, Side, Timestamp};
use engine::contract;
use std::path::PathBuf;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The position is opened at the open of the first candle of the window.
#[derive(Clone, Debug, Args)]
pub struct ReplayArguments {
    /// Candle file: timestamp,open,high,low,close,volume (unix seconds, oldest first), plain or gzip.
    #[arg(long, value_name = "FILE")]
    pub candles: PathBuf,
    #[arg(long, value_enum)]
    pub side: SideArgument,
    /// Size of the position in US dollars, 1 to 500000.
    #[arg(long, value_name = "USD", allow_negative_numbers = true)]
    pub quantity: String,
    /// 1 to 100.
    #[arg(long, value_name = "TIMES", allow_negative_numbers = true)]
    pub leverage: String,
    /// The guard protects when the distance to liquidation falls to this, in percent.
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true)]
    pub trigger: String,
    /// The distance that a top-up restores, in percent.
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true)]
    pub target: String,
    /// per_action, per_position, per_day, reserve (sats), cooldown (30s, 5m, 1h), max_actions. Left out: per_action
    /// 100000, per_position five times that, per_day the same, reserve 0, cooldown 1m, max_actions 20.
    #[arg(long, value_name = "NAME=VALUE,…", default_value = "", hide_default_value = true)]
    pub limits: String,
    /// What the guard does when a limit stops it while the position is at risk.
    #[arg(long, value_enum, default_value = "alert-only")]
    pub at_limit: AtLimitArgument,
    /// The plain stop-loss to compare with: a price, or a percentage of the entry such as 3%. Left out: halfway between
    /// entry and liquidation.
    #[arg(long, value_name = "PRICE|PERCENT%")]
    pub stop_loss: Option<String>,
    /// First moment: unix seconds, 2021-12-04 or 2021-12-04T05:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// The moment before which it ends.
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// What is in the wallet before the position is opened.
    #[arg(long, value_name = "SATS", default_value = "1000000", allow_negative_numbers = true)]
    pub wallet: String,
    /// The venue's fee tier, 0 to 3.
    #[arg(long, value_name = "TIER", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3))]
    pub fee_tier: u8,
    /// Past funding: timestamp,funding_rate (unix seconds), plain or gzip. Left out: no funding is paid.
    #[arg(long, value_name = "FILE")]
    pub funding: Option<PathBuf>,
    /// Prints JSON: sats, basis points, and unix milliseconds.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SideArgument {
    Long,
    Short,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AtLimitArgument {
    AlertOnly,
    Close,
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentsError {
    #[error("--quantity must be a whole number of dollars from 1 to 500000, not {0:?}")]
    Quantity(String),
    #[error("--leverage must be from 1 to 100, not {0:?}")]
    Leverage(String),
    #[error("{name} must be a percentage with at most two decimals, such as 2.5, not {text:?}")]
    Percent { name: &'static str, text: String },
    #[error(transparent)]
    Limits(#[from] LimitsError),
    #[error("this guard is impossible: {0}")]
    Policy(#[from] GuardPolicyError),
    #[error(
        "--stop-loss must be a price on the losing side of the entry {entry}, or a percentage such as 3%, not {text:?}"
    )]
    StopLoss { entry: Price, text: String },
    #[error("{name} must be unix seconds, 2021-12-04 or 2021-12-04T05:00:00Z, not {text:?}")]
    Time { name: &'static str, text: String },
    #[error("--wallet must be a whole number of sats, not {0:?}")]
    Wallet(String),
}

/// The question with every value checked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub side: Side,
    pub quantity: Quantity,
    pub leverage: Leverage,
    pub entry: Price,
    pub liquidation: Price,
    pub policy: GuardPolicy,
    pub stop_loss: Price,
    pub wallet: Sats,
    pub fee_tier: u8,
    pub has_funding: bool,
}

impl ReplayArguments {
    pub fn window(&self) -> Result<Window, ArgumentsError> {
        let moment = |name, text: &Option<String>| text.as_deref().map(|text| time(name, text)).transpose();
        Ok((moment("--from", &self.from)?, moment("--to", &self.to)?))
    }
}

impl Question {
    /// The question about a position that is opened at the open of `first`.
    pub fn of(arguments: &ReplayArguments, first: &Candle) -> Result<Question, ArgumentsError> {
        let side = match arguments.side {
            SideArgument::Long => Side::Long,
            SideArgument::Short => Side::Short,
        };
        let quantity = whole(&arguments.quantity).and_then(|dollars| Quantity::new(dollars).ok());
        let quantity = quantity.ok_or_else(|| ArgumentsError::Quantity(arguments.quantity.clone()))?;
        let leverage = decimal(&arguments.leverage, 6).and_then(|times| Leverage::for_order(times).ok());
        let leverage = leverage.ok_or_else(|| ArgumentsError::Leverage(arguments.leverage.clone()))?;
        let entry = first.open;
        let liquidation = contract::liquidation_at_leverage(side, quantity, entry, leverage);
        let stop_loss = match &arguments.stop_loss {
            None => halfway(entry, liquidation),
            Some(text) => {
                stop_loss(side, entry, text).ok_or_else(|| ArgumentsError::StopLoss { entry, text: text.clone() })?
            }
        };
        let wallet = whole(&arguments.wallet).ok_or_else(|| ArgumentsError::Wallet(arguments.wallet.clone()))?;
        Ok(Question {
            side,
            quantity,
            leverage,
            entry,
            liquidation,
            policy: policy(arguments)?,
            stop_loss,
            wallet: Sats::new(wallet),
            fee_tier: arguments.fee_tier,
            has_funding: arguments.funding.is_some(),
        })
    }
}

fn policy(arguments: &ReplayArguments) -> Result<GuardPolicy, ArgumentsError> {
    let percent = |name, text: &String| {
        decimal(text, 2).map(Bps::new).ok_or_else(|| ArgumentsError::Percent { name, text: text.clone() })
    };
    Ok(GuardPolicy::new(GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: percent("--trigger", &arguments.trigger)?,
        target: percent("--target", &arguments.target)?,
        limits: limits::parse(&arguments.limits)?,
        at_limit: match arguments.at_limit {
            AtLimitArgument::AlertOnly => AtLimit::AlertOnly,
            AtLimitArgument::Close => AtLimit::Close,
            AtLimitArgument::Nothing => AtLimit::Nothing,
        },
    })?)
}

fn halfway(entry: Price, liquidation: Price) -> Price {
    Price::clamped((i128::from(entry.ticks()) + i128::from(liquidation.ticks())).div_euclid(2))
}

/// A stop where it makes sense: below the entry of a long, above that of a short.
fn stop_loss(side: Side, entry: Price, text: &str) -> Option<Price> {
    let price = match text.strip_suffix('%') {
        Some(percent) => {
            let away = i128::from(entry.ticks()) * i128::from(decimal(percent, 2)?) / i128::from(Bps::ONE.get());
            let ticks = match side {
                Side::Long => i128::from(entry.ticks()) - away,
                Side::Short => i128::from(entry.ticks()) + away,
            };
            i64::try_from(ticks).ok().and_then(|ticks| Price::from_ticks(ticks).ok())?
        }
        None => text.parse().ok()?,
    };
    let losing = match side {
        Side::Long => price < entry,
        Side::Short => entry < price,
    };
    losing.then_some(price)
}

fn time(name: &'static str, text: &str) -> Result<Timestamp, ArgumentsError> {
    let seconds = whole(text).or_else(|| {
        let whole_day = if text.len() == 10 { "T00:00:00Z" } else { "" };
        OffsetDateTime::parse(&format!("{text}{whole_day}"), &Rfc3339).ok().map(OffsetDateTime::unix_timestamp)
    });
    let seconds = seconds.ok_or_else(|| ArgumentsError::Time { name, text: text.to_owned() })?;
    Ok(Timestamp::EPOCH.plus(Millis::from_secs(seconds)))
}
