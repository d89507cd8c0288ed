//! What every movement of money leaves behind: postings in the books, and word to those who listen.

use super::event::{AccountEvent, Event};
use crate::books::Books;
use domain::AccountId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    /// In sats.
    pub books: Books,
    /// In cents of synthetic dollars.
    pub cents: Books,
    /// Nobody listens to a core that stands alone.
    #[serde(skip)]
    is_heard: bool,
    #[serde(skip)]
    untold: Vec<AccountEvent>,
}

impl Journal {
    /// From now on events are kept until they are taken.
    pub fn listen(&mut self) {
        self.is_heard = true;
    }

    pub fn tell(&mut self, account: AccountId, event: impl FnOnce() -> Event) {
        if self.is_heard {
            self.untold.push(AccountEvent { account, event: event() });
        }
    }

    pub fn take_untold(&mut self) -> Vec<AccountEvent> {
        std::mem::take(&mut self.untold)
    }
}
