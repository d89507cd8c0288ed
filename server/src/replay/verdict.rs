//! The answer in one sentence.

use super::Answer;
use super::report::{date, sats};
use super::story::limit_name;
use domain::Reason;
use domain::ledger::Limit;
use engine::replay::{Fate, ReplayOutcome};

pub fn sentence(answer: &Answer) -> String {
    let Answer { none, guard, .. } = answer;
    let spent = format!("{} ({} sats)", top_ups(guard), sats(guard.sats_added));
    match (none.fate, guard.fate) {
        (Fate::Liquidated, Fate::Open) => format!(
            "Verdict: saved. Without a guard this position was liquidated on {}; the guard kept it open with {spent}, \
             and it never came nearer to liquidation than {} %.",
            date(none.at),
            guard.lowest_distance
        ),
        (Fate::Liquidated, Fate::Liquidated) => format!(
            "Verdict: NOT saved. The guard kept to its limits{}: {spent}, and the position was liquidated on {}{}. \
             What was added was lost as well.",
            limit_that_stopped(guard).map(|limit| format!(" ({})", limit_name(limit))).unwrap_or_default(),
            date(guard.at),
            later(none, guard)
        ),
        (_, Fate::Closed) => format!(
            "Verdict: closed by the guard on {} after {spent}{}; without a guard it {}.",
            date(guard.at),
            limit_that_stopped(guard).map(|limit| format!(", because {}", limit_name(limit))).unwrap_or_default(),
            without(none)
        ),
        (_, Fate::Liquidated) => {
            format!("Verdict: NOT saved. The position was liquidated on {} after {spent}.", date(guard.at))
        }
        (_, Fate::Open) if guard.top_ups == 0 => {
            "Verdict: nothing happened. The position never came near enough to its liquidation for the guard to act."
                .to_owned()
        }
        (_, Fate::Open) => format!("Verdict: it would have survived without a guard, too; the guard used {spent}."),
    }
}

fn top_ups(guard: &ReplayOutcome) -> String {
    match guard.top_ups {
        0 => "no top-up".to_owned(),
        1 => "1 top-up".to_owned(),
        many => format!("{many} top-ups"),
    }
}

fn later(none: &ReplayOutcome, guard: &ReplayOutcome) -> String {
    match guard.at.since(none.at).get() / 60_000 {
        0 => String::new(),
        minutes @ 1..120 => format!(", {minutes} minutes later than without"),
        minutes => format!(", {} hours later than without", minutes / 60),
    }
}

fn without(none: &ReplayOutcome) -> String {
    match none.fate {
        Fate::Liquidated => format!("was liquidated on {}", date(none.at)),
        Fate::Open | Fate::Closed => "stayed open".to_owned(),
    }
}

/// The limit that the guard last ran into.
fn limit_that_stopped(guard: &ReplayOutcome) -> Option<Limit> {
    guard.decisions.iter().rev().find_map(|decision| match decision.reason {
        Reason::LimitReached { limit, .. } | Reason::WouldClose { limit } => Some(limit),
        Reason::WouldAddMargin { capped_by, .. } => capped_by,
        _ => None,
    })
}
