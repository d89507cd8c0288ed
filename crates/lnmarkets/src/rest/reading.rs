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
            Err(ReadError::Unauthorized(format!("LN Markets does not serve this place: {words}")))
        }
        (401 | 403, Some(Rejection { message, .. })) => Err(ReadError::Unauthorized(message)),
        (400..500, Some(Rejection { message, .. })) => Err(ReadError::Malformed(format!("{status}: {message}"))),
        (_, Some(Rejection { message, .. })) => Err(ReadError::Unavailable(format!("{status}: {message}"))),
        (_, None) => Err(ReadError::Unavailable(format!("it answered {status} without saying why"))),
    }
}

/// Whether the venue refuses the place that we speak from. No status is documented for it, so its words count.
pub(crate) fn is_geo_block(status: u16, words: Option<&str>) -> bool {
    let words = words.unwrap_or_default().to_lowercase();
    let speaks_of_places = ["country", "countries", "region", "jurisdiction", "geo", "location"];
    status == 451 || (matches!(status, 0 | 401 | 403) && speaks_of_places.iter().any(|word| words.contains(word)))
}
