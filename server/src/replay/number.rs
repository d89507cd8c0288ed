//! Numbers as people type them, read exactly: no float, no exponent, no word.

/// A plain decimal with at most `decimals` places, in units of its last place: `2.5` with two is 250.
pub fn decimal(text: &str, decimals: u32) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let places = usize::try_from(decimals).ok()?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || places < fraction.len() || text.ends_with('.') {
        return None;
    }
    let unit = 10_i64.checked_pow(decimals)?;
    let fraction: i64 = format!("{fraction:0<places$}0").parse::<i64>().ok()? / 10;
    whole.parse::<i64>().ok()?.checked_mul(unit)?.checked_add(fraction)
}

/// A whole number; underscores and commas between digits are fine where commas separate nothing else.
pub fn whole(text: &str) -> Option<i64> {
    let plain = text.replace('_', "");
    let sound = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| plain.parse().ok()).flatten()
}

/// Groups of three: `1,234,567`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index != 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_exactly_or_not_at_all() {
        assert_eq!(decimal("2.5", 2), Some(250));
        assert_eq!(decimal("20", 6), Some(20_000_000));
        assert_eq!(decimal("0.25", 2), Some(25));
        for nonsense in ["", ".", "5.", ".5", "-1", "1e9", "NaN", "inf", "0x1", "1.234", "99999999999999999999"] {
            assert_eq!(decimal(nonsense, 2), None, "{nonsense}");
        }
        assert_eq!(whole("1_000_000"), Some(1_000_000));
        for nonsense in ["", "_", "-1", "1e9", "NaN", "1.5", "99999999999999999999"] {
            assert_eq!(whole(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [grouped(0), grouped(999), grouped(-1_000), grouped(1_234_567)],
            ["0", "999", "-1,000", "1,234,567"]
        );
    }
}
