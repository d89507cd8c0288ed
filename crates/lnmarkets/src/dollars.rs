//! Amounts of US dollars with decimals, such as a synthetic balance.

use std::fmt;

/// Millionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars(i64);

impl Dollars {
    pub const fn from_millionths(parts: i64) -> Dollars {
        Dollars(parts)
    }

    pub const fn millionths(self) -> i64 {
        self.0
    }
}

/// As many decimals as it has, two at least: `2.50`, `0.5969`.
impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, parts) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let decimals = format!("{parts:06}");
        let (cents, rest) = decimals.split_at(2);
        write!(f, "{sign}{whole}.{cents}{}", rest.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_shown_as_far_as_they_go() {
        let shown = |parts| Dollars::from_millionths(parts).to_string();
        assert_eq!(shown(2_500_000), "2.50");
        assert_eq!(shown(596_900), "0.5969");
        assert_eq!(shown(-1_000_001), "-1.000001");
        assert_eq!(shown(0), "0.00");
    }
}
