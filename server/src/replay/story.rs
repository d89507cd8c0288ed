//! The guard's decisions, one sentence each.

use super::report::{date, sats};
use domain::Reason;
use domain::ledger::Limit;
use engine::replay::ReplayOutcome;

/// A story longer than this keeps its beginning and its end.
const MOST: usize = 40;

pub fn told(outcome: &ReplayOutcome) -> String {
    let lines: Vec<String> = outcome
        .decisions
        .iter()
        .map(|decision| {
            let said = sentence(&decision.reason);
            format!(
                "  {}  price {:>9}  distance {:>7} %  {said}",
                date(decision.at),
                decision.price.to_string(),
                decision.distance.to_string()
            )
        })
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    let told = match lines.len().checked_sub(MOST) {
        None | Some(0) => lines.join("\n"),
        Some(left_out) => {
            let (begin, end) = (&lines[..MOST / 2], &lines[lines.len() - MOST / 2..]);
            format!("{}\n  … {left_out} more (--json has them all) …\n{}", begin.join("\n"), end.join("\n"))
        }
    };
    format!("What the guard decided:\n{told}")
}

fn sentence(reason: &Reason) -> String {
    match reason {
        Reason::AboveTrigger { trigger, .. } => format!("held: above the trigger of {trigger} %"),
        Reason::AtTarget { target, .. } => format!("held: the margin of the target of {target} % is there"),
        Reason::CooldownActive { until } => format!("held: cooldown until {}", date(*until)),
        Reason::WouldAddMargin { amount, wanted, capped_by: Some(limit) } => {
            format!("added {} of {} sats: {}", sats(*amount), sats(*wanted), limit_name(*limit))
        }
        Reason::WouldAddMargin { amount, .. } => format!("added {} sats", sats(*amount)),
        Reason::WouldClose { limit } => format!("closed the position: {}", limit_name(*limit)),
        Reason::LimitReached { limit, wanted, .. } => {
            format!("refused {} sats: {}", sats(*wanted), limit_name(*limit))
        }
        Reason::PositionLiquidated { exit, margin_lost } => {
            format!("LIQUIDATED at {exit}, {} sats of margin lost", sats(*margin_lost))
        }
        other => format!("{other:?}"),
    }
}

/// The limit in words.
pub fn limit_name(limit: Limit) -> &'static str {
    match limit {
        Limit::PerAction => "the limit per action",
        Limit::PerPosition => "the limit per position is spent",
        Limit::PerDay => "the limit per day is spent",
        Limit::WalletReserve => "nothing is left above the wallet's reserve",
        Limit::MaxActions => "the number of actions is used up",
        Limit::OneX => "more would take it below 1x",
    }
}
