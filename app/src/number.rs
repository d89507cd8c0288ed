//! What a person typed, as a number; or what is wrong with it.

use crate::i18n::{Locale, td_string};
use domain::price::TICKS_PER_DOLLAR;
use domain::{Bps, Price};

/// Why typed text is no number of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    Empty,
    /// Letters, two points, an exponent.
    NotANumber,
    Negative,
    /// A fraction where only whole numbers make sense.
    NotWhole,
    TooLarge,
    TooSmall,
    /// More decimals than are kept.
    TooFine,
}

/// A whole number, with or without marks between its groups of three.
pub fn parse_whole(text: &str) -> Result<i64, NumberFault> {
    let text = unsigned(text)?;
    let groups: Vec<&str> = text.split([',', '.', ' ', '_', '\u{a0}', '\u{202f}']).collect();
    if groups.iter().any(|group| group.is_empty() || !group.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(NumberFault::NotANumber);
    }
    if groups.iter().skip(1).any(|group| group.len() != 3) {
        return Err(if groups.len() == 2 { NumberFault::NotWhole } else { NumberFault::NotANumber });
    }
    groups.concat().parse().map_err(|_| NumberFault::TooLarge)
}

/// A percentage with at most two decimals, after a point or a comma.
pub fn parse_percent(text: &str) -> Result<Bps, NumberFault> {
    let text = unsigned(text.trim().trim_end_matches('%'))?;
    let (head, tail) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(head) || !digits(tail) {
        return Err(NumberFault::NotANumber);
    }
    let tail = tail.trim_end_matches('0');
    if 2 < tail.len() {
        return Err(NumberFault::TooFine);
    }
    let whole: i64 = head.parse().map_err(|_| NumberFault::TooLarge)?;
    let hundredths: i64 = format!("{tail:0<2}").parse().map_err(|_| NumberFault::NotANumber)?;
    whole.checked_mul(100).and_then(|bps| bps.checked_add(hundredths)).map(Bps::new).ok_or(NumberFault::TooLarge)
}

/// A price in dollars, to the half dollar: `60000`, `60,000.5`, `60.000,5`. A mark before three digits is one of
/// thousands, for no price has three decimals.
pub fn parse_price(text: &str) -> Result<Price, NumberFault> {
    let text = unsigned(text.trim().trim_start_matches(['$', 'U', 'S', '\u{a0}', ' ']))?;
    let (head, tail) = match text.rfind([',', '.']) {
        Some(at) if text.len() - at != 4 => (&text[..at], &text[at + 1..]),
        _ => (text, "0"),
    };
    let halves = match tail.trim_end_matches('0') {
        "" if !tail.is_empty() => 0,
        "5" => 1,
        "" => return Err(NumberFault::NotANumber),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => return Err(NumberFault::TooFine),
        _ => return Err(NumberFault::NotANumber),
    };
    let dollars = parse_whole(head)?;
    let ticks = dollars.checked_mul(TICKS_PER_DOLLAR).ok_or(NumberFault::TooLarge)?.saturating_add(halves);
    Price::from_ticks(ticks).map_err(|_| if ticks < 1 { NumberFault::TooSmall } else { NumberFault::TooLarge })
}

/// What is wrong, and what would be right.
pub fn number_fault_text(locale: Locale, fault: NumberFault) -> &'static str {
    match fault {
        NumberFault::Empty => td_string!(locale, field_fault.empty),
        NumberFault::NotANumber => td_string!(locale, field_fault.not_a_number),
        NumberFault::Negative => td_string!(locale, field_fault.negative),
        NumberFault::NotWhole => td_string!(locale, field_fault.not_whole),
        NumberFault::TooLarge => td_string!(locale, field_fault.too_large),
        NumberFault::TooSmall => td_string!(locale, field_fault.too_small),
        NumberFault::TooFine => td_string!(locale, field_fault.half_dollars),
    }
}

fn unsigned(text: &str) -> Result<&str, NumberFault> {
    let text = text.trim();
    let is_negative =
        text.strip_prefix(['-', '\u{2212}']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match text {
        "" => Err(NumberFault::Empty),
        _ if is_negative => Err(NumberFault::Negative),
        text => Ok(text.strip_prefix('+').unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_with_and_without_groups() {
        for text in ["52000", "52,000", "52.000", "52 000", " +52_000 ", "52\u{a0}000"] {
            assert_eq!(parse_whole(text), Ok(52_000), "{text:?}");
        }
        assert_eq!(parse_whole("0"), Ok(0));
    }

    #[test]
    fn nonsense_is_told_apart() {
        for (text, fault) in [
            ("", NumberFault::Empty),
            ("   ", NumberFault::Empty),
            ("abc", NumberFault::NotANumber),
            ("NaN", NumberFault::NotANumber),
            ("Infinity", NumberFault::NotANumber),
            ("1e9", NumberFault::NotANumber),
            ("0x10", NumberFault::NotANumber),
            ("1,,000", NumberFault::NotANumber),
            ("６", NumberFault::NotANumber),
            ("-5", NumberFault::Negative),
            ("\u{2212}5", NumberFault::Negative),
            ("5.5", NumberFault::NotWhole),
            ("99999999999999999999", NumberFault::TooLarge),
        ] {
            assert_eq!(parse_whole(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn percentages_take_a_point_or_a_comma() {
        assert_eq!(parse_percent("5"), Ok(Bps::new(500)));
        assert_eq!(parse_percent("5.5 %".trim_end_matches('%')), Ok(Bps::new(550)));
        assert_eq!(parse_percent("5,25%"), Ok(Bps::new(525)));
        assert_eq!(parse_percent("0.10"), Ok(Bps::new(10)));
        assert_eq!(parse_percent("7.1200"), Ok(Bps::new(712)));
        for (text, fault) in [
            ("", NumberFault::Empty),
            ("%", NumberFault::Empty),
            ("NaN", NumberFault::NotANumber),
            ("1e9", NumberFault::NotANumber),
            (".5", NumberFault::NotANumber),
            ("5.", NumberFault::NotANumber),
            ("1.2.3", NumberFault::NotANumber),
            ("-5", NumberFault::Negative),
            ("5.125", NumberFault::TooFine),
            ("99999999999999999999", NumberFault::TooLarge),
        ] {
            assert_eq!(parse_percent(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn prices_are_read_as_either_language_writes_them() {
        for text in ["60000", "60,000", "60.000", "60 000", "$60,000.0", "US$\u{a0}60.000,00", "60000.0"] {
            assert_eq!(parse_price(text), Ok("60000".parse().unwrap()), "{text:?}");
        }
        for text in ["60000.5", "60,000.50", "60.000,5"] {
            assert_eq!(parse_price(text), Ok("60000.5".parse().unwrap()), "{text:?}");
        }
        for (text, fault) in [
            ("", NumberFault::Empty),
            ("abc", NumberFault::NotANumber),
            ("1e5", NumberFault::NotANumber),
            ("60000.", NumberFault::NotANumber),
            ("-60000", NumberFault::Negative),
            ("60000.25", NumberFault::TooFine),
            ("0", NumberFault::TooSmall),
            ("99999999999", NumberFault::TooLarge),
        ] {
            assert_eq!(parse_price(text), Err(fault), "{text:?}");
        }
    }
}
