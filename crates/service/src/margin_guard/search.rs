//! How often a position that no list names is looked for: at once and soon again, then less and less.

use domain::{Millis, PositionId, Timestamp};
use std::collections::{HashMap, HashSet};

/// An end shows among the closed positions within moments, so the first looks all ask.
const EAGER: u32 = 5;
const FIRST_PAUSE: Millis = Millis::from_secs(1);
const LONGEST_PAUSE: Millis = Millis::from_secs(60);

/// What is being looked for.
#[derive(Debug, Default)]
pub(super) struct Search(HashMap<PositionId, Hunt>);

#[derive(Clone, Copy, Debug)]
struct Hunt {
    misses: u32,
    next: Timestamp,
}

impl Search {
    /// Whether it is worth a read now.
    pub fn is_due(&self, position: PositionId, now: Timestamp) -> bool {
        self.0.get(&position).is_none_or(|hunt| hunt.next <= now)
    }

    /// Whether the next look shall come soon for it.
    pub fn is_urgent(&self, position: PositionId) -> bool {
        self.0.get(&position).is_none_or(|hunt| hunt.misses < EAGER)
    }

    /// Whether it was looked for in vain so often that a person must know.
    pub fn is_lost(&self, position: PositionId) -> bool {
        self.0.get(&position).is_some_and(|hunt| EAGER <= hunt.misses)
    }

    /// Ends a look: these were looked for where that was due, and not found.
    pub fn end_look(&mut self, missing: &HashSet<PositionId>, now: Timestamp) {
        self.0.retain(|position, _| missing.contains(position));
        for position in missing {
            if self.is_due(*position, now) {
                let misses = self.0.get(position).map_or(0, |hunt| hunt.misses).saturating_add(1);
                self.0.insert(*position, Hunt { misses, next: now.plus(pause_after(misses)) });
            }
        }
    }
}

/// Nothing for the first looks, then 1, 2, 4, … 60 s.
fn pause_after(misses: u32) -> Millis {
    let Some(doublings) = misses.checked_sub(EAGER) else { return Millis::ZERO };
    Millis::new(FIRST_PAUSE.get().checked_shl(doublings.min(16)).unwrap_or(i64::MAX)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f21_what_is_never_found_is_asked_for_less_and_less() {
        let position = PositionId::from_uuid(uuid::Uuid::from_u128(1));
        let missing = HashSet::from([position]);
        let mut search = Search::default();
        let mut asked = Vec::new();
        for second in 0..600 {
            let now = Timestamp::from_unix_ms(second * 1_000);
            if search.is_due(position, now) {
                asked.push(second);
            }
            search.end_look(&missing, now);
        }
        assert_eq!(asked[..10], [0, 1, 2, 3, 4, 5, 7, 11, 19, 35]);
        assert!(asked.len() < 20, "{asked:?}");
        assert!(!search.is_urgent(position) && search.is_lost(position));
        search.end_look(&HashSet::new(), Timestamp::EPOCH);
        assert!(search.is_due(position, Timestamp::EPOCH), "once it was there again it is a new matter");
    }
}
