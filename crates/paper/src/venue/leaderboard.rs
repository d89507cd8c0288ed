//! Who earned most.

use super::Venue;
use domain::{AccountId, Millis, Timestamp};

const PLACES: usize = 10;

/// One place of the leaderboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub account: AccountId,
    /// In sats, of isolated trades closed in the time.
    pub pnl: i64,
}

impl Venue {
    /// The ten accounts with the most profit from trades closed in the last `period`; the best first. Without a period,
    /// of all time.
    pub fn leaderboard(&self, period: Option<Millis>) -> Vec<Place> {
        let now = self.tick.map(|tick| tick.at).unwrap_or_default();
        let since = period.map_or(Timestamp::from_unix_ms(i64::MIN), |period| now.minus(period));
        let mut places: Vec<Place> = Vec::new();
        for owner in self.accounts.values() {
            let closed = owner.closed.iter().rev().take_while(|trade| trade.closed_at().is_some_and(|at| since <= at));
            let (count, pnl) = closed.fold((0_u32, 0_i64), |(count, sum), trade| {
                (count.saturating_add(1), sum.saturating_add(trade.position.pnl.get()))
            });
            if 0 < count {
                places.push(Place { account: owner.id, pnl });
            }
        }
        places.sort_by_key(|place| (std::cmp::Reverse(place.pnl), place.account));
        places.truncate(PLACES);
        places
    }
}
