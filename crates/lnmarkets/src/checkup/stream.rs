//! When the stream speaks.

use super::{Answer, Checkup, agrees, unchecked};
use crate::stream::{Connection, StreamEvent, Topic};
use domain::Price;
use exchange::Market;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// A socket that is not up by then is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// A first value comes at once or not at all.
const AT_ONCE: Duration = Duration::from_millis(1_500);

/// What was heard on the topics of prices.
#[derive(Default)]
struct Heard {
    topics: BTreeSet<&'static str>,
    messages: usize,
    /// Last prices that were told though they had not changed.
    repeated: usize,
    last: Option<Price>,
    broke: Option<String>,
}

impl Checkup<'_> {
    /// Whether it is silent while nothing changes, and whether it tells a first value.
    pub(super) async fn check_stream(&self) -> (Answer, Answer) {
        let mut stream = self.client.stream(None, Topic::PRICES.to_vec());
        if let Err(reason) = rise(&mut stream).await {
            return (unchecked(reason.clone()), unchecked(reason));
        }
        let mut heard = Heard::default();
        heard.listen(&mut stream, AT_ONCE).await;
        let topics: Vec<&str> = heard.topics.iter().copied().collect();
        let told = if topics.is_empty() { "nothing".to_owned() } else { topics.join(", ") };
        let first = agrees(topics.len() == Topic::PRICES.len(), format!("{told} within {} ms", AT_ONCE.as_millis()));
        (self.check_quiet(heard, &mut stream).await, first)
    }

    async fn check_quiet(&self, before: Heard, stream: &mut Connection) -> Answer {
        let market = self.client.market();
        let mut heard = Heard { last: before.last, ..Heard::default() };
        let asked = market.fetch_ticker().await;
        heard.listen(stream, self.listen).await;
        let (Ok(asked), Ok(again)) = (asked, market.fetch_ticker().await) else {
            return unchecked("the price could not be asked for beside the stream");
        };
        if let Some(reason) = heard.broke {
            return unchecked(format!("the stream broke: {reason}"));
        }
        let seconds = self.listen.as_secs();
        let seen = format!("{} messages in {seconds} s, {} repeated a last price", heard.messages, heard.repeated);
        let has_missed = heard.messages == 0 && asked.tick.last != again.tick.last;
        agrees(heard.repeated == 0 && !has_missed, seen)
    }
}

/// Waits for a socket with its subscriptions.
pub(super) async fn rise(stream: &mut Connection) -> Result<(), String> {
    let risen = timeout(PATIENCE, async {
        match stream.next().await {
            StreamEvent::Lost(reason) => Err(format!("the stream can't be opened: {reason}")),
            _ => Ok(()),
        }
    });
    risen.await.unwrap_or_else(|_| Err("the stream does not open".to_owned()))
}

impl Heard {
    async fn listen(&mut self, stream: &mut Connection, length: Duration) {
        let until = Instant::now() + length;
        while let Ok(event) = timeout_at(until, stream.next()).await {
            self.take(event);
        }
    }

    fn take(&mut self, event: StreamEvent) {
        let topic = match event {
            StreamEvent::LastPrice { price, .. } => {
                let is_repeated = self.last.replace(price) == Some(price);
                self.repeated = self.repeated.saturating_add(usize::from(is_repeated));
                "last price"
            }
            StreamEvent::Index { .. } => "index",
            StreamEvent::BestPrices { .. } => "buckets",
            StreamEvent::Lost(reason) => {
                self.broke = Some(reason);
                return;
            }
            _ => return,
        };
        self.topics.insert(topic);
        self.messages = self.messages.saturating_add(1);
    }
}
