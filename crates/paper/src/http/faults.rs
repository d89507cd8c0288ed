//! Faults on the way between a client and the venue, planned one by one by a test or drawn from a seed by time.

mod forecast;
mod inject;
mod spoil;

pub use forecast::{Forecast, ForecastError, Trouble, Window};
pub use spoil::ToldPrice;

pub(super) use forecast::StreamTrouble;
pub(super) use inject::inject;

use domain::Timestamp;
use forecast::Weather;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The venue does it, and the connection closes without an answer.
    LoseReplyAfterAccept,
    /// The connection closes, and the venue never hears of it.
    LoseRequest,
    /// The connection is reset, and the venue never hears of it.
    ResetConnection,
    /// The venue does it at once and answers when released.
    HoldReply(Hold),
    /// The venue does it when released, even if the client has long gone.
    HoldRequest(Hold),
    /// Something in between answers instead of the venue, which never hears of it.
    Status { code: u16, body: String, headers: Vec<(String, String)> },
    /// The venue does it, and half of its answer arrives.
    TruncateJson,
    /// The venue hears of it later.
    Delay(Duration),
    /// The venue does it so much later, even if the client has long gone.
    Late(Duration),
    /// The venue does it, and its answer has another shape; the number chooses which.
    DriftJson(u64),
    /// The venue does it, and one row of the list in its answer is missing; the number chooses which.
    LoseRow(u64),
    /// The venue does it, and the prices in its answer are not those of the market.
    TellPrice(ToldPrice),
}

/// A point where a request waits for the test, and the test for the request.
#[derive(Clone, Debug, Default)]
pub struct Hold {
    reached: Arc<Notify>,
    released: Arc<Notify>,
}

impl Hold {
    /// Waits until the request is there: arrived for [`Fault::HoldRequest`], done for [`Fault::HoldReply`].
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets one request go on.
    pub fn release(&self) {
        self.released.notify_one();
    }

    async fn wait(&self) {
        self.reached.notify_one();
        self.released.notified().await;
    }
}

/// The faults to come; shared between a test and the server.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    planned: Vec<Planned>,
    weather: Option<Weather>,
}

#[derive(Debug)]
struct Planned {
    method: String,
    path: String,
    fault: Fault,
}

impl Faults {
    /// The next request of this method and path meets the fault. Several plans are used up in order.
    pub fn plan(&self, method: &str, path: &str, fault: Fault) {
        self.plan_times(1, method, path, fault);
    }

    /// The same for the next `times` requests.
    pub fn plan_times(&self, times: usize, method: &str, path: &str, fault: Fault) {
        let planned = || Planned { method: method.to_owned(), path: path.to_owned(), fault: fault.clone() };
        self.state().planned.extend(std::iter::repeat_with(planned).take(times));
    }

    /// How many planned faults no request has met yet.
    pub fn pending(&self) -> usize {
        self.state().planned.len()
    }

    /// From now on faults come as forecast, whose times count from `begin` of the wall clock; the same seed and the
    /// same requests meet the same faults. What was planned by hand comes first.
    pub fn follow(&self, forecast: Forecast, begin: Timestamp) {
        self.state().weather = Some(Weather::new(forecast, begin));
    }

    fn take(&self, method: &str, path: &str, now: Timestamp) -> Option<Fault> {
        let mut state = self.state();
        let planned = state.planned.iter().position(|plan| plan.method == method && plan.path == path);
        match planned {
            Some(index) => Some(state.planned.remove(index).fault),
            None => state.weather.as_mut()?.meet(method, path, now),
        }
    }

    /// Whether keys are unknown now.
    pub(super) fn revokes(&self, method: &str, path: &str, now: Timestamp) -> bool {
        self.state().weather.as_mut().is_some_and(|weather| weather.revokes(method, path, now))
    }

    /// What happens to the next message of a stream.
    pub(super) fn meet_stream(&self, now: Timestamp) -> Option<StreamTrouble> {
        self.state().weather.as_mut()?.meet_stream(now)
    }

    /// What the market says on a stream, as far as prices are told wrongly now.
    pub(super) fn spoil_prices(&self, now: Timestamp, data: &mut Value) {
        let told = self.state().weather.as_mut().and_then(|weather| weather.told_price(now));
        if let Some(told) = told {
            spoil::prices(data, told);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
