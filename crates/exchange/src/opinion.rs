//! What another market says about a price: a doubt to show, never a reason to act.

use domain::source::Opinion;
use domain::{Bps, Millis, Tick};

/// Two prices can be compared when they are no further apart in time.
const CLOSENESS: Millis = Millis::from_secs(10);

/// Compares the exchange's price with another's. The exchange's own price decides all the same.
pub fn second_opinion(own: &Tick, other: &Tick, tolerance: Bps) -> Opinion {
    if CLOSENESS < own.at.since(other.at).max(other.at.since(own.at)) {
        return Opinion::None;
    }
    let apart = i128::from(own.last.ticks().abs_diff(other.last.ticks()));
    let bps = apart.saturating_mul(i128::from(Bps::ONE.get())).checked_div(i128::from(other.last.ticks()));
    let by = Bps::new(bps.and_then(|bps| i64::try_from(bps).ok()).unwrap_or(i64::MAX));
    if by <= tolerance { Opinion::Agrees } else { Opinion::Doubts { by } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Price, Timestamp};

    fn opinion(own: (i64, i64), other: (i64, i64)) -> Opinion {
        let tick = |(seconds, dollars): (i64, i64)| {
            Tick::of(Timestamp::from_unix_ms(seconds * 1_000), Price::from_ticks(dollars * 2).unwrap())
        };
        second_opinion(&tick(own), &tick(other), Bps::new(100))
    }

    #[test]
    fn an_outlier_is_doubted_and_an_old_price_has_no_opinion() {
        assert_eq!(opinion((0, 60_000), (10, 60_600)), Opinion::Agrees);
        assert_eq!(opinion((0, 8_200), (1, 65_000)), Opinion::Doubts { by: Bps::new(8_738) });
        assert_eq!(opinion((0, 65_000), (1, 8_200)), Opinion::Doubts { by: Bps::new(69_268) });
        assert_eq!(opinion((0, 60_000), (11, 60_000)), Opinion::None);
    }
}
