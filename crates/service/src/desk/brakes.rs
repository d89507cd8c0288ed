//! The kill switches, of one's own account and of everything, and the end of a freeze.

use super::{Desk, DeskError};
use crate::account_desk::AccountDesk;
use crate::authority::{Need, Office, holds};
use crate::chronicle::{Chronicle, Scene};
use crate::snapshot::snapshot;
use domain::brake::{BrakeReport, Pulled, Remains, StopScope, Stopped};
use domain::live::LiveEvent;
use domain::{AccountId, LedgerOutcome, PositionId, Reason, Sats, Timestamp, UserId};
use exchange::Priority;
use std::sync::Arc;
use store::{FrozenAction, Stop, Store, StoreError};

/// How far a switch reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Account(AccountId),
    /// Every account on this database; for admins alone.
    Everything,
}

impl Reach {
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Reach::Account(account) => Some(account),
            Reach::Everything => None,
        }
    }
}

/// A kill switch as it is pulled.
#[derive(Clone, Copy)]
pub(crate) struct Switch {
    pub reach: Reach,
    pub stopped: Stopped,
    /// Orders that wait at the exchange stay where they are.
    pub keep_orders: bool,
    pub at: Timestamp,
}

impl Switch {
    pub async fn pull(self, store: &dyn Store) -> Result<(), StoreError> {
        match (self.stopped, self.keep_orders) {
            (Stopped::Trading, true) => store.stop_keeping_orders(self.reach.account(), self.at).await,
            _ => store.stop(self.reach.account(), self.stopped, self.at).await,
        }
    }
}

impl Desk {
    /// Lifts the freeze of a position, after a person has looked at the exchange what became of the frozen action.
    pub async fn thaw(&self, account: AccountId, position: PositionId, frozen: FrozenAction) -> Result<(), StoreError> {
        self.thaw_in(&*self.store, account, position, frozen).await
    }

    /// The same with one write to this store, which may have more to write with it.
    pub async fn thaw_in(
        &self,
        store: &dyn Store,
        account: AccountId,
        position: PositionId,
        frozen: FrozenAction,
    ) -> Result<(), StoreError> {
        let scene = Scene { market_at: self.clock.now(), price: None, distance: None };
        let mut chronicle = Chronicle::new(account, Arc::clone(&self.store), Arc::clone(&self.clock), self.bus.clone());
        let entries = vec![chronicle.entry(scene, Some(position), LedgerOutcome::Noted, Reason::Thawed)];
        let seqs = store.thaw_position(account, position, frozen, &entries).await?;
        chronicle.publish(entries, seqs);
        self.wake(account);
        Ok(())
    }

    /// From the moment this returns no intent of the account is written, and after one second more no call goes out;
    /// the guard then cancels the orders that wait and reports what stays open.
    pub async fn pull_stop(&self, user: UserId, account: AccountId, stopped: Stopped) -> Result<(), DeskError> {
        self.pull(user, Reach::Account(account), stopped, false).await
    }

    /// The same, however far it reaches; `keep_orders` leaves orders that wait at the exchange where they are.
    pub async fn pull(&self, user: UserId, reach: Reach, stopped: Stopped, keep_orders: bool) -> Result<(), DeskError> {
        self.check_reach(user, reach).await?;
        let switch = Switch { reach, stopped, keep_orders, at: self.clock.now() };
        switch.pull(&*self.store).await?;
        self.show_pulled(reach, stopped);
        Ok(())
    }

    pub async fn release_stop(&self, user: UserId, account: AccountId, stopped: Stopped) -> Result<(), DeskError> {
        self.release(user, Reach::Account(account), stopped).await
    }

    pub async fn release(&self, user: UserId, reach: Reach, stopped: Stopped) -> Result<(), DeskError> {
        self.check_reach(user, reach).await?;
        self.store.resume(reach.account(), stopped).await?;
        self.look_again(reach);
        Ok(())
    }

    /// What was added before counts no more. For admins alone.
    pub async fn rearm_breaker(&self, user: UserId) -> Result<(), DeskError> {
        self.check_reach(user, Reach::Everything).await?;
        self.store.rearm_breaker(self.clock.now()).await?;
        self.look_again(Reach::Everything);
        Ok(())
    }

    /// Asks all guards within reach for a look.
    pub(crate) fn look_again(&self, reach: Reach) {
        self.within(reach).iter().for_each(|desk| desk.changed());
    }

    /// What holds the account back, the switches for everything included.
    pub async fn list_stops(&self, user: UserId, account: AccountId) -> Result<Vec<Stop>, DeskError> {
        self.check(user, account, Need::See).await?;
        Ok(self.store.list_stops(account).await?)
    }

    /// What holds the account back, and what stays open meanwhile: positions as they were last read, orders read now.
    pub async fn report_brakes(&self, user: UserId, account: AccountId) -> Result<BrakeReport, DeskError> {
        let desk = self.served(user, account, Need::See).await?;
        let stops = self.store.list_stops(account).await?;
        let open = self.store.list_open_actions(account).await?;
        let orders = desk.exchange.fetch_resting(Priority::Interface).await.ok().map(|orders| count(orders.len()));
        let positions = desk.view().positions;
        let margin = Sats::checked_sum(positions.iter().map(|position| position.margin));
        Ok(BrakeReport {
            pulled: stops.into_iter().map(pulled).collect(),
            breaker: self.store.is_breaker_tripped(account).await?,
            is_master: self.is_master(user).await?,
            positions: count(positions.len()),
            margin: margin.map_err(|_| DeskError::Unavailable)?,
            remains: Remains { canceled: None, orders, unknown: count(open.len()) },
        })
    }

    pub(crate) async fn check_reach(&self, user: UserId, reach: Reach) -> Result<(), DeskError> {
        match reach {
            Reach::Account(account) => self.check(user, account, Need::Act).await,
            Reach::Everything if self.is_master(user).await? => Ok(()),
            Reach::Everything => Err(DeskError::NotFound),
        }
    }

    async fn is_master(&self, user: UserId) -> Result<bool, DeskError> {
        Ok(self.store.find_role(user).await?.is_some_and(|role| holds(role, Office::Administer)))
    }

    fn within(&self, reach: Reach) -> Vec<Arc<AccountDesk>> {
        match reach {
            Reach::Account(account) => self.find_served(account).into_iter().collect(),
            Reach::Everything => self.all_served(),
        }
    }

    /// Pages show a pulled switch at once, even where no look comes through any more.
    pub(crate) fn show_pulled(&self, reach: Reach, stopped: Stopped) {
        let scope = match reach {
            Reach::Account(_) => StopScope::Account,
            Reach::Everything => StopScope::Everything,
        };
        for desk in self.within(reach) {
            desk.change_view(|view| view.brakes.add(scope, stopped));
            if let Ok(snapshot) = snapshot(&desk, self.clock.now()) {
                self.bus.publish(desk.account.id, LiveEvent::Account(Box::new(snapshot)));
            }
            desk.changed();
        }
    }
}

fn pulled(stop: Stop) -> Pulled {
    let Stop { scope, stopped, pulled_at, .. } = stop;
    Pulled { scope, stopped, at: pulled_at }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
