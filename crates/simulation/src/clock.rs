//! Time that passes only when the story says so, and chance that can be told again.

use domain::Timestamp;
use paper::Chance;
use service::{Clock, Entropy};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    pub fn new(start: Timestamp) -> VirtualClock {
        VirtualClock(AtomicI64::new(start.unix_ms()))
    }

    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

pub struct SeededEntropy(Mutex<Chance>);

impl SeededEntropy {
    pub fn new(seed: u64) -> SeededEntropy {
        SeededEntropy(Mutex::new(Chance::seeded(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            let random = chance.next_u64().to_be_bytes();
            chunk.iter_mut().zip(random).for_each(|(byte, random)| *byte = random);
        }
    }
}
