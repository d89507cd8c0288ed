//! How fast one address may ask: a steady pace, with room for a burst.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Millis, Timestamp};
use service::{Clock, Origin};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// One request more in this time.
const PACE: Millis = Millis::new(50);
/// So many may come at once: a page that wakes asks for a handful.
const BURST: i64 = 300;
const ROOM: Millis = Millis::new(BURST * PACE.get());
/// Addresses that are remembered; who asked long ago is forgotten first.
const MOST_ADDRESSES: usize = 20_000;

/// Until when each address has used up its pace.
#[derive(Clone)]
pub struct Paces {
    clock: Arc<dyn Clock>,
    used_until: Arc<Mutex<HashMap<IpAddr, Timestamp>>>,
}

impl Paces {
    pub fn new(clock: Arc<dyn Clock>) -> Paces {
        Paces { clock, used_until: Arc::default() }
    }

    /// Counts a request; answers how long its address must wait where it asks too fast.
    fn count(&self, address: IpAddr) -> Option<Millis> {
        let now = self.clock.now();
        let mut used_until = self.used_until.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST_ADDRESSES <= used_until.len() {
            used_until.retain(|_, until| now < *until);
            if MOST_ADDRESSES <= used_until.len() {
                used_until.clear();
            }
        }
        let until = used_until.entry(network(address)).or_insert(now);
        // No pace reaches so far ahead but that of a clock which was set back since: it makes nobody wait.
        let begun = if now.plus(ROOM) < *until { now } else { now.max(*until) };
        let next = begun.plus(PACE);
        if now.plus(ROOM) < next {
            return Some(next.since(now.plus(ROOM)));
        }
        *until = next;
        None
    }
}

/// Of IPv6 the network that one customer has.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address => address,
    }
}

/// Refuses what comes too fast from one address. A request of no known address has none to be counted by.
pub async fn keep(State(paces): State<Paces>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<Origin>().and_then(Origin::address);
    let Some(wait) = address.and_then(|address| paces.count(address)) else { return next.run(request).await };
    let seconds = wait.get().div_euclid(1_000) + 1;
    let mut refused = StatusCode::TOO_MANY_REQUESTS.into_response();
    refused.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    refused
}
