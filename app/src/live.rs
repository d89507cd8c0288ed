//! What a signed-in page knows of its account, kept true by the feed.
//!
//! Every number carries the moment it was received, so that an old one is never shown as new.

#[cfg(feature = "hydrate")]
mod feed;
pub mod marked;

use crate::api::Overview;
use domain::live::{AccountSnapshot, Alarm, LiveEvent, LiveTick};
use domain::order::Turn;
use domain::{AccountId, Candle, LedgerEntry, Millis, Reason};
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
pub use feed::open_feed;

/// How many decisions a page keeps at hand.
const KEPT: usize = 300;
/// How many messages are shown at once.
const TOASTS: usize = 3;
/// A feed sends a price at least each second: after this long without one it has died, whatever the connection says.
const SILENCE: i64 = 4_000;

/// Something with the moment it was received, in the browser's own milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Received<T> {
    pub value: T,
    pub at: i64,
}

/// The connection to the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not tried yet: what is shown came with the page.
    Starting,
    Open,
    Lost,
}

/// Why the numbers on the page must not be trusted; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blindness {
    LinkLost,
    Alarm(Alarm),
    PriceStale,
}

/// The page's one store. Copies are handles to the same store.
#[derive(Clone, Copy)]
pub struct Live {
    pub account: AccountId,
    pub snapshot: RwSignal<Option<Received<AccountSnapshot>>>,
    pub price: RwSignal<Option<Received<LiveTick>>>,
    /// The account at the price of the last beat.
    pub view: Memo<Option<AccountSnapshot>>,
    pub candle: RwSignal<Option<Candle>>,
    /// Decisions, newest first, none twice.
    pub decisions: RwSignal<Vec<LedgerEntry>>,
    /// Messages that wait to be read, newest first.
    pub toasts: RwSignal<Vec<LedgerEntry>>,
    pub link: RwSignal<Link>,
    /// The browser's own milliseconds, renewed four times a second; 0 until the page woke.
    pub beat: RwSignal<i64>,
    /// Counts the times that events were missed.
    pub resyncs: RwSignal<u32>,
    /// The session has ended: nothing will come any more.
    pub signed_out: RwSignal<bool>,
    /// The newest decision that came with the page: what is not newer is no news.
    known: StoredValue<i64>,
    told: StoredValue<Vec<i64>>,
}

impl Live {
    pub fn new(account: AccountId, overview: &Overview) -> Live {
        let recent = overview.recent.clone();
        let snapshot = RwSignal::new(overview.snapshot.clone().map(|value| Received { value, at: 0 }));
        let price = RwSignal::new(overview.price.map(|value| Received { value, at: 0 }));
        let beat = RwSignal::new(0);
        // Prices may come faster than anybody reads; the figures of many positions follow four times a second.
        let calm = Memo::new(move |_| {
            beat.track();
            price.get_untracked()
        });
        let view = Memo::new(move |_| {
            let snapshot = snapshot.get()?.value;
            Some(match calm.get() {
                Some(price) => marked::marked(snapshot, &price.value.tick),
                None => snapshot,
            })
        });
        Live {
            account,
            snapshot,
            price,
            view,
            candle: RwSignal::new(None),
            known: StoredValue::new(recent.first().map_or(0, |newest| newest.seq)),
            told: StoredValue::new(Vec::new()),
            decisions: RwSignal::new(recent),
            toasts: RwSignal::new(Vec::new()),
            link: RwSignal::new(Link::Starting),
            beat,
            resyncs: RwSignal::new(0),
            signed_out: RwSignal::new(false),
        }
    }

    /// Takes in one event, received now.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the feed runs in the browser only"))]
    pub fn take(self, event: LiveEvent, now: i64) {
        match event {
            LiveEvent::Tick(tick) => self.price.set(Some(Received { value: tick, at: now })),
            LiveEvent::Candle(candle) => self.candle.set(Some(candle)),
            LiveEvent::Account(snapshot) => self.snapshot.set(Some(Received { value: *snapshot, at: now })),
            LiveEvent::Decision(entry) => {
                if matches!(entry.reason, Reason::MarginAdded { .. } | Reason::PositionLiquidated { .. }) {
                    self.tell(&entry);
                }
                self.decisions.update(|kept| insert(kept, *entry));
            }
            LiveEvent::Notice(entry) => self.tell(&entry),
            LiveEvent::Resync => self.resyncs.update(|count| *count = count.wrapping_add(1)),
        }
    }

    /// Takes in decisions that were read from the server.
    pub fn take_decisions(self, entries: Vec<LedgerEntry>) {
        self.decisions.update(|kept| {
            for entry in entries {
                insert(kept, entry);
            }
        });
    }

    /// Takes in all that is known, read anew, received now.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the feed runs in the browser only"))]
    pub fn take_overview(self, overview: Overview, now: i64) {
        if let Some(snapshot) = overview.snapshot {
            self.snapshot.set(Some(Received { value: snapshot, at: now }));
        }
        self.take_decisions(overview.recent);
    }

