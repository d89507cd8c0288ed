//! Recovery codes: ten, of 140 random bits each, so that a plain hash keeps them as well as a slow one.

use crate::clock::Entropy;
use domain::UserId;
use sha2::{Digest, Sha256};

const CODES: usize = 10;
/// Crockford's: no I, L, O or U to be misread.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 28;
/// Codes from before November 2026 had 80 bits; they open until they are spent or replaced.
const FORMER_LENGTH: usize = 16;

/// New codes, as they are shown, and as they are kept.
pub fn fresh(user: UserId, entropy: &dyn Entropy) -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = (0..CODES).map(|_| code(entropy)).collect();
    let hashes = codes.iter().map(|code| hash(user, code)).collect();
    (codes, hashes)
}

fn code(entropy: &dyn Entropy) -> String {
    let mut random = [0_u8; LENGTH];
    entropy.fill(&mut random);
    let letters = random.map(|byte| LETTERS.get(usize::from(byte % 32)).map_or('0', |letter| char::from(*letter)));
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Longer than any code of an authenticator.
pub fn looks_like_one(typed: &str) -> bool {
    [LENGTH, FORMER_LENGTH].contains(&normal(typed).len())
}

pub fn hash(user: UserId, typed: &str) -> String {
    let hash = Sha256::new().chain_update(b"axisor recovery code").chain_update(user.uuid().as_bytes());
    hex::encode(hash.chain_update(normal(typed)).finalize())
}

/// However it was typed.
fn normal(typed: &str) -> String {
    let letters = typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase());
    letters
        .map(|c| {
            if c == 'O' {
                '0'
            } else if matches!(c, 'I' | 'L') {
                '1'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Counts up, so that no two letters of a code are alike by chance.
    struct Counting(AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    #[test]
    fn f72_a_code_has_more_random_bits_than_anybody_guesses() {
        let user = UserId::from_uuid(uuid::Uuid::from_u128(1));
        let (shown, kept) = fresh(user, &Counting(AtomicU8::new(0)));
        assert_eq!((shown.len(), kept.len()), (10, 10));
        assert_eq!(shown[0], "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV", "five bits a letter, none of them fixed");
        assert!(shown.iter().all(|code| 128 <= 5 * code.replace('-', "").len() && looks_like_one(code)));
        assert_eq!(hash(user, &shown[0].to_lowercase()), kept[0]);
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let user = UserId::from_uuid(uuid::Uuid::from_u128(1));
        let shown = "0AB1-CDEF-GHJK-MNPQ";
        assert!(looks_like_one(shown) && !looks_like_one("123456"));
        for typed in ["0ab1cdefghjkmnpq", " oabl cdef ghjk mnpq ", "OABI-CDEF-GHJK-MNPQ"] {
            assert_eq!(hash(user, typed), hash(user, shown), "{typed}");
        }
        assert_ne!(hash(UserId::from_uuid(uuid::Uuid::from_u128(2)), shown), hash(user, shown));
    }
}
