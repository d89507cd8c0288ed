//! Lines that are sent together.

use domain::{Timestamp, iso8601};
use serde_json::json;

const MOST_LINES: u64 = 500;
const MOST_BYTES: usize = 512 * 1_024;

#[derive(Debug, Default)]
pub struct Batch {
    body: Vec<u8>,
    lines: u64,
    /// Lines that were lost before these, as the batch says.
    lost: u64,
}

impl Batch {
    pub fn push(&mut self, line: &[u8]) {
        self.body.extend_from_slice(line);
        self.lines = self.lines.saturating_add(1);
    }

    pub fn is_full(&self) -> bool {
        MOST_LINES <= self.lines || MOST_BYTES <= self.body.len()
    }

    /// Ends it with a line that tells what is missing.
    pub fn tell_lost(&mut self, lost: u64, now: Timestamp) {
        if lost == 0 {
            return;
        }
        self.lost = lost;
        let message = format!("{lost} lines of this log were lost: they found no room, or did not arrive");
        let told = json!({
            "timestamp": iso8601::write(now), "level": "WARN", "message": message, "lost": lost, "target": "axisor::log",
        });
        self.body.extend_from_slice(format!("{told}\n").as_bytes());
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What is missing where this does not arrive.
    pub fn weight(&self) -> u64 {
        self.lines.saturating_add(self.lost)
    }
}
