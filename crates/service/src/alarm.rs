//! Where alarms leave the program: beside the ledger, so that one which cannot be stored is heard all the same.

use domain::{AtLimit, LedgerEntry, LedgerOutcome, Reason};

/// Ways to a person. Raising never waits and never fails.
pub trait AlarmSink: Send + Sync {
    /// An alarm as the ledger holds it; its number is 0 where the ledger does not hold it (yet).
    fn raise(&self, alarm: &LedgerEntry);
}

/// No way at all: alarms stay in the ledger and on the pages.
pub(crate) struct Unheard;

impl AlarmSink for Unheard {
    fn raise(&self, _alarm: &LedgerEntry) {}
}

/// Whether a person must hear of it wherever they are.
pub(crate) fn is_alarm(entry: &LedgerEntry) -> bool {
    match entry.outcome {
        LedgerOutcome::Alarmed => true,
        LedgerOutcome::Refused => !matches!(
            entry.reason,
            // Whoever asked for something by hand is told so where they asked.
            Reason::LimitReached { at_limit: AtLimit::Nothing, .. } | Reason::ByHand { .. }
        ),
        LedgerOutcome::Acted | LedgerOutcome::Held | LedgerOutcome::Noted => false,
    }
}
