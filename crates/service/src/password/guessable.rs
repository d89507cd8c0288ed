//! Passwords that somebody who guesses would try early.

/// The most common passwords and the words they are made of, sorted, lower case.
const COMMON: &str = include_str!("common.txt");
/// The 3,000 most common passwords that are long enough to be taken, sorted, lower case: of the million most common ones of
/// SecLists (MIT licence), in their order.
const COMMON_LONG: &str = include_str!("common_3000.txt");
/// Of 0 to 4: at least 10^8 guesses, which a slow hash and few tries a minute make years of.
const STRONG: u8 = 3;
/// What is looked at: the estimate takes longer with the square of the length, and a long password is strong by then.
const LONGEST: usize = 64;

/// A common password, also where digits or signs surround it or it is repeated.
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    [lower.as_str(), core, unit(&lower), unit(core)].into_iter().any(is_listed)
}

/// An estimate of the guesses it takes, by who knows the e-mail, too.
pub fn is_weak(password: &str, email: &str) -> bool {
    score(password, email) < STRONG
}

/// The estimate, from 0 to 4.
pub fn score(password: &str, email: &str) -> u8 {
    let start: String = password.chars().take(LONGEST).collect();
    let name = email.split('@').next().unwrap_or_default();
    u8::from(zxcvbn::zxcvbn(&start, &[email, name, "axisor"]).score())
}

fn is_listed(word: &str) -> bool {
    !word.is_empty() && COMMON.lines().chain(COMMON_LONG.lines()).any(|common| common == word)
}

/// What a text consists of when it is one piece again and again; else the text itself.
fn unit(text: &str) -> &str {
    let pieces = (1..=text.len() / 2).filter(|length| text.is_char_boundary(*length));
    pieces
        .filter(|length| text.len().is_multiple_of(*length))
        .map(|length| &text[..length])
        .find(|piece| text.len() / piece.len() * piece.len() == text.len() && text.replace(*piece, "").is_empty())
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_known_in_their_disguises() {
        for common in
            ["Password123!", "passwordpassword", "1234567890", "QWERTYUIOP12", "!!bitcoin2026", "flamengo1981!"]
        {
            assert!(is_common(common), "{common}");
        }
        for other in ["correct horse battery", "violet-harbour-quartz-9", "\u{e9}\u{e9}\u{e9}\u{e9}"] {
            assert!(!is_common(other), "{other}");
        }
    }

    #[test]
    fn f74_the_three_thousand_most_common_passwords_of_a_fitting_length_are_refused() {
        assert_eq!(COMMON_LONG.lines().count(), 3_000);
        assert!(COMMON_LONG.lines().is_sorted_by(|one, two| one < two));
        for common in COMMON_LONG.lines() {
            assert!(12 <= common.chars().count() && is_common(common), "{common}");
        }
        for common in ["1QAZ2wsx3edc", "qwertyqwerty", "everybodylies"] {
            assert!(is_common(common), "{common}");
        }
    }

    #[test]
    fn what_is_guessed_early_is_weak() {
        for weak in ["abcdefghijkl", "aaaaaaaaaaaa", "202611242026", "ana.silva.1990"] {
            assert!(is_weak(weak, "ana.silva@example.org"), "{weak}");
        }
        for strong in ["correct horse battery", "violet-harbour-quartz-9", &"x9!kQ".repeat(25)] {
            assert!(!is_weak(strong, "ana@example.org"), "{strong}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_has_no_word_twice() {
        assert!(COMMON.lines().is_sorted_by(|one, two| one < two));
        assert!(300 < COMMON.lines().count());
    }
}
