//! Writes into the log who was refused what. A flood of refusals is counted, and fills no disk.

use app::session::Known;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::{Millis, Timestamp};
use service::{Clock, Origin};
use std::sync::{Arc, Mutex, PoisonError};

/// Lines in a minute; further ones are counted.
const MOST: u32 = 60;
/// Of a path, in characters.
const LONGEST_PATH: usize = 120;

/// How many were written down since when.
#[derive(Clone)]
pub struct Refusals {
    clock: Arc<dyn Clock>,
    lately: Arc<Mutex<Lately>>,
}

struct Lately {
    since: Timestamp,
    told: u32,
    untold: u32,
}

impl Refusals {
    pub fn new(clock: Arc<dyn Clock>) -> Refusals {
        let lately = Lately { since: clock.now(), told: 0, untold: 0 };
        Refusals { clock, lately: Arc::new(Mutex::new(lately)) }
    }

    /// How many were passed over before this one; `None` where this one is.
    fn admit(&self) -> Option<u32> {
        let now = self.clock.now();
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if Millis::MINUTE <= now.since(lately.since) || now < lately.since {
            lately.since = now;
            lately.told = 0;
        }
        if MOST <= lately.told {
            lately.untold = lately.untold.saturating_add(1);
            return None;
        }
        lately.told += 1;
        Some(std::mem::take(&mut lately.untold))
    }
}

/// Notes what an answer refused. The query of an address, cookies and bodies are not written down.
pub async fn note(State(refusals): State<Refusals>, request: Request, next: Next) -> Response {
    let (method, path) =
        (request.method().clone(), request.uri().path().chars().take(LONGEST_PATH).collect::<String>());
    let address = request.extensions().get::<Origin>().and_then(Origin::address);
    let response = next.run(request).await;
    let known = response.extensions().get::<Known>().map(|known| known.user);
    let status = response.status();
    if is_refusal(status, known.is_some())
        && let Some(untold) = refusals.admit()
    {
        let user = known.map(|user| user.to_string()).unwrap_or_default();
        let address = address.map(|address| address.to_string()).unwrap_or_default();
        tracing::warn!(%method, ?path, status = status.as_u16(), user, address, untold, "refused");
    }
    response
}

/// What a person who is signed in does not find may be another's; what a stranger does not find is any page.
fn is_refusal(status: StatusCode, is_known: bool) -> bool {
    match status {
        StatusCode::BAD_REQUEST
        | StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNPROCESSABLE_ENTITY => true,
        StatusCode::NOT_FOUND => is_known,
        _ => false,
    }
}
