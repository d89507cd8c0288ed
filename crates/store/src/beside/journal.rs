//! A journal beside the database: one line a record, each with its number and checksum, synced before anything is sent.

use super::disk::Disk;
use crate::{NewEntry, Result, StoreError};
use domain::action::Intent;
use domain::{AccountId, ActionId, ActionState, PositionId, Timestamp};
use serde::{Deserialize, Serialize};

/// What could not be written to the database when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    Intent { intent: Intent, epoch: i64 },
    Settled { account: AccountId, id: ActionId, state: ActionState, entries: Vec<NewEntry> },
    Said { entries: Vec<NewEntry> },
    Froze { account: AccountId, position: PositionId, at: Timestamp, entries: Vec<NewEntry> },
}

impl Record {
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Record::Intent { intent, .. } => Some(intent.account),
            Record::Settled { account, .. } | Record::Froze { account, .. } => Some(*account),
            Record::Said { entries } => entries.first().map(|entry| entry.entry.account),
        }
    }
}

/// A record with its place among all of its journal; numbers go on where the journal begins anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub seq: i64,
    pub record: Record,
}

/// An open journal.
pub struct Journal {
    disk: Box<dyn Disk>,
    next: i64,
    offset: u64,
    unmerged: Vec<Line>,
}

impl Journal {
    pub fn new(disk: Box<dyn Disk>) -> Journal {
        Journal { disk, next: 1, offset: 0, unmerged: Vec::new() }
    }

    /// Returns when the record is on disk.
    pub fn append(&mut self, record: Record) -> Result<()> {
        let line = Line { seq: self.next, record };
        let bytes = encode(&line)?;
        self.disk.write_at(&bytes, self.offset).map_err(failed)?;
        if let Err(error) = self.disk.sync() {
            self.disk.give_up(&error);
            return Err(failed(error));
        }
        self.next = self.next.saturating_add(1);
        self.offset = self.offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.unmerged.push(line);
        Ok(())
    }

    pub fn unmerged(&self) -> &[Line] {
        &self.unmerged
    }

    /// Forgets what the database holds up to `seq`. Once it holds all, the journal begins anew in its reserve: lines that
    /// are left behind have smaller numbers, and end the reading.
    pub fn merged_to(&mut self, seq: i64) {
        self.unmerged.retain(|line| seq < line.seq);
        if self.unmerged.is_empty() {
            self.offset = 0;
        }
    }
}

fn encode(line: &Line) -> Result<Vec<u8>> {
    let json = serde_json::to_string(line).map_err(|error| failed(error.into()))?;
    Ok(format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())).into_bytes())
}

/// The lines of a journal, as far as they are whole and follow each other. A line that was cut short was never acted on.
pub fn decode(bytes: &[u8]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').map_while(decode_line) {
        if lines.last().is_some_and(|last| line.seq != last.seq.saturating_add(1)) {
            break;
        }
        lines.push(line);
    }
    lines
}

fn decode_line(line: &[u8]) -> Option<Line> {
    let (checksum, json) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    let whole = u32::from_str_radix(checksum, 16).ok()? == crc32fast::hash(json.as_bytes());
    whole.then(|| serde_json::from_str(json).ok())?
}

fn failed(error: std::io::Error) -> StoreError {
    StoreError::Database(sqlx::Error::Io(error))
}

#[cfg(test)]
mod tests;
