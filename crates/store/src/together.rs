//! What belongs into one transaction, and how a journal from beside the database is taken into it.

use crate::beside::{ALONE, Line, Record};
use crate::both::{alone, glance};
use crate::failpoint::{Point, reach};
use crate::lease::BesideTerms;
use crate::pools::{Postgres, Sqlite};
use crate::{Fence, Lease, NewEntry, Result, Store, StoreError};
use crate::{account, action, brake, freeze, hindrance, lease, ledger, merged};
use domain::action::Intent;
use domain::brake::Stopped;
use domain::{AccountId, ActionId, ActionState, InstanceId, PositionId, Timestamp};

macro_rules! implement_together {
    ($database:ident, $on:ident, $connection:ty) => {
        impl $database {
            pub(crate) async fn insert_intent(&self, intent: &Intent, fence: Fence<'_>) -> Result<()> {
                let is_plain = intent.rides_on.is_none() && intent.asked_by.is_none();
                if is_plain && self.insert_at_once(intent, fence).await? {
                    return Ok(());
                }
                // Something stands in the way, or may: this asks for one after the other, and says what.
                let mut transaction = self.begin_urgent().await?;
                lease::$on::check(&mut transaction, intent.account, fence, intent.written_at).await?;
                hindrance::$on::check(&mut transaction, intent, fence).await?;
                if intent.asked_by.is_some()
                    && intent.change.is_held_by_breaker()
                    && brake::$on::is_tripped(&mut transaction).await?
                {
                    return Err(StoreError::BreakerTripped(None));
                }
                if let Some(amount) = intent.spends() {
                    let trip =
                        brake::$on::trip(&mut transaction, fence.breaker, amount.get(), intent.written_at).await?;
                    if trip.is_some() {
                        // That it fell must outlive the refusal.
                        transaction.commit().await?;
                        return Err(StoreError::BreakerTripped(trip));
                    }
                }
                action::$on::insert_intent(&mut transaction, intent, fence).await?;
                transaction.commit().await?;
                Ok(())
            }

            async fn insert_at_once(&self, intent: &Intent, fence: Fence<'_>) -> Result<bool> {
                let Some(pool) = self.at_once() else { return Ok(false) };
                let inserted = glance!(pool, action::$on::insert_at_once(intent, fence));
                match inserted {
                    Err(error) if error.is_busy() => Ok(false),
                    inserted => inserted,
                }
            }

            pub(crate) async fn retire_account(&self, account: AccountId, now: Timestamp) -> Result<()> {
                let mut transaction = self.begin_urgent().await?;
                account::$on::remove(&mut transaction, account, now).await?;
                brake::$on::stop(&mut transaction, Some(account), Stopped::Guards, false, now).await?;
                transaction.commit().await
            }

            pub(crate) async fn move_action(
                &self,
                id: ActionId,
                state: ActionState,
                entries: &[NewEntry],
            ) -> Result<Vec<i64>> {
                let mut transaction = self.begin_urgent().await?;
                action::$on::move_open(&mut transaction, id, state).await?;
                let seqs = ledger::$on::append(&mut transaction, entries).await?;
                transaction.commit().await?;
                Ok(seqs)
            }

            pub(crate) async fn insert_freeze(
                &self,
                account: AccountId,
                position: PositionId,
                now: Timestamp,
                entries: &[NewEntry],
            ) -> Result<Vec<i64>> {
                let mut transaction = self.begin_urgent().await?;
                freeze::$on::insert(&mut transaction, account, position, now).await?;
                let seqs = ledger::$on::append(&mut transaction, entries).await?;
                transaction.commit().await?;
                Ok(seqs)
            }

            /// Takes a journal in, each record once; without any, shows that the database can be written.
            pub(crate) async fn take_in(&self, instance: InstanceId, lines: &[Line]) -> Result<()> {
                let mut transaction = self.begin_urgent().await?;
                merged::$on::mark(&mut transaction, instance, 0).await?;
                reach(Point::BeforeMerge).await;
                for Line { seq, record } in lines {
                    if merged::$on::mark(&mut transaction, instance, *seq).await? {
                        self.take_in_one(&mut transaction, record).await?;
                    }
                }
                transaction.commit().await
            }

            async fn take_in_one(&self, transaction: &mut $connection, record: &Record) -> Result<()> {
                let entries = match record {
                    Record::Intent { intent, epoch } => {
                        return action::$on::insert_merged(transaction, intent, *epoch).await;
                    }
                    Record::Settled { id, state, entries, .. } => {
                        match action::$on::move_open(transaction, *id, *state).await {
                            // It was settled by a transaction whose end was not heard of.
                            Ok(()) | Err(StoreError::Conflict) => entries,
                            Err(error) => return Err(error),
                        }
                    }
                    Record::Froze { account, position, at, entries } => {
                        freeze::$on::insert(transaction, *account, *position, *at).await?;
                        entries
                    }
                    Record::Said { entries } => entries,
                };
                ledger::$on::append_merged(transaction, entries).await
            }

            /// Whether everything that another program journaled beside this database is in it.
            async fn knows_journal_of(&self, instance: InstanceId) -> Result<bool> {
                let Some(lines) = self.beside.read_journal(instance) else { return Ok(false) };
                self.take_in(instance, &lines).await?;
                Ok(true)
            }

            pub(crate) async fn beside_terms(
                &self,
                account: AccountId,
                us: InstanceId,
                gone: Option<InstanceId>,
                now: Timestamp,
            ) -> Result<Option<BesideTerms>> {
                if !self.beside.stands_in() {
                    return Ok(None);
                }
                let lease = self.find_lease(account).await?.filter(|lease| lease.owner != us && lease.alone);
                let ends = |lease: &Lease| lease.expires_at <= now || gone == Some(lease.owner);
                let known = match lease.filter(ends) {
                    Some(lease) if self.knows_journal_of(lease.owner).await? => Some(lease.owner),
                    _ => None,
                };
                Ok(Some(BesideTerms { until: now.plus(ALONE), known }))
            }

            async fn has_lease(&self, instance: InstanceId) -> Result<bool> {
                glance!(self.reading(), lease::$on::has_any(instance))
            }

            pub(crate) async fn release(&self, instance: InstanceId) -> Result<()> {
                alone!(self.begin_urgent(), lease::$on::release(instance))
            }

            /// Takes in what other programs left in the folder. A journal is kept as long as a lease names its program:
            /// whoever takes that lease over asks for it.
            pub(crate) async fn take_in_left_journals(&self) -> Result<()> {
                for instance in self.beside.list_journals() {
                    let taken_in = self.knows_journal_of(instance).await?;
                    if taken_in && !self.has_lease(instance).await? {
                        self.beside.remove_journal(instance);
                    }
                }
                Ok(())
            }
        }
    };
}

implement_together!(Sqlite, sqlite, sqlx::SqliteConnection);
implement_together!(Postgres, postgres, sqlx::PgConnection);
