//! Notices on their way to people: leased, delivered, and only then marked so.

use crate::clock::Clock;
use bus::Bus;
use domain::Millis;
use domain::live::LiveEvent;
use std::sync::Arc;
use store::{Store, StoreError};

/// A crashed worker's notices are taken over after this.
const LEASE: Millis = Millis::from_secs(30);
const AT_ONCE: u32 = 50;

/// Delivers notices to the pages that watch; other channels join here.
pub struct Outbox {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    bus: Bus,
}

impl Outbox {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, bus: Bus) -> Outbox {
        Outbox { store, clock, bus }
    }

    /// Delivers what is due; answers how many.
    pub async fn deliver_due(&self) -> Result<usize, StoreError> {
        let due = self.store.claim_notices(self.clock.now(), LEASE, AT_ONCE).await?;
        for notice in &due {
            self.bus.publish(notice.entry.account, LiveEvent::Notice(Box::new(notice.entry.clone())));
            self.store.mark_notice_delivered(notice.id, self.clock.now()).await?;
        }
        Ok(due.len())
    }
}
