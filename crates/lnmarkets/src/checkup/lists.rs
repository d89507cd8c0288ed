//! Whether lists are cut and counted as the client takes them.

use super::{Answer, Checkup, agrees, differs, unchecked};
use crate::rest::ListQuery;
use domain::position::PositionState;
use domain::{Candle, Millis, Position, Timestamp};
use exchange::{Market, Priority};

/// The venue's longest page.
const MOST_ROWS: u32 = 1_000;
/// Enough minutes for several pages.
const THREE_DAYS: Millis = Millis::new(3 * 86_400_000);
/// A position that ran for less says nothing about which end a date counts from.
const SHORTEST_RUN: Millis = Millis::from_secs(2);

impl Checkup<'_> {
    /// Asks for what began before a moment and ended after it.
    pub(super) async fn check_from(&self) -> Answer {
        let account = match self.account() {
            Ok(account) => account,
            Err(answer) => return answer,
        };
        let whole = ListQuery { limit: Some(MOST_ROWS), ..ListQuery::default() };
        let closed = match account.fetch_closed_page(&whole, Priority::Interface).await {
            Ok(page) => page.items,
            Err(error) => return unchecked(error.to_string()),
        };
        let Some((position, from)) = longest_run(&closed) else {
            return unchecked("there is no closed position that ran for two seconds or longer");
        };
        let later = ListQuery { from: Some(from), ..whole };
        match account.fetch_closed_page(&later, Priority::Interface).await {
            Ok(page) => {
                let is_listed = page.items.iter().any(|listed| listed.id == position.id);
                let end = if is_listed { "end" } else { "beginning" };
                agrees(is_listed, format!("counts from the {end} of {}", position.id))
            }
            Err(error) => unchecked(error.to_string()),
        }
    }

    pub(super) async fn check_pages(&self) -> Answer {
        let market = self.client.market();
        let now = match market.fetch_ticker().await {
            Ok(ticker) => ticker.tick.at,
            Err(error) => return unchecked(error.to_string()),
        };
        let mut query = ListQuery { from: Some(now.minus(THREE_DAYS)), limit: Some(MOST_ROWS), ..ListQuery::default() };
        let first = match market.fetch_candle_page("1m", &query).await {
            Ok(page) => page,
            Err(error) => return unchecked(error.to_string()),
        };
        let Some(cursor) = first.next else {
            return unchecked(format!("three days of minutes came as one page of {}", first.items.len()));
        };
        let shape = format!("{} bars a page, cursor {cursor}", first.items.len());
        query.cursor = Some(cursor);
        let second = match market.fetch_candle_page("1m", &query).await {
            Ok(page) => page.items,
            Err(error) => return differs(format!("{shape}; the second page: {error}")),
        };
        let bars: Vec<Candle> = first.items.into_iter().chain(second).collect();
        let falls = bars.windows(2).all(|pair| matches!(pair, [newer, older] if older.at < newer.at));
        let settlements = match market.fetch_funding_settlements(&ListQuery::default()).await {
            Ok(page) => page.items,
            Err(error) => return differs(format!("{shape}; settlements: {error}")),
        };
        let settled = settlements.windows(2).all(|pair| matches!(pair, [newer, older] if older.at < newer.at));
        agrees(falls && settled, format!("{shape}; {} settlements on the first page", settlements.len()))
    }
}

/// The position that ran the longest, with the middle of its run.
fn longest_run(closed: &[Position]) -> Option<(&Position, Timestamp)> {
    let ended = |position: &Position| match position.state {
        PositionState::Closed { closed_at, .. } => closed_at,
        _ => position.created_at,
    };
    let run = |position: &Position| ended(position).since(position.created_at);
    let longest = closed.iter().max_by_key(|position| run(position))?;
    let half = Millis::new(run(longest).get().div_euclid(2));
    (SHORTEST_RUN <= run(longest)).then(|| (longest, longest.created_at.plus(half)))
}
