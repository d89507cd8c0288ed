//! What the answer to a read gives, or whose turn it is to mend it.

use super::reply::Reply;
use super::transport::Failure;
use exchange::{ReadError, Rejection};
use serde::de::DeserializeOwned;

pub(crate) fn read<T: DeserializeOwned>(answer: Result<Reply, Failure>) -> Result<T, ReadError> {
    let reply = answer.map_err(|failure| ReadError::Unavailable(failure.to_string()))?;
    if reply.is_success() {
        return reply.json().map_err(ReadError::Malformed);
    }
    let status = reply.status;
    match (status, reply.refusal()) {
        (429, _) => Err(ReadError::RateLimited { retry_after: reply.wait }),
        (_, refusal) if is_geo_block(status, refusal.as_ref().map(|refusal| refusal.message.as_str())) => {
            let words = refusal.map_or_else(|| format!("status {status}"), |refusal| refusal.message);
            Err(ReadError::PlaceRefused(words))
        }
        // Our idea of the venue's time was wrong, not the key; it is measured before the next signature.
        (401, Some(Rejection { message, .. })) if speaks_of_time(&message) => Err(ReadError::Unavailable(message)),
        (401, Some(Rejection { message, .. })) if !speaks_of_scopes(&message) => Err(ReadError::Unauthorized(message)),
        (401 | 403, Some(Rejection { message, .. })) => Err(ReadError::Forbidden(message)),
        (400..500, Some(Rejection { message, .. })) => Err(ReadError::Malformed(format!("{status}: {message}"))),
        (_, Some(Rejection { message, .. })) => Err(ReadError::Unavailable(format!("{status}: {message}"))),
        (_, None) => Err(ReadError::Unavailable(format!("it answered {status} without saying why"))),
    }
}

/// Whether a signature was refused because of its date.
pub(crate) fn speaks_of_time(words: &str) -> bool {
    words.contains("imestamp")
}

/// Whether a key was refused for what it may not do, rather than for being unknown.
pub(crate) fn speaks_of_scopes(words: &str) -> bool {
    let words = words.to_lowercase();
    ["scope", "permission", "forbidden"].iter().any(|word| words.contains(word))
}

/// Whether the venue refuses the place that we speak from. No status is documented for it, so its words count.
pub(crate) fn is_geo_block(status: u16, words: Option<&str>) -> bool {
    let words = words.unwrap_or_default().to_lowercase();
    let speaks_of_places = ["country", "countries", "region", "jurisdiction", "geo", "location"];
    status == 451 || (matches!(status, 0 | 401 | 403) && speaks_of_places.iter().any(|word| words.contains(word)))
}
