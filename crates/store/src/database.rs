//! The one list of what both databases can do.

use crate::beside::{Memory, Record};
use crate::both::{alone, glance};
use crate::failpoint::{Point, reach};
use crate::pools::{Postgres, Sqlite};
use crate::{
    Account, Answering, AttemptCount, AttemptRule, AuditRow, Authenticator, Fence, FrozenAction, Instance, Lease,
    LedgerFilter, NewEntry, Notice, PositionSpending, Secret, Session, Spending, Stop, User,
};
use crate::{Result, Store, StoreError};
use crate::{
    account, action, attempt, audit, brake, decision_run, freeze, guard, lease, ledger, outbox, second_factor, secret,
    session, setup_link, spending, user,
};
use async_trait::async_trait;
use domain::action::{Action, Intent};
use domain::brake::Stopped;
use domain::guard_policy::Guard;
use domain::why::{Run, Step};
use domain::{AccountId, ActionId, ActionState, InstanceId, LedgerEntry, Millis, PositionId, Timestamp, UserId};
use std::sync::Arc;

macro_rules! implement_store {
    ($database:ident, $on:ident) => {
        #[async_trait]
        impl Store for $database {
            fn recording(&self, entry: &AuditRow) -> Arc<dyn Store> {
                Arc::new(self.with_entry(entry))
            }
            async fn ping(&self) -> Result<()> {
                glance!(self.reading(), user::$on::ping())
            }
            fn is_at_rest(&self) -> bool {
                self.is_idle()
            }
            async fn find_answering(&self, account: AccountId, now: Timestamp) -> Answering {
                if self.beside.wants_try(now)
                    && let Some((instance, lines)) = self.beside.unmerged()
                    && self.beside.try_for(self.take_in(instance, &lines)).await.is_some()
                {
                    reach(Point::AfterMerge).await;
                    self.beside.found(&lines);
                }
                self.beside.answering(account)
            }

            async fn count_users(&self) -> Result<i64> {
                glance!(self.reading(), user::$on::count())
            }
            async fn insert_user(&self, user: &User) -> Result<()> {
                alone!(self.begin_write(), user::$on::insert(user))
            }
            async fn find_user(&self, id: UserId) -> Result<Option<User>> {
                glance!(self.reading(), user::$on::find(id))
            }
            async fn find_user_by_email(&self, email: &str) -> Result<Option<User>> {
                glance!(self.reading(), user::$on::find_by_email(email))
            }
            async fn insert_setup_link(&self, token_hash: &str, expires_at: Timestamp) -> Result<()> {
                alone!(self.begin_write(), setup_link::$on::insert(token_hash, expires_at))
            }
            async fn is_setup_link_open(&self, token_hash: &str, now: Timestamp) -> Result<bool> {
                glance!(self.reading(), setup_link::$on::is_open(token_hash, now))
            }
            async fn insert_first_user(&self, user: &User, token_hash: &str, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), setup_link::$on::spend(user, token_hash, now))
            }

            async fn insert_session(&self, session: &Session) -> Result<()> {
                alone!(self.begin_write(), session::$on::insert(session))
            }
            async fn save_session(&self, session: &Session) -> Result<()> {
                alone!(self.begin_write(), session::$on::save(session))
            }
            async fn find_session(&self, id: &str, now: Timestamp) -> Result<Option<Session>> {
                glance!(self.reading(), session::$on::find(id, now))
            }
            async fn delete_session(&self, id: &str) -> Result<()> {
                alone!(self.begin_write(), session::$on::delete(id))
            }
            async fn list_sessions(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>> {
                glance!(self.reading(), session::$on::list(user, now))
            }
            async fn delete_session_of(&self, user: UserId, id: &str) -> Result<()> {
                alone!(self.begin_write(), session::$on::delete_of(user, id))
            }
            async fn delete_other_sessions(&self, user: UserId, kept: &str) -> Result<u64> {
                alone!(self.begin_write(), session::$on::delete_others(user, kept))
            }
            async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64> {
                alone!(self.begin_write(), session::$on::delete_expired(now))
            }

            async fn count_attempt(&self, subject: &str, now: Timestamp, rule: &AttemptRule) -> Result<AttemptCount> {
                alone!(self.begin_write(), attempt::$on::count(subject, now, rule))
            }
            async fn uncount_attempt(&self, subject: &str) -> Result<()> {
                alone!(self.begin_write(), attempt::$on::uncount(subject))
            }
            async fn forget_attempts(&self, subject: &str) -> Result<()> {
                alone!(self.begin_write(), attempt::$on::forget(subject))
            }
            async fn forget_attempts_before(&self, time: Timestamp) -> Result<u64> {
                alone!(self.begin_write(), attempt::$on::forget_before(time))
            }

            async fn find_authenticator(&self, user: UserId) -> Result<Option<Authenticator>> {
                glance!(self.reading(), second_factor::$on::find(user))
            }
            async fn add_authenticator(
                &self,
                seed: &Secret,
                added: Authenticator,
                code_hashes: &[String],
            ) -> Result<()> {
                alone!(self.begin_write(), second_factor::$on::add(seed, added, code_hashes))
            }
            async fn spend_step(&self, user: UserId, step: i64) -> Result<()> {
                alone!(self.begin_write(), second_factor::$on::spend_step(user, step))
            }
            async fn remove_authenticator(&self, user: UserId) -> Result<()> {
                alone!(self.begin_write(), second_factor::$on::remove(user))
            }
            async fn replace_recovery_codes(&self, user: UserId, code_hashes: &[String]) -> Result<()> {
                alone!(self.begin_write(), second_factor::$on::replace_codes(user, code_hashes))
            }
            async fn spend_recovery_code(&self, user: UserId, code_hash: &str, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), second_factor::$on::spend_code(user, code_hash, now))
            }
            async fn count_recovery_codes(&self, user: UserId) -> Result<i64> {
                glance!(self.reading(), second_factor::$on::count_codes(user))
            }

            async fn insert_account(&self, account: &Account) -> Result<()> {
                alone!(self.begin_write(), account::$on::insert(account))
            }
            async fn find_account(&self, id: AccountId) -> Result<Option<Account>> {
                glance!(self.reading(), account::$on::find(id))
            }
            async fn list_accounts(&self, user: UserId) -> Result<Vec<Account>> {
                glance!(self.reading(), account::$on::list_of_user(user))
            }
            async fn list_every_account(&self) -> Result<Vec<Account>> {
                glance!(self.reading(), account::$on::list())
            }
            async fn remove_account(&self, account: AccountId, now: Timestamp) -> Result<()> {
                self.retire_account(account, now).await
            }

            async fn replace_sealed_key(&self, account: AccountId, old: &[u8], new: &[u8]) -> Result<()> {
                alone!(self.begin_write(), secret::$on::replace_key(account, old, new))
            }
            async fn insert_secret(&self, secret: &Secret) -> Result<()> {
                alone!(self.begin_write(), secret::$on::insert(secret))
            }
            async fn find_secret(&self, owner: UserId, field: &str) -> Result<Option<Secret>> {
                glance!(self.reading(), secret::$on::find(owner, field))
            }
            async fn list_secrets(&self) -> Result<Vec<Secret>> {
                glance!(self.reading(), secret::$on::list())
            }
            async fn replace_secret(&self, old: &Secret, new: &Secret) -> Result<()> {
                alone!(self.begin_write(), secret::$on::replace(old, new))
            }

            async fn append_audit(&self, row: &AuditRow) -> Result<()> {
                alone!(self.begin_write(), audit::$on::append(row))
            }
            async fn find_newest_audit(&self) -> Result<Option<AuditRow>> {
                glance!(self.reading(), audit::$on::find_newest())
            }
            async fn list_audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>> {
                glance!(self.reading(), audit::$on::list(after, limit))
            }

            async fn save_guard(&self, account: AccountId, guard: &Guard) -> Result<()> {
                alone!(self.begin_write(), guard::$on::save(account, guard))
            }
            async fn find_guard(&self, account: AccountId) -> Result<Option<Guard>> {
                let asked = async { glance!(self.reading(), guard::$on::find(account)) };
                self.beside
                    .read(account, asked, |memory, guard| memory.guard = Some(*guard), |memory| memory.guard)
                    .await
            }
            async fn list_guard_versions(&self, account: AccountId) -> Result<Vec<Guard>> {
                glance!(self.reading(), guard::$on::list_versions(account))
            }

            async fn show_life(&self, instance: InstanceId) -> Result<()> {
                self.beside.open_journal(instance)?;
                self.life.show(instance).await
            }
            async fn is_gone(&self, instance: InstanceId) -> Result<bool> {
                // A database that was away takes a program for dead that goes on beside it.
                if self.beside.is_alive(instance) {
                    return Ok(false);
                }
                self.life.is_gone(instance).await
            }
            async fn claim_lease(
                &self,
                account: AccountId,
                instance: &Instance,
                gone: Option<InstanceId>,
                now: Timestamp,
                until: Timestamp,
            ) -> Result<Lease> {
                let asked = async {
                    let beside = self.beside_terms(account, instance.id, gone, now).await?;
                    alone!(self.begin_urgent(), lease::$on::claim(account, instance, gone, now, until, beside))
                };
                // A lease that is remembered is not made longer by remembering it.
                let keep = |memory: &mut Memory, lease: &Lease| memory.lease = Some(*lease);
                self.beside.claim(account, asked, keep).await
            }
            async fn find_lease(&self, account: AccountId) -> Result<Option<Lease>> {
                glance!(self.reading(), lease::$on::find(account))
            }
            async fn release_leases(&self, instance: InstanceId) -> Result<()> {
                self.release(instance).await?;
                self.beside.close_journal();
                Ok(())
            }

            async fn stop(&self, account: Option<AccountId>, stopped: Stopped, now: Timestamp) -> Result<()> {
                alone!(self.begin_urgent(), brake::$on::stop(account, stopped, false, now))
            }
            async fn stop_keeping_orders(&self, account: Option<AccountId>, now: Timestamp) -> Result<()> {
                alone!(self.begin_urgent(), brake::$on::stop(account, Stopped::Trading, true, now))
            }
            async fn resume(&self, account: Option<AccountId>, stopped: Stopped) -> Result<()> {
                alone!(self.begin_urgent(), brake::$on::resume(account, stopped))
            }
            async fn list_stops(&self, account: AccountId) -> Result<Vec<Stop>> {
                let asked = async { glance!(self.reading(), brake::$on::list_stops(account)) };
                let keep = |memory: &mut Memory, stops: &Vec<Stop>| memory.stops = Some(stops.clone());
                self.beside.read(account, asked, keep, |memory| memory.stops.clone()).await
            }
            async fn is_breaker_tripped(&self, account: AccountId) -> Result<bool> {
                let asked = async { glance!(self.reading(), brake::$on::is_tripped()) };
                let keep = |memory: &mut Memory, tripped: &bool| memory.is_tripped = Some(*tripped);
                self.beside.read(account, asked, keep, |memory| memory.is_tripped).await
            }
            async fn rearm_breaker(&self, now: Timestamp) -> Result<()> {
                alone!(self.begin_urgent(), brake::$on::rearm(now))
            }

            async fn commit_intent(&self, intent: &Intent, fence: Fence<'_>) -> Result<()> {
                self.beside.commit(intent, fence, self.insert_intent(intent, fence)).await
            }
            async fn settle_action(&self, id: ActionId, state: ActionState, entries: &[NewEntry]) -> Result<Vec<i64>> {
                self.beside.settle(id, state, entries, self.move_action(id, state, entries)).await
            }
            async fn freeze_position(
                &self,
                account: AccountId,
                position: PositionId,
                now: Timestamp,
                entries: &[NewEntry],
            ) -> Result<Vec<i64>> {
                let record = Record::Froze { account, position, at: now, entries: entries.to_vec() };
                self.beside.say(record, self.insert_freeze(account, position, now, entries)).await
            }
            async fn list_freezes(&self, account: AccountId) -> Result<Vec<PositionId>> {
                let asked = async { glance!(self.reading(), freeze::$on::list(account)) };
                let keep = |memory: &mut Memory, freezes: &Vec<PositionId>| memory.freezes = Some(freezes.clone());
                self.beside.read(account, asked, keep, |memory| memory.freezes.clone()).await
            }
            async fn thaw_position(
                &self,
                account: AccountId,
                position: PositionId,
                frozen: FrozenAction,
                entries: &[NewEntry],
            ) -> Result<Vec<i64>> {
                let mut transaction = self.begin_write().await?;
                if !freeze::$on::thaw(&mut transaction, account, position, frozen).await? {
                    return Err(StoreError::NothingFrozen);
                }
                let seqs = ledger::$on::append(&mut transaction, entries).await?;
                transaction.commit().await?;
                Ok(seqs)
            }
            async fn list_open_actions(&self, account: AccountId) -> Result<Vec<Action>> {
                glance!(self.reading(), action::$on::list_open(account))
            }
            async fn list_unsettled_actions(&self, account: AccountId) -> Result<Vec<Action>> {
                let asked = async { glance!(self.reading(), action::$on::list_unsettled(account)) };
                let keep = |memory: &mut Memory, actions: &Vec<Action>| memory.unsettled = Some(actions.clone());
                self.beside.read(account, asked, keep, Memory::unsettled).await
            }
            async fn find_action(&self, account: AccountId, id: ActionId) -> Result<Option<Action>> {
                let asked = async { glance!(self.reading(), action::$on::find(account, id)) };
                self.beside.ask_only(account, asked).await
            }
            async fn list_actions(&self, account: AccountId, limit: u32) -> Result<Vec<Action>> {
                glance!(self.reading(), action::$on::list(account, limit))
            }
            async fn find_newest_action(
                &self,
                account: AccountId,
                position: PositionId,
                until: Timestamp,
            ) -> Result<Option<Action>> {
                glance!(self.reading(), action::$on::find_newest(account, position, until))
            }
            async fn find_spending(
                &self,
                account: AccountId,
                position: PositionId,
                day_start: Timestamp,
            ) -> Result<Spending> {
                let asked = async { glance!(self.reading(), spending::$on::find(account, position, day_start)) };
                let keep = |memory: &mut Memory, spending: &Spending| memory.day = Some((day_start, spending.day));
                self.beside.read(account, asked, keep, |memory| memory.spending(position, day_start)).await
            }
            async fn list_spending(&self, account: AccountId) -> Result<Vec<PositionSpending>> {
                let asked = async { glance!(self.reading(), spending::$on::list(account)) };
                let keep = |memory: &mut Memory, all: &Vec<PositionSpending>| memory.spending = Some(all.clone());
                self.beside.read(account, asked, keep, |memory| memory.spending.clone()).await
            }

            async fn append_entries(&self, entries: &[NewEntry]) -> Result<Vec<i64>> {
                let asked = async { alone!(self.begin_urgent(), ledger::$on::append(entries)) };
                self.beside.say(Record::Said { entries: entries.to_vec() }, asked).await
            }
            async fn list_ledger(&self, account: AccountId, filter: LedgerFilter) -> Result<Vec<LedgerEntry>> {
                let asked = async { glance!(self.reading(), ledger::$on::list(account, filter)) };
                self.beside.ask_only(account, asked).await
            }
            async fn save_runs(&self, runs: &[Run]) -> Result<()> {
                let asked = async { alone!(self.begin_urgent(), decision_run::$on::save(runs)) };
                self.beside.unless_lost(asked).await
            }
            async fn list_steps(
                &self,
                account: AccountId,
                position: PositionId,
                until: Timestamp,
                limit: u32,
            ) -> Result<Vec<Step>> {
                glance!(self.reading(), decision_run::$on::list_steps(account, position, until, limit))
            }
            async fn list_accounts_of(&self, position: PositionId) -> Result<Vec<AccountId>> {
                glance!(self.reading(), decision_run::$on::list_accounts_of(position))
            }

            async fn claim_notices(&self, now: Timestamp, lease: Millis, limit: u32) -> Result<Vec<Notice>> {
                alone!(self.begin_write(), outbox::$on::claim($database::CLAIM_NOTICES, now, lease, limit))
            }
            async fn mark_notice_delivered(&self, id: i64, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), outbox::$on::mark_delivered(id, now))
            }
            async fn retry_notice(&self, id: i64, run_at: Timestamp, error: &str) -> Result<()> {
                alone!(self.begin_write(), outbox::$on::retry(id, run_at, error))
            }
        }
    };
}

implement_store!(Sqlite, sqlite);
implement_store!(Postgres, postgres);
