//! Which flaws are here, and which of them are overdue.

use super::advisory::Advisory;
use super::words::{SHORTEST, Words};
use crate::supply::REGISTRY;
use crate::supply::lock::Locked;

#[derive(Debug)]
pub struct Finding {
    pub text: String,
    pub is_overdue: bool,
}

/// Sorted as the lock file and the database are. `today` in days since 1970-01-01.
pub fn judge(locked: &[Locked], advisories: &[Advisory], words: &Words, today: i64) -> Vec<Finding> {
    let others = locked.iter().filter(|crate_| crate_.source.as_deref() == Some(REGISTRY));
    let hits = others.flat_map(|crate_| {
        let here = advisories.iter().filter(|advisory| advisory.is_of(&crate_.name, &crate_.version));
        here.map(move |advisory| (crate_, advisory))
    });
    hits.map(|(crate_, advisory)| finding(crate_, advisory, words, today)).collect()
}

fn finding(crate_: &Locked, advisory: &Advisory, words: &Words, today: i64) -> Finding {
    let Advisory { id, title, day, .. } = advisory;
    let what = format!("{id} {} {}: {title}", crate_.name, crate_.version);
    if let Some(kind) = &advisory.informational {
        return Finding { text: format!("{what} ({kind})"), is_overdue: false };
    }
    if advisory.is_elsewhere {
        return Finding { text: format!("{what} (on other systems alone)"), is_overdue: false };
    }
    let (age, has) = (today - day, words.days(id).unwrap_or(SHORTEST));
    Finding { text: format!("{what}; public for {age} days, and it has {has}"), is_overdue: has < age }
}
