//! What a rule would have done on the market's own past, as far as it is kept; and that past itself, for a browser that
//! works it out there.

mod queue;

use super::{Desk, DeskError};
use crate::authority::Need;
use domain::{AccountId, Candle, HistorySource, Interval, Millis, Mode, Sats, Span, Timestamp, UserId};
use engine::replay::comparison::{Comparison, Setup, compare};
use engine::replay::past::Past;
use exchange::{CandleQuery, Market};
use queue::Queue;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The past that was read last serves for so long.
const FRESH: Millis = Millis::from_secs(600);
/// More bars than a year of minutes has are never asked for.
const MOST: u32 = 530_000;
/// How many bars a market is asked for at once, and how often at most.
const PAGE: u32 = 1_000;
const PAGES: usize = 21;

#[derive(Debug, thiserror::Error)]
pub enum ReplayRefusal {
    #[error("no price history is kept")]
    NoHistory,
    #[error("this person has replays under way already")]
    TooMany,
    #[error("opening the position takes {needed} sats, and the wallet has {wallet}")]
    WalletTooSmall { needed: Sats, wallet: Sats },
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// The past that was read last, and who waits for it. One replay runs at a time: it takes a core for itself.
#[derive(Default)]
pub(super) struct LastRead {
    read: Mutex<Option<Read>>,
    queue: Queue,
}

struct Read {
    what: (AccountId, u16),
    at: Timestamp,
    past: Arc<Past>,
}

impl Desk {
    /// Replays the last `days` days (at most a year of minutes) for a position that is opened at their beginning.
    pub async fn replay(
        &self,
        user: UserId,
        account: AccountId,
        setup: Setup,
        days: u16,
    ) -> Result<Comparison, ReplayRefusal> {
        let _place = self.past.queue.take_place(user).ok_or(ReplayRefusal::TooMany)?;
        let mut kept = self.past.read.lock().await;
        let past = self.find_past(&mut kept, user, account, days).await?;
        let run = move || compare(&past.candles, Interval::MINUTE, &past.funding, &setup);
        let compared = tokio::task::spawn_blocking(run).await.map_err(|_| DeskError::Unavailable)?;
        compared.map_err(|error| match error {
            engine::replay::ReplayError::NoCandles => ReplayRefusal::NoHistory,
            engine::replay::ReplayError::WalletTooSmall { needed, wallet } => {
                ReplayRefusal::WalletTooSmall { needed, wallet }
            }
        })
    }

    /// The past that `replay` looks at, as `Past::encode` writes it.
    pub async fn encoded_past(&self, user: UserId, account: AccountId, days: u16) -> Result<Vec<u8>, ReplayRefusal> {
        let _place = self.past.queue.take_place(user).ok_or(ReplayRefusal::TooMany)?;
        let past = self.find_past(&mut *self.past.read.lock().await, user, account, days).await?;
        Ok(tokio::task::spawn_blocking(move || past.encode()).await.map_err(|_| DeskError::Unavailable)?)
    }

    async fn find_past(
        &self,
        kept: &mut Option<Read>,
        user: UserId,
        account: AccountId,
        days: u16,
    ) -> Result<Arc<Past>, DeskError> {
        let desk = self.served(user, account, Need::See).await?;
        let now = self.clock.now();
        if let Some(read) = kept.as_ref().filter(|read| read.what == (account, days) && now.since(read.at) < FRESH) {
            return Ok(Arc::clone(&read.past));
        }
        let past = Arc::new(self.read_past(desk.account.mode, &*desk.market, days).await?);
        *kept = Some(Read { what: (account, days), at: now, past: Arc::clone(&past) });
        Ok(past)
    }

    /// What is kept of the market that the account lives on; play money may look at the real market's past. Where
    /// nothing is kept, the market's own memory.
    async fn read_past(&self, mode: Mode, market: &dyn Market, days: u16) -> Result<Past, DeskError> {
        let source = match mode {
            Mode::Signet => HistorySource::Signet,
            Mode::Live | Mode::Paper => HistorySource::LnMarkets,
        };
        let length = Millis::new(Millis::DAY.get().saturating_mul(i64::from(days)));
        let runs = self.store.list_candle_runs(source, Interval::MINUTE).await?;
        if let Some(last) = runs.last() {
            let span = Span::new(last.to.minus(length), last.to);
            let candles = self.store.list_candles(source, Interval::MINUTE, span, MOST).await?;
            let settled = self.store.list_settlements(source, span).await?;
            let funding = settled.into_iter().map(|settlement| (settlement.at, settlement.rate)).collect();
            return Ok(Past { candles, funding });
        }
        Ok(Past { candles: remembered(market, self.clock.now(), length).await?, funding: Vec::new() })
    }
}

/// Page by page from the newest on, until nothing older comes.
async fn remembered(market: &dyn Market, now: Timestamp, length: Millis) -> Result<Vec<Candle>, DeskError> {
    let interval = Interval::MINUTE;
    let newest = CandleQuery { interval, from: now.minus(length), to: now.plus(Millis::DAY), limit: PAGE };
    let mut pages = vec![market.fetch_candles(newest).await.map_err(DeskError::Exchange)?];
    while let Some(first) = pages.last().and_then(|page| page.first()).map(|bar| bar.at)
        && pages.len() < PAGES
    {
        let span = Millis::new(interval.length().get().saturating_mul(i64::from(PAGE)));
        let older = CandleQuery { interval, from: first.minus(span), to: first, limit: PAGE };
        let page = market.fetch_candles(older).await.map_err(DeskError::Exchange)?;
        let page: Vec<Candle> = page.into_iter().filter(|bar| bar.at < first).collect();
        pages.push(page);
    }
    Ok(pages.into_iter().rev().flatten().collect())
}
