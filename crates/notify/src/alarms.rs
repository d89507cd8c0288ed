//! The handle by which alarms are raised: it never waits.

use crate::courier::Courier;
use crate::{Channel, Message};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::{self, Sender};

/// Alarms that wait for one way.
const ROOM: usize = 256;

/// All ways to a person. Copies are handles to the same ways.
#[derive(Clone, Default)]
pub struct Alarms {
    ways: Arc<[Entrance]>,
}

struct Entrance {
    queue: Sender<Message>,
    way: Arc<Way>,
}

/// How one way is doing.
#[derive(Debug)]
pub struct Way {
    pub name: &'static str,
    pub delivered: AtomicU64,
    /// Found no room in the queue.
    pub dropped: AtomicU64,
    /// Dropped, and not told yet.
    pub(crate) untold: AtomicU32,
    /// Why the last attempt failed; `None` once one has succeeded.
    failure: Mutex<Option<String>>,
}

impl Alarms {
    /// The handle, and one courier for each channel, each of which must be run.
    pub fn over(channels: Vec<Arc<dyn Channel>>) -> (Alarms, Vec<Courier>) {
        let (ways, couriers): (Vec<_>, Vec<_>) = channels
            .into_iter()
            .map(|channel| {
                let (queue, waiting) = mpsc::channel(ROOM);
                let way = Arc::new(Way::new(channel.name()));
                (Entrance { queue, way: Arc::clone(&way) }, Courier::new(channel, waiting, way))
            })
            .unzip();
        (Alarms { ways: ways.into() }, couriers)
    }

    /// Sends the alarm on every way; where a queue is full, it is dropped there and counted.
    pub fn raise(&self, message: &Message) {
        tracing::error!(alarm = message.kind, subject = message.subject, "{}", message.text);
        for Entrance { queue, way } in self.ways.iter() {
            if queue.try_send(message.clone()).is_err() {
                way.dropped.fetch_add(1, Ordering::Relaxed);
                way.untold.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub fn ways(&self) -> Vec<Arc<Way>> {
        self.ways.iter().map(|entrance| Arc::clone(&entrance.way)).collect()
    }
}

impl Way {
    fn new(name: &'static str) -> Way {
        let (delivered, dropped, untold) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU32::new(0));
        Way { name, delivered, dropped, untold, failure: Mutex::default() }
    }

    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note(&self, failure: Option<String>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }
}
