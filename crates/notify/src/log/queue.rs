//! Lines that wait to be sent: bounded by number and by bytes, and whoever writes one never waits.

use std::cell::Cell;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::sync::mpsc::{self, Receiver, Sender};

pub const MOST_LINES: usize = 8_192;
const MOST_BYTES: usize = 4 * 1_024 * 1_024;

thread_local! {
    static IS_SILENT: Cell<bool> = const { Cell::new(false) };
}

/// From now on nothing that this thread logs is put into a queue: it would be sent, logged and sent again.
pub fn say_nothing_here() {
    IS_SILENT.set(true);
}

pub fn is_silent_here() -> bool {
    IS_SILENT.get()
}

/// Where lines are put.
pub struct Entrance {
    lines: Sender<Vec<u8>>,
    tally: Arc<Tally>,
}

#[derive(Default)]
struct Tally {
    /// Of lines that wait.
    bytes: AtomicUsize,
    /// Lines that found no room, and were not told of yet.
    lost: AtomicU64,
}

/// Where they are taken out.
pub struct Waiting {
    lines: Receiver<Vec<u8>>,
    tally: Arc<Tally>,
}

pub fn open() -> (Entrance, Waiting) {
    let (sender, receiver) = mpsc::channel(MOST_LINES);
    let tally = Arc::new(Tally::default());
    (Entrance { lines: sender, tally: Arc::clone(&tally) }, Waiting { lines: receiver, tally })
}

impl Entrance {
    pub fn line(&self) -> Line<'_> {
        Line(self)
    }

    fn put(&self, line: &[u8]) {
        let before = self.tally.bytes.fetch_add(line.len(), Ordering::Relaxed);
        let has_room = before.saturating_add(line.len()) <= MOST_BYTES;
        if !has_room || self.lines.try_send(line.to_vec()).is_err() {
            self.tally.bytes.fetch_sub(line.len(), Ordering::Relaxed);
            self.tally.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// One line, written in one piece.
pub struct Line<'a>(&'a Entrance);

impl io::Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.put(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Waiting {
    /// `None` once nobody is left who could put one in.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        let line = self.lines.recv().await?;
        self.tally.bytes.fetch_sub(line.len(), Ordering::Relaxed);
        Some(line)
    }

    /// How many lines were lost since this was last asked.
    pub fn take_lost(&self) -> u64 {
        self.tally.lost.swap(0, Ordering::Relaxed)
    }

    /// Lines that were taken out and did not arrive.
    pub fn add_lost(&self, lines: u64) {
        self.tally.lost.fetch_add(lines, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[tokio::test]
    async fn lines_are_bounded_by_their_bytes_as_well() {
        let (entrance, mut waiting) = open();
        let half = vec![b'x'; MOST_BYTES / 2];
        for _ in 0..3 {
            entrance.line().write_all(&half).unwrap();
        }
        assert_eq!((waiting.take_lost(), waiting.take_lost()), (1, 0));
        waiting.next().await.unwrap();
        entrance.line().write_all(&half).unwrap();
        assert_eq!(waiting.take_lost(), 0, "there is room again");
    }
}
