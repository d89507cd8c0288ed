//! The way that needs nothing but the disk: a line of JSON for each alarm, on disk before it counts as delivered.

use crate::{Channel, DeliveryError, Message};
use async_trait::async_trait;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Appends to a file.
#[derive(Clone, Debug)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    pub fn at(path: PathBuf) -> Journal {
        Journal { path }
    }
}

#[async_trait]
impl Channel for Journal {
    fn name(&self) -> &'static str {
        "file"
    }

    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        let mut line = serde_json::to_vec(message).map_err(|error| DeliveryError::Send(error.to_string()))?;
        line.push(b'\n');
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut file = OpenOptions::new().create(true).append(true).open(path)?;
            file.write_all(&line)?;
            file.sync_all()
        });
        let written = written.await.map_err(|error| DeliveryError::Send(error.to_string()))?;
        written.map_err(DeliveryError::Write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn message(text: &str) -> Message {
        let (kind, subject) = ("stale".to_owned(), "one".to_owned());
        Message { at: Timestamp::from_unix_ms(7), kind, subject, text: text.to_owned() }
    }

    #[tokio::test]
    async fn each_alarm_is_a_line_of_its_own_whatever_its_text_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alarms.jsonl");
        let journal = Journal::at(path.clone());
        journal.deliver(&message("one\ntwo \"three\"")).await.unwrap();
        journal.deliver(&message("four")).await.unwrap();
        let written = std::fs::read_to_string(path).unwrap();
        let lines: Vec<serde_json::Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["text"], "one\ntwo \"three\"");
        assert_eq!(lines[1]["at"], 7);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let failed = Journal::at(folder.path().to_owned()).deliver(&message("lost")).await;
        assert!(matches!(failed, Err(DeliveryError::Write(_))), "{failed:?}");
    }
}