    pub fn dismiss(self, seq: i64) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.seq != seq));
    }

    fn tell(self, entry: &LedgerEntry) {
        // Whoever did something by hand is told where they did it.
        if matches!(entry.reason, Reason::ByHand { turn: Turn::Done(_), .. }) {
            return;
        }
        let is_news = self.known.get_value() < entry.seq && !self.told.with_value(|told| told.contains(&entry.seq));
        if is_news {
            self.told.update_value(|told| told.push(entry.seq));
            self.toasts.update(|toasts| {
                toasts.insert(0, entry.clone());
                toasts.truncate(TOASTS);
            });
        }
    }

    /// How old the newest price is; `None` before the first.
    pub fn price_age(self) -> Option<Millis> {
        self.price.with(|price| price.map(|price| grown(price.value.age, price.at, self.beat.get())))
    }

    /// How long ago the guard last looked at every position; `None` before the first look.
    pub fn check_age(self) -> Option<Millis> {
        self.snapshot.with(|snapshot| {
            let snapshot = snapshot.as_ref()?;
            Some(grown(snapshot.value.check_age?, snapshot.at, self.beat.get()))
        })
    }

    /// Why the numbers on the page must not be trusted, if they must not.
    pub fn blindness(self) -> Option<Blindness> {
        let price = self.price.get();
        let is_silent = price.is_some_and(|price| is_silent(price.at, self.beat.get()));
        let alarm = self.snapshot.with(|snapshot| snapshot.as_ref().and_then(|snapshot| snapshot.value.alarm));
        if self.link.get() == Link::Lost || is_silent {
            return Some(Blindness::LinkLost);
        }
        match alarm {
            Some(alarm) if alarm != Alarm::PriceStale => Some(Blindness::Alarm(alarm)),
            // The newest tick knows better than the last snapshot whether the price is old.
            _ => price.is_some_and(|price| price.value.stale).then_some(Blindness::PriceStale),
        }
    }
}

/// An age that was true when it was received, as it is now.
fn grown(age: Millis, received: i64, now: i64) -> Millis {
    // Before the first beat the page shows what the server said.
    let since = if received == 0 || now == 0 { 0 } else { (now - received).max(0) };
    Millis::new(age.get().saturating_add(since))
}

fn is_silent(received: i64, now: i64) -> bool {
    received != 0 && now != 0 && SILENCE < now - received
}

/// Keeps a list newest first, each entry once, and not endless.
fn insert(kept: &mut Vec<LedgerEntry>, entry: LedgerEntry) {
    let place = kept.partition_point(|known| entry.seq < known.seq);
    if kept.get(place).is_none_or(|known| known.seq != entry.seq) {
        kept.insert(place, entry);
        kept.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{LedgerOutcome, Timestamp};

    fn entry(seq: i64) -> LedgerEntry {
        LedgerEntry {
            seq,
            account: AccountId::from_uuid(domain::id::time_ordered(Timestamp::EPOCH, [0; 10])),
            position: None,
            at: Timestamp::EPOCH,
            market_at: Timestamp::EPOCH,
            price: None,
            distance: None,
            outcome: LedgerOutcome::Alarmed,
            reason: Reason::ExchangeReadable,
        }
    }

    #[test]
    fn decisions_are_kept_newest_first_and_once() {
        let mut kept = Vec::new();
        for seq in [3, 1, 2, 3, 9, 1] {
            insert(&mut kept, entry(seq));
        }
        assert_eq!(kept.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [9, 3, 2, 1]);
    }

    #[test]
    fn an_age_grows_while_the_page_watches() {
        assert_eq!(grown(Millis::new(400), 10_000, 11_250), Millis::new(1_650));
        assert_eq!(grown(Millis::new(400), 0, 11_250), Millis::new(400));
        assert_eq!(grown(Millis::new(400), 10_000, 9_000), Millis::new(400));
    }

    #[test]
    fn a_feed_that_says_nothing_for_long_has_died() {
        assert!(!is_silent(10_000, 14_000));
        assert!(is_silent(10_000, 14_001));
        assert!(!is_silent(0, 14_001));
    }

    #[test]
    fn a_message_is_told_once_and_only_when_it_is_news() {
        Owner::new().with(|| {
            let overview = Overview {
                role: domain::Role::Operator,
                accounts: Vec::new(),
                chosen: None,
                snapshot: None,
                price: None,
                recent: vec![entry(5)],
            };
            let live = Live::new(entry(1).account, &overview);
            live.tell(&entry(5));
            live.tell(&entry(6));
            live.tell(&entry(6));
            assert_eq!(
                live.toasts.with_untracked(|toasts| toasts.iter().map(|toast| toast.seq).collect::<Vec<_>>()),
                [6]
            );
        });
    }
}
