//! What a top-up does, on a position of one dollar that is opened for it and closed again.

use super::stream::rise;
use super::{Answer, Checkup, agrees, unchecked};
use crate::account::{LnMarketsAccount, add_margin};
use crate::key::ApiKey;
use crate::rest::outcome;
use crate::stream::{StreamEvent, Topic};
use crate::wire::TradeWire;
use domain::position::NewPosition;
use domain::{Leverage, Position, PositionId, Quantity, Sats, Side};
use exchange::{Exchange, Outcome, Priority};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

const LEVERAGE: i64 = 10;
/// So many top-ups of one satoshi at once are too many for any limit.
const BURST: usize = 25;
/// An event that does not come by then does not come.
const EVENTS_LIFE: Duration = Duration::from_secs(2);
/// After a burst the venue forgives.
const FORGIVENESS: Duration = Duration::from_millis(2_500);

/// How the top-ups of a burst ended.
#[derive(Default)]
struct Tally {
    done: i64,
    limited: usize,
    others: usize,
}

impl Checkup<'_> {
    /// Whether a refused top-up was made, and whether a top-up is told by the stream.
    pub(super) async fn check_trade(&self) -> (Answer, Answer) {
        let (true, Some(key)) = (self.may_trade, &self.key) else {
            let why = "it takes a position: allow one of one dollar with --may-trade";
            return (unchecked(why), unchecked(why));
        };
        let account = self.client.account(key.clone());
        let position = match open(&account).await {
            Ok(position) => position,
            Err(why) => return (unchecked(why.clone()), unchecked(why)),
        };
        let silence = self.check_silence(&account, key, position.id).await;
        let burst = self.check_burst(&account, position.id).await;
        match close(&account, position.id).await {
            Ok(()) => (burst, silence),
            Err(why) => {
                let Answer(verdict, seen) = burst;
                (Answer(verdict, format!("{seen}; {why}")), silence)
            }
        }
    }

    async fn check_silence(&self, account: &LnMarketsAccount, key: &ApiKey, position: PositionId) -> Answer {
        let mut stream = self.client.stream(Some(key.clone()), vec![Topic::IsolatedTrades]);
        if let Err(reason) = rise(&mut stream).await {
            return unchecked(reason);
        }
        let until = Instant::now() + EVENTS_LIFE;
        match account.add_margin(position, Sats::new(1)).await {
            Outcome::Done(_) => {}
            Outcome::Rejected(rejection) => return unchecked(rejection.to_string()),
            Outcome::Unknown(silence) => return unchecked(silence.to_string()),
        }
        let mut kinds = Vec::new();
        while let Ok(event) = timeout_at(until, stream.next()).await {
            match event {
                StreamEvent::Isolated(event) if event.position == position => kinds.push(format!("{:?}", event.kind)),
                StreamEvent::Lost(reason) => return unchecked(format!("the stream broke: {reason}")),
                _ => {}
            }
        }
        let seen = if kinds.is_empty() { "nothing".to_owned() } else { kinds.join(", ") };
        agrees(kinds.is_empty(), format!("{seen} in {} s after a top-up", EVENTS_LIFE.as_secs()))
    }

    /// Tops up past every limit, and counts in the books what was done.
    async fn check_burst(&self, account: &LnMarketsAccount, position: PositionId) -> Answer {
        let before = match margin(account, position).await {
            Ok(margin) => margin,
            Err(why) => return unchecked(why),
        };
        let request = add_margin(position, Sats::new(1));
        let session = self.client.session();
        let calls = (0..BURST).map(|_| account.send_at(&request, session.clock.now()));
        let mut tally = Tally::default();
        for answer in futures::future::join_all(calls).await {
            match outcome(answer, |trade: TradeWire| trade.position().ok()) {
                Outcome::Done(_) => tally.done = tally.done.saturating_add(1),
                Outcome::Rejected(rejection) if rejection.status == 429 => {
                    tally.limited = tally.limited.saturating_add(1);
                }
                Outcome::Rejected(_) | Outcome::Unknown(_) => tally.others = tally.others.saturating_add(1),
            }
        }
        sleep(FORGIVENESS).await;
        let after = match margin(account, position).await {
            Ok(margin) => margin,
            Err(why) => return unchecked(why),
        };
        let added = after.get().saturating_sub(before.get());
        let Tally { done, limited, others } = tally;
        let seen =
            format!("{done} done, {limited} refused with 429, {others} other answers; the margin grew by {added}");
        if limited == 0 || 0 < others { unchecked(seen) } else { agrees(added == done, seen) }
    }
}

async fn open(account: &LnMarketsAccount) -> Result<Position, String> {
    let quantity = Quantity::new(1).map_err(|error| error.to_string())?;
    let leverage = Leverage::for_order(LEVERAGE.saturating_mul(Leverage::ONE_X));
    let leverage = leverage.map_err(|error| error.to_string())?;
    let order = NewPosition { side: Side::Long, quantity, leverage, stop_loss: None, take_profit: None };
    match account.open_position(order).await {
        Outcome::Done(position) => Ok(position),
        Outcome::Rejected(rejection) => Err(format!("the position was not opened: {rejection}")),
        Outcome::Unknown(silence) => Err(format!("a position of one dollar may be open, close it by hand: {silence}")),
    }
}

async fn close(account: &LnMarketsAccount, position: PositionId) -> Result<(), String> {
    match account.close_position(position).await {
        Outcome::Done(_) => Ok(()),
        Outcome::Rejected(rejection) => {
            Err(format!("position {position} is still open, close it by hand: {rejection}"))
        }
        Outcome::Unknown(silence) => Err(format!("position {position} may still be open, look at it: {silence}")),
    }
}

async fn margin(account: &LnMarketsAccount, position: PositionId) -> Result<Sats, String> {
    let running = account.fetch_running(Priority::Interface).await.map_err(|error| error.to_string())?;
    let found = running.into_iter().find(|running| running.id == position);
    found.map(|running| running.margin).ok_or_else(|| "the position is not among those that run".to_owned())
}
