//! How values reach the page: JSON, with a reader that is small to download.
//!
//! The server writes with `serde_json`. The page's reader takes a struct by the names of its fields alone and keeps no
//! words for what was wrong, which together is a tenth of what a browser would download else.

use codee::{Decoder, Encoder};
use leptos::server::Resource;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// A value that comes with the page, or is asked for when the page has woken already.
pub type Reading<T> = Resource<T, Json>;

/// Values that come with the page are JSON within it.
#[derive(Clone, Copy, Debug)]
pub struct Json;

#[derive(Debug, Error)]
#[error("what the server said can't be read")]
pub struct Unreadable;

/// Reads one value from JSON, all of it.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    // No string takes more room when its escapes are resolved.
    let mut room = vec![0; text.len()];
    match serde_json_core::from_str_escaped(text, &mut room) {
        Ok((value, length)) if length == text.len() => Ok(value),
        _ => Err(Unreadable),
    }
}

impl<T: Serialize> Encoder<T> for Json {
    type Error = Unreadable;
    type Encoded = String;

    /// Only the server sends a page.
    fn encode(value: &T) -> Result<String, Unreadable> {
        if cfg!(feature = "hydrate") { Err(Unreadable) } else { serde_json::to_string(value).map_err(|_| Unreadable) }
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Unreadable> {
        read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::live::LiveEvent;
    use domain::source::{BreakerState, Opinion, SourceHealth, SourceRole, StreamState};
    use domain::{AccountId, ActionId, Bps, LedgerEntry, LedgerOutcome, PositionId, Price, Reason, Sats, Timestamp};

    fn entry(reason: Reason) -> LedgerEntry {
        let id = domain::id::time_ordered(Timestamp::from_unix_ms(1_700_000_000_000), [7; 10]);
        LedgerEntry {
            seq: i64::MAX,
            account: AccountId::from_uuid(id),
            position: Some(PositionId::from_uuid(id)),
            at: Timestamp::from_unix_ms(-1),
            market_at: Timestamp::EPOCH,
            price: Some(Price::from_ticks(200_001).unwrap()),
            distance: Some(Bps::new(-12)),
            outcome: LedgerOutcome::Alarmed,
            reason,
        }
    }

    fn arrives(reason: Reason) {
        let sent = LiveEvent::Decision(Box::new(entry(reason)));
        let text = serde_json::to_string(&sent).unwrap();
        assert_eq!(read::<LiveEvent>(&text).unwrap(), sent, "{text}");
    }

    #[test]
    fn what_the_server_writes_arrives_as_it_was() {
        let action = ActionId::from_uuid(domain::id::time_ordered(Timestamp::EPOCH, [0; 10]));
        arrives(Reason::ExchangeReadable);
        arrives(Reason::LookedUp { action, happened: true, amount: None });
        arrives(Reason::RescueUnderfunded { needed: Sats::MAX, free: Sats::new(-1) });
    }

    #[test]
    fn the_state_of_a_source_arrives_as_it_was() {
        let breakers = [
            BreakerState::Closed { failures: 3 },
            BreakerState::Open { until: Timestamp::EPOCH, reason: "it answered \"502\"".to_owned() },
            BreakerState::Probing,
        ];
        for breaker in breakers {
            let sent = SourceHealth {
                name: "LN Markets".to_owned(),
                role: SourceRole::Decides(domain::Mode::Live),
                price: Price::from_ticks(120_001).ok(),
                age: Some(domain::Millis::new(400)),
                is_fresh: true,
                breaker,
                stream: Some(StreamState { is_up: true, built: 1, ..StreamState::default() }),
                clock_offset: Some(domain::Millis::new(-3)),
                opinion: Some(Opinion::Doubts { by: Bps::new(101) }),
            };
            let text = serde_json::to_string(&sent).unwrap();
            assert_eq!(read::<SourceHealth>(&text).unwrap(), sent, "{text}");
        }
    }

    #[test]
    fn a_text_arrives_with_everything_that_json_must_escape() {
        for text in
            ["", "\"", "\\", "\\\"\\", "line\nbreak\ttab\r\u{8}\u{c}\u{0}\u{1f}", "</script> ção 🚀", "\u{2028}"]
        {
            arrives(Reason::ExchangeUnreadable { detail: text.to_owned() });
        }
    }

    #[test]
    fn a_field_that_the_page_does_not_know_is_passed_over() {
        let known = serde_json::to_value(entry(Reason::LeaseLost)).unwrap();
        let mut newer = known.clone();
        for (name, value) in [("a", serde_json::json!({"b": [1, "]", null, {"c": 1.5e3}]})), ("z", "\"}".into())] {
            newer.as_object_mut().unwrap().insert(name.to_owned(), value);
        }
        assert_eq!(read::<LedgerEntry>(&newer.to_string()).unwrap(), entry(Reason::LeaseLost));
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_not_taken_for_a_value() {
        let text = serde_json::to_string(&entry(Reason::LeaseLost)).unwrap();
        for length in 0..text.len() {
            assert!(read::<LedgerEntry>(&text[..length]).is_err(), "{}", &text[..length]);
        }
        assert!(read::<LedgerEntry>(&format!("{text}{text}")).is_err());
    }
}
