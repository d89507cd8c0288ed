//! Alarms and letters on their way to a person, on ways that depend neither on each other nor on the database.
//!
//! Whoever raises an alarm never waits: each way has a queue of its own that is bounded, drops what does not fit, counts
//! what it dropped, and says so with the next message that gets through.

mod alarms;
mod courier;
mod egress;
mod heartbeat;
mod journal;
mod letters;
mod log;
mod sieve;
mod webhook;

pub use alarms::{Alarms, Way};
pub use courier::Courier;
pub use egress::{AddressError, Egress};
pub use heartbeat::Heartbeat;
pub use journal::Journal;
pub use letters::{LetterCarrier, Letterbox, MailAddress, MailError, Smtp, SmtpError};
pub use log::{LogPlace, LogShipment, LogSink};
pub use webhook::Webhook;

use async_trait::async_trait;
use domain::Timestamp;
use serde::Serialize;

/// One alarm, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// By our own clock.
    pub at: Timestamp,
    /// A stable word for programs: `crossing_unanswered`.
    pub kind: String,
    /// Whom it is about: what has the same kind and subject is the same alarm.
    pub subject: String,
    pub text: String,
}

/// Why a message was not delivered; for people.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    #[error("the alarm could not be written")]
    Write(#[source] std::io::Error),
    #[error("the alarm could not be sent: {0}")]
    Send(String),
    #[error("the receiver answered {0}")]
    Status(u16),
}

/// A way to a person.
#[async_trait]
pub trait Channel: Send + Sync {
    fn name(&self) -> &'static str;
    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError>;
}
