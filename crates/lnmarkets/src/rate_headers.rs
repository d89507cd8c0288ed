//! What the venue says about its limits: the `RateLimit-Policy` and `RateLimit` headers.

use std::time::Duration;

/// Windows that are longer say nothing about how fast one may go now.
const LONGEST_WINDOW: u64 = 10;
/// Nobody needs to go faster, whatever is allowed.
const MOST_PER_SECOND: u64 = 50;
/// However long a quota takes to fill again, it is looked at sooner.
const LONGEST_RESET: u64 = 30;

/// So many requests within any window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub requests: usize,
    pub window: Duration,
}

/// Reads `"default";q=5;w=1`, or `5;w=1` as older servers write it.
pub(crate) fn policy(text: &str) -> Option<Policy> {
    let first = text.split(',').next()?;
    let bare = first.split(';').next().and_then(|name| name.trim().parse().ok());
    let requests: u64 = parameter(first, &["q"]).or(bare).filter(|requests| 0 < *requests)?;
    let seconds = parameter(first, &["w"]).unwrap_or(1);
    if !(1..=LONGEST_WINDOW).contains(&seconds) {
        return None;
    }
    let requests = requests.min(MOST_PER_SECOND.saturating_mul(seconds));
    Some(Policy { requests: usize::try_from(requests).ok()?, window: Duration::from_secs(seconds) })
}

/// How long the quota takes to fill again, where nothing is left of it: `"default";r=0;t=1`, or
/// `limit=5, remaining=0, reset=1`.
pub(crate) fn used_up(text: &str) -> Option<Duration> {
    let remaining = parameter(text, &["r", "remaining"])?;
    let reset = parameter(text, &["t", "reset"]).unwrap_or(1).clamp(1, LONGEST_RESET);
    (remaining == 0).then(|| Duration::from_secs(reset))
}

fn parameter(text: &str, names: &[&str]) -> Option<u64> {
    let pairs = text.split([';', ',']).filter_map(|part| part.split_once('='));
    let mut values = pairs.filter(|(name, _)| names.contains(&name.trim())).map(|(_, value)| value);
    values.next()?.trim().trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_says_how_many_in_what_time() {
        let read = |text| policy(text).map(|policy| (policy.requests, policy.window.as_secs()));
        assert_eq!(read("\"default\";q=20;w=1"), Some((20, 1)));
        assert_eq!(read("5;w=1"), Some((5, 1)));
        assert_eq!(read("\"a\";q=30;w=10, \"b\";q=1;w=1"), Some((30, 10)));
        assert_eq!(read("\"default\";q=99999999;w=1"), Some((50, 1)));
        for nonsense in ["", "q", "\"x\";q=0;w=1", "\"x\";q=-1;w=1", "\"x\";q=100;w=3600", "\"x\";q=1;w=0", "many"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_quota_that_is_used_up_says_when_it_is_full_again() {
        let read = |text| used_up(text).map(|reset| reset.as_secs());
        assert_eq!(read("\"default\";r=0;t=2"), Some(2));
        assert_eq!(read("limit=5, remaining=0, reset=3"), Some(3));
        assert_eq!(read("\"default\";r=0;t=999999"), Some(30));
        assert_eq!(read("\"default\";r=0"), Some(1));
        assert_eq!(read("\"default\";r=1;t=2"), None);
        assert_eq!(read("soon"), None);
    }
}
