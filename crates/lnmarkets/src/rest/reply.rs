//! What came back, before anyone knows what it means.

use domain::Millis;
use exchange::Rejection;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// No message of the venue is longer than this where a person reads it.
const MOST_MESSAGE_CHARS: usize = 200;

/// An answer whose head arrived, with as much of its body as could be read.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub is_json: bool,
    pub retry_after: Option<String>,
    /// The venue's word on its limits: `RateLimit-Policy` and `RateLimit`.
    pub limits: [Option<String>; 2],
    /// How long we shall wait because of it.
    pub wait: Option<Millis>,
    /// `None` where it did not arrive whole, or is longer than any answer of the venue.
    pub body: Option<Vec<u8>>,
}

/// The venue's way of saying no.
#[derive(Deserialize)]
struct Refusal {
    code: String,
    message: String,
}

impl Reply {
    pub const fn is_success(&self) -> bool {
        200 <= self.status && self.status < 300
    }

    /// Whether the venue wants fewer requests.
    pub const fn asks_to_slow_down(&self) -> bool {
        self.status == 429 || (self.status == 503 && self.retry_after.is_some())
    }

    /// The body, where it is JSON of this shape; the reason why not, without the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        let body = self.body.as_deref().ok_or("the answer did not arrive whole, or is too long")?;
        if !self.is_json {
            return Err("the answer is not JSON".to_owned());
        }
        serde_json::from_slice(body).map_err(|error| shortened(&error.to_string()))
    }

    /// The venue's own words for what it refused; `None` where somebody else answered in its place.
    pub fn refusal(&self) -> Option<Rejection> {
        let Refusal { code, message } = self.json().ok()?;
        Some(Rejection { status: self.status, code: shortened(&code), message: shortened(&message) })
    }
}

/// For people and logs.
pub(crate) fn shortened(text: &str) -> String {
    let clean = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    clean.take(MOST_MESSAGE_CHARS).collect()
}
