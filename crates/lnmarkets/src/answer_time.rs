//! How long the venue usually takes to answer, and so how long a read's answer is waited for before it is asked again:
//! an answer that got lost must not keep a guard waiting, and a venue that is slow must not be asked thrice.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// An answer that takes this many times as long as usual is lost.
const LOST_AFTER: u64 = 4;
const SHORTEST: Duration = Duration::from_secs(1);
/// Each answer counts for so much of what is usual: one part of these.
const PARTS: u64 = 8;

#[derive(Default)]
pub(crate) struct AnswerTime {
    usual_ms: AtomicU64,
}

impl AnswerTime {
    /// For this attempt, the first being 1: each may take twice as long as the one before it, and none longer than that.
    pub fn patience(&self, attempt: u32, longest: Duration) -> Duration {
        let usual = self.usual_ms.load(Ordering::Relaxed).saturating_mul(LOST_AFTER);
        let first = Duration::from_millis(usual).max(SHORTEST);
        first.saturating_mul(1 << attempt.saturating_sub(1).min(8)).min(longest)
    }

    /// Takes in how long an answer took, or how long it was waited for in vain.
    pub fn learn(&self, took: Duration) {
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        // Of two answers at the same moment one may be left out.
        let usual = self.usual_ms.load(Ordering::Relaxed);
        self.usual_ms.store(usual.saturating_mul(PARTS - 1).saturating_add(took) / PARTS, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(3);

    fn after(answers: usize, took: Duration) -> AnswerTime {
        let time = AnswerTime::default();
        (0..answers).for_each(|_| time.learn(took));
        time
    }

    #[test]
    fn a_lost_answer_to_a_read_costs_a_second_where_answers_are_quick() {
        let quick = after(100, Duration::from_millis(120));
        let patience = [1, 2, 3].map(|attempt| quick.patience(attempt, LONGEST).as_millis());
        assert_eq!(patience, [1_000, 2_000, 3_000]);
    }

    #[test]
    fn a_slow_venue_is_waited_for() {
        let slow = after(100, Duration::from_millis(2_000));
        assert_eq!(slow.patience(1, LONGEST), LONGEST);
        let recovered = after(100, Duration::from_millis(2_000));
        (0..40).for_each(|_| recovered.learn(Duration::from_millis(120)));
        assert_eq!(recovered.patience(1, LONGEST), SHORTEST);
    }
}
