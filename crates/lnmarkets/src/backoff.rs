//! How long to wait before a read is repeated.

use std::sync::Arc;
use std::time::Duration;

/// Draws any of the 2^64 numbers, each as likely as the other.
pub type Chance = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Doubling pauses, each cut short by up to half so that many clients do not come back together.
pub(crate) struct Backoff {
    chance: Chance,
    first: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    pub fn new(chance: Chance, first: Duration, most: Duration) -> Backoff {
        Backoff { chance, first, most, failures: 0 }
    }

    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// The pause after one more failure.
    pub fn next_pause(&mut self) -> Duration {
        let doubled = 2_u32.checked_pow(self.failures).and_then(|factor| self.first.checked_mul(factor));
        let whole = doubled.unwrap_or(self.most).min(self.most);
        self.failures = self.failures.saturating_add(1);
        let half_ms = u64::try_from(whole.as_millis() / 2).unwrap_or(u64::MAX);
        let cut = (self.chance)().checked_rem(half_ms.saturating_add(1)).unwrap_or(0);
        whole.saturating_sub(Duration::from_millis(cut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(chance: u64) -> Vec<u128> {
        let ms = Duration::from_millis;
        let mut backoff = Backoff::new(Arc::new(move || chance), ms(100), ms(1_000));
        (0..40).map(|_| backoff.next_pause().as_millis()).collect()
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        assert_eq!(pauses(0)[..6], [100, 200, 400, 800, 1_000, 1_000]);
        assert_eq!(pauses(0)[39], 1_000);
    }

    #[test]
    fn chance_cuts_a_pause_by_half_at_most() {
        for (pause, whole) in pauses(u64::MAX).into_iter().zip(pauses(0)) {
            assert!(whole / 2 <= pause && pause <= whole);
        }
    }
}
