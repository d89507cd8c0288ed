//! Chance that can be told again: a small generator, the same for the same seed on every machine.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A xoshiro256** generator. Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chance {
    state: [u64; 4],
}

impl Chance {
    /// Spreads the seed over the state with SplitMix64, as the generator's authors advise.
    pub fn seeded(seed: u64) -> Chance {
        let mut mix = seed;
        Chance { state: std::array::from_fn(|_| split_mix(&mut mix)) }
    }

    pub fn next_u64(&mut self) -> u64 {
        let [s0, s1, s2, s3] = self.state;
        let answer = s1.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let (s2, s3) = (s2 ^ s0, s3 ^ s1);
        self.state = [s0 ^ s3, s1 ^ s2, s2 ^ (s1 << 17), s3.rotate_left(45)];
        answer
    }

    /// A number from 0 up to but not including `bound`; 0 when there is no room.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next_u64()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let room = high.saturating_sub(low).max(0).unsigned_abs().saturating_add(1);
        low.saturating_add_unsigned(self.below(room))
    }

    /// A bell-shaped number around 0 whose standard deviation is `sigma`: the sum of four throws.
    pub fn bell(&mut self, sigma: i64) -> i64 {
        // Four uniform throws in [-a, a] have a standard deviation of a * sqrt(4 / 3), about 1.155 a.
        let reach = sigma.saturating_mul(866) / 1_000;
        (0..4).map(|_| self.between(-reach, reach)).sum()
    }

    pub fn uuid(&mut self) -> Uuid {
        let bytes = u128::from(self.next_u64()) << 64 | u128::from(self.next_u64());
        uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid()
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_tells_the_same_story() {
        let story = |seed| {
            let mut chance = Chance::seeded(seed);
            (chance.uuid(), chance.below(1_000), chance.bell(50))
        };
        assert_eq!(story(7), story(7));
        assert_ne!(story(7), story(8));
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut chance = Chance::seeded(1);
        for _ in 0..10_000 {
            assert!(chance.below(10) < 10);
            assert!((-3..=4).contains(&chance.between(-3, 4)));
            assert!(chance.bell(100).abs() <= 400);
        }
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.between(5, 1), 5);
    }
}
