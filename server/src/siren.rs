//! From an alarm of the guard to words on every way to a person.

use crate::cli::AlarmArguments;
use domain::LedgerEntry;
use notify::{AddressError, Alarms, Channel, Courier, Heartbeat, Journal, Message, Webhook};
use secrecy::ExposeSecret;
use service::AlarmSink;
use std::path::Path;
use std::sync::Arc;

/// The file in the data folder.
const FILE: &str = "alarms.jsonl";

/// Tells each alarm in English: whoever reads it has no page before them.
pub struct Siren(pub Alarms);

impl AlarmSink for Siren {
    fn raise(&self, alarm: &LedgerEntry) {
        let subject = match alarm.position {
            Some(position) => format!("position {position} of account {}", alarm.account),
            None => format!("account {}", alarm.account),
        };
        let (kind, text) = (app::reason_word(&alarm.reason).to_owned(), app::told_in_english(alarm));
        self.0.raise(&Message { at: alarm.at, kind, subject, text });
    }
}

/// The ways that are configured, of which the file needs nothing but the disk.
pub fn ways(data: &Path, arguments: &AlarmArguments) -> Result<(Alarms, Vec<Courier>), AddressError> {
    let mut channels: Vec<Arc<dyn Channel>> = vec![Arc::new(Journal::at(data.join(FILE)))];
    match &arguments.alarm_url {
        Some(address) => {
            channels.push(Arc::new(Webhook::to(
                address.expose_secret(),
                arguments.alarm_token.clone(),
                &arguments.egress(),
            )?));
        }
        None => tracing::warn!("no AXISOR_ALARM_URL: alarms reach the page, this log and alarms.jsonl only"),
    }
    Ok(Alarms::over(channels))
}

pub fn heartbeat(arguments: &AlarmArguments) -> Result<Option<Heartbeat>, AddressError> {
    let egress = arguments.egress();
    arguments.heartbeat_url.as_ref().map(|address| Heartbeat::to(address.expose_secret(), &egress)).transpose()
}
