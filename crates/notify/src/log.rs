//! The program's log on its way to another system: lines of JSON in batches, sent by a thread of their own.
//!
//! Whoever logs never waits. What finds no room is dropped and counted, and the next batch that arrives says how many lines
//! were lost. What that thread itself logs (and its HTTP client) is told on the other ways of the log, never on this one.

mod batch;
mod carrier;
mod place;
mod queue;

pub use place::LogPlace;

use carrier::Carrier;
use domain::Timestamp;
use queue::{Entrance, Line};
use std::time::Duration;
use std::{io, thread};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::OptionalWriter;
use tracing_subscriber::registry::LookupSpan;

/// What waits at a stop may take so long to be sent.
const LAST_LINES: Duration = Duration::from_secs(3);

/// Where lines are put.
pub struct LogSink(Entrance);

/// The thread that sends them; runs until the process ends, or [`LogShipment::finish`].
#[must_use]
pub struct LogShipment {
    stop: CancellationToken,
    done: oneshot::Receiver<()>,
}

impl LogSink {
    /// Starts the thread. `now` dates the words about what was lost. Fails where the system gives no thread.
    pub fn start(place: LogPlace, now: fn() -> Timestamp) -> io::Result<(LogSink, LogShipment)> {
        let stop = CancellationToken::new();
        let (entrance, waiting) = queue::open();
        let carrier = Carrier::new(place, waiting, stop.clone(), now);
        let runtime = Builder::new_current_thread().enable_all().on_thread_start(queue::say_nothing_here).build()?;
        let (tell, done) = oneshot::channel();
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            queue::say_nothing_here();
            runtime.block_on(carrier.run());
            // Whoever waited may have given up.
            let _ = tell.send(());
        })?;
        Ok((LogSink(entrance), LogShipment { stop, done }))
    }

    /// Puts each event here as a line of JSON: `timestamp`, `level`, `message`, its fields, `target`, `span`.
    pub fn layer<S>(self) -> impl Layer<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(self)
    }
}

impl<'a> MakeWriter<'a> for LogSink {
    type Writer = OptionalWriter<Line<'a>>;

    fn make_writer(&'a self) -> Self::Writer {
        if queue::is_silent_here() { OptionalWriter::none() } else { OptionalWriter::some(self.0.line()) }
    }
}

impl LogShipment {
    /// Sends what waits, within three seconds; what is not sent by then is lost.
    pub async fn finish(self) {
        self.stop.cancel();
        if tokio::time::timeout(LAST_LINES, self.done).await.is_err() {
            tracing::warn!("the end of the log did not reach its other place in time");
        }
    }
}
