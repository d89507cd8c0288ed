//! What a person typed, as a number; or what is wrong with it.

use domain::Bps;

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
}
