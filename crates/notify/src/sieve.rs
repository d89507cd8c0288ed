//! Which alarms go out: none twice within a while, and not more than a person can read.

use crate::Message;
use domain::{Millis, Timestamp};
use std::collections::HashMap;

/// The same alarm is not told again before this.
const REPEAT_AFTER: Millis = Millis::new(5 * 60_000);
/// So many in a window; what is beyond is counted.
const MOST: usize = 20;
const WINDOW: Millis = Millis::new(10 * 60_000);

/// Judged by the messages' own times, so that it has no clock.
#[derive(Debug, Default)]
pub struct Sieve {
    told: HashMap<(String, String), Timestamp>,
    recent: Vec<Timestamp>,
    /// Alarms that were held back since the last one that went out.
    held_back: u32,
}

impl Sieve {
    /// The message as it is to go out, or `None`.
    pub fn pass(&mut self, mut message: Message) -> Option<Message> {
        let now = message.at;
        self.told.retain(|_, at| now.since(*at) < REPEAT_AFTER);
        self.recent.retain(|at| now.since(*at) < WINDOW);
        let key = (message.kind.clone(), message.subject.clone());
        if self.told.contains_key(&key) {
            return None;
        }
        if MOST <= self.recent.len() {
            self.held_back = self.held_back.saturating_add(1);
            return None;
        }
        self.told.insert(key, now);
        self.recent.push(now);
        let held_back = std::mem::take(&mut self.held_back);
        if held_back != 0 {
            message.text =
                format!("{} ({held_back} other alarms were held back; see the activity list.)", message.text);
        }
        Some(message)
    }

    /// Counts alarms that found no room in the queue.
    pub fn hold_back(&mut self, count: u32) {
        self.held_back = self.held_back.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: &str, second: i64) -> Message {
        let at = Timestamp::EPOCH.plus(Millis::from_secs(second));
        Message { at, kind: kind.to_owned(), subject: "one".to_owned(), text: "Look.".to_owned() }
    }

    #[test]
    fn f88_the_same_alarm_is_told_again_only_after_a_while() {
        let mut sieve = Sieve::default();
        assert!(sieve.pass(message("stale", 0)).is_some());
        assert!(sieve.pass(message("stale", 299)).is_none());
        assert!(sieve.pass(message("liquidated", 299)).is_some());
        assert!(sieve.pass(message("stale", 300)).is_some());
    }

    #[test]
    fn f88_a_flood_is_cut_and_what_was_cut_is_counted() {
        let mut sieve = Sieve::default();
        let passed = (0..100).filter(|number| sieve.pass(message(&number.to_string(), 1)).is_some()).count();
        assert_eq!(passed, MOST);
        let next = sieve.pass(message("later", 601)).unwrap();
        assert_eq!(next.text, "Look. (80 other alarms were held back; see the activity list.)");
        assert_eq!(sieve.pass(message("last", 602)).unwrap().text, "Look.");
    }
}
