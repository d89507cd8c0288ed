//! What the answer to a call that changes something proves.

use super::reply::Reply;
use super::transport::Failure;
use exchange::{Outcome, Rejection, Silence};
use serde::de::DeserializeOwned;

/// Refused before anything was done: a fault of the request, the key or the moment.
///
/// What is left out may come from something between us and the venue, or after the venue began: 408, 425, 3xx and 5xx,
/// the 503 of a trading engine at rest included, say nothing about what was done.
const DEFINITE: [u16; 13] = [400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 418, 422, 451];
const TOO_MANY: u16 = 429;

/// A yes is a success with a body that `proves` accepts. A no is the venue's own JSON with a definite status, or a
/// call that never left (status 0). Everything else is silence.
///
/// A 429 is a no only in the venue's own words, since its limiter stands before everything else; a proxy's 429 may
/// stand behind a request that was passed on.
pub(crate) fn outcome<T: DeserializeOwned, P>(
    answer: Result<Reply, Failure>,
    proves: impl FnOnce(T) -> Option<P>,
) -> Outcome<P> {
    let reply = match answer {
        Ok(reply) => reply,
        Err(Failure::NotSent(why)) => return Outcome::Rejected(not_sent(why)),
        Err(Failure::TimedOut) => return Outcome::Unknown(Silence::TimedOut),
        Err(Failure::ConnectionLost) => return Outcome::Unknown(Silence::ConnectionLost),
    };
    if reply.is_success() {
        return match reply.json().ok().and_then(proves) {
            Some(proof) => Outcome::Done(proof),
            None => Outcome::Unknown(Silence::Unreadable),
        };
    }
    match reply.refusal() {
        Some(rejection) if DEFINITE.contains(&reply.status) => Outcome::Rejected(rejection),
        Some(rejection) if reply.status == TOO_MANY && rejection.code == "TOO_MANY_REQUESTS" => {
            Outcome::Rejected(rejection)
        }
        _ => Outcome::Unknown(Silence::Status(reply.status)),
    }
}

fn not_sent(why: &str) -> Rejection {
    Rejection { status: 0, code: "NOT_SENT".to_owned(), message: format!("{why}; nothing was sent") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const REFUSAL: &str = r#"{"code":"TOO_MANY_REQUESTS","message":"no"}"#;

    fn check(status: u16, is_json: bool, body: Option<&str>) -> Outcome<Value> {
        let body = body.map(|body| body.as_bytes().to_vec());
        outcome(Ok(Reply { status, is_json, retry_after: None, limits: [None, None], wait: None, body }), Some)
    }

    #[test]
    fn only_a_readable_success_is_a_yes() {
        assert_eq!(check(200, true, Some("1")), Outcome::Done(Value::from(1)));
        for (is_json, body) in [(true, Some("{\"id\":")), (true, Some("")), (false, Some("1")), (true, None)] {
            assert_eq!(check(200, is_json, body), Outcome::Unknown(Silence::Unreadable));
        }
        let nothing: Outcome<()> = outcome(
            Ok(Reply {
                status: 201,
                is_json: true,
                retry_after: None,
                limits: [None, None],
                wait: None,
                body: Some(b"1".to_vec()),
            }),
            |_: Value| None,
        );
        assert_eq!(nothing, Outcome::Unknown(Silence::Unreadable));
    }

    #[test]
    fn only_the_venues_own_words_are_a_no() {
        for status in [400, 401, 403, 404, 405, 422, 429] {
            assert!(matches!(check(status, true, Some(REFUSAL)), Outcome::Rejected(_)), "{status}");
            assert_eq!(check(status, false, Some("<html>")), Outcome::Unknown(Silence::Status(status)));
            assert_eq!(check(status, true, Some("{}")), Outcome::Unknown(Silence::Status(status)));
        }
        assert_eq!(check(429, true, Some(r#"{"code":"SLOW","message":""}"#)), Outcome::Unknown(Silence::Status(429)));
    }

    #[test]
    fn a_status_that_says_nothing_is_silence_whatever_its_words() {
        for status in [100, 301, 302, 307, 308, 408, 425, 500, 502, 503, 504, 520, 599] {
            assert_eq!(check(status, true, Some(REFUSAL)), Outcome::Unknown(Silence::Status(status)));
        }
    }

    #[test]
    fn what_never_left_did_not_happen() {
        let outcome: Outcome<Value> = outcome(Err(Failure::NotSent("no connection")), Some);
        assert!(matches!(outcome, Outcome::Rejected(Rejection { status: 0, .. })));
    }
}
