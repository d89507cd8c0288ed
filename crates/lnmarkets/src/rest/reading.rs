//! What the answer to a read gives, or whose turn it is to mend it.

use super::reply::Reply;
use super::transport::Failure;
use exchange::{ReadError, Rejection};
use serde::de::DeserializeOwned;

pub(crate) fn read<T: DeserializeOwned>(answer: Result<Reply, Failure>) -> Result<T, ReadError> {
    let reply = answer.map_err(unanswered)?;
    if reply.is_success() {
        return reply.json().map_err(ReadError::Malformed);
    }
    let status = reply.status;
    match (status, reply.refusal()) {
        (429, _) => Err(ReadError::RateLimited { retry_after: reply.wait }),
        (401 | 403, Some(Rejection { message, .. })) => Err(ReadError::Unauthorized(message)),
        (400..500, Some(Rejection { message, .. })) => Err(ReadError::Malformed(format!("{status}: {message}"))),
        (_, Some(Rejection { message, .. })) => Err(ReadError::Unavailable(format!("{status}: {message}"))),
        (_, None) => Err(ReadError::Unavailable(format!("it answered {status} without saying why"))),
    }
}

fn unanswered(failure: Failure) -> ReadError {
    let why = match failure {
        Failure::NotSent(why) => why,
        Failure::TimedOut => "no answer in time",
        Failure::ConnectionLost => "the connection broke",
    };
    ReadError::Unavailable(why.to_owned())
}
