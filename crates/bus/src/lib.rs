//! Events between the tasks of one process: whoever watches an account hears what happens to it.
//!
//! A slow listener never holds the others: what it missed is replaced by one [`LiveEvent::Resync`].

use domain::AccountId;
use domain::live::LiveEvent;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::broadcast;

/// Events that a listener may lag behind before it must read everything again.
const BACKLOG: usize = 256;

/// The process's own bus.
#[derive(Clone, Default)]
pub struct Bus {
    accounts: Arc<RwLock<HashMap<AccountId, broadcast::Sender<LiveEvent>>>>,
}

impl Bus {
    /// Tells everyone who watches the account; nobody watching is fine.
    pub fn publish(&self, account: AccountId, event: LiveEvent) {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(listeners) = accounts.get(&account) {
            // A send fails only when nobody listens.
            let _ = listeners.send(event);
        }
    }

    pub fn subscribe(&self, account: AccountId) -> Subscription {
        let mut accounts = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
        let listeners = accounts.entry(account).or_insert_with(|| broadcast::channel(BACKLOG).0);
        Subscription { events: listeners.subscribe() }
    }
}

/// One listener's place in the stream of an account's events.
pub struct Subscription {
    events: broadcast::Receiver<LiveEvent>,
}

impl Subscription {
    /// The next event; `None` once the bus is gone.
    pub async fn next(&mut self) -> Option<LiveEvent> {
        match self.events.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(LiveEvent::Resync),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: u128) -> AccountId {
        AccountId::from_uuid(uuid::Uuid::from_u128(id))
    }

    #[tokio::test]
    async fn a_listener_hears_its_own_account_alone() {
        let bus = Bus::default();
        let mut mine = bus.subscribe(account(1));
        bus.publish(account(2), LiveEvent::Resync);
        drop(bus.clone());
        bus.publish(account(1), LiveEvent::Resync);
        assert_eq!(mine.next().await, Some(LiveEvent::Resync));
        drop(bus);
        assert_eq!(mine.next().await, None);
    }

    #[tokio::test]
    async fn a_slow_listener_is_told_to_read_again() {
        let bus = Bus::default();
        let mut slow = bus.subscribe(account(1));
        for _ in 0..=BACKLOG {
            bus.publish(account(1), LiveEvent::Resync);
        }
        assert_eq!(slow.next().await, Some(LiveEvent::Resync));
    }
}
