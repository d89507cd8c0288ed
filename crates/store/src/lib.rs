//! Everything that is remembered: the port that the services use, on SQLite and on PostgreSQL.
//!
//! Every SQL statement of the program lives in this crate, is written once, and runs on both databases.

mod access;
mod account;
mod action;
mod api_token;
mod attempt;
mod audit;
mod beside;
mod both;
mod brake;
mod candle;
mod column;
mod database;
mod decision_run;
mod error;
pub mod failpoint;
mod freeze;
mod guard;
mod hindrance;
mod history;
mod history_span;
mod lease;
mod ledger;
mod life;
mod link;
mod merged;
mod open;
mod outbox;
mod passkey;
mod people;
mod person;
mod plan;
mod pools;
mod record;
mod second_factor;
mod secret;
mod session;
mod setting;
mod settlement;
mod setup_link;
mod share;
mod sign_in_code;
mod spending;
mod together;
mod token_family;
mod user;
mod way;
mod whole;
mod writing;

pub use access::{AccessStore, ApiToken, RefreshToken, Refreshed, SignInCode, StoredPasskey, TokenFamily};
pub use beside::{Beside, Disk};
pub use error::StoreError;
pub use history::HistoryStore;
pub use open::{open, open_beside};
pub use people::PeopleStore;
pub use record::{
    Account, Answering, AttemptCount, AttemptRule, AuditFilter, AuditRow, Authenticator, Fence, FrozenAction, Instance,
    KnownUser, Lease, LedgerFilter, Link, LinkPurpose, NewEntry, NewLink, Notice, PasswordChange, Person, PlanGrant,
    PositionSpending, Secret, Session, Share, Spending, Stop, Suspension, Trip, User,
};
pub use way::{Way, way};
pub use whole::back_up;

use async_trait::async_trait;
use domain::action::{Action, Intent};
use domain::brake::Stopped;
use domain::guard_policy::Guard;
use domain::why::{Run, Step};
use domain::{AccountId, ActionId, ActionState, InstanceId, LedgerEntry, Millis, PositionId, Timestamp, UserId};
use std::sync::Arc;

pub type Result<T> = std::result::Result<T, StoreError>;

/// The database, whichever it is.
///
/// `find_*` answers `None` where nothing is found, `list_*` an empty list. Each call is one transaction.
#[async_trait]
pub trait Store: HistoryStore + AccessStore + PeopleStore {
    /// The same database for one write: its transaction ends with this entry of the audit, so that both are there or
    /// neither. `AuditMovedOn` says that the entry's number is taken, and that nothing was done.
    fn recording(&self, entry: &AuditRow) -> Arc<dyn Store>;
    /// Fails unless the database answers.
    async fn ping(&self) -> Result<()>;
    /// Whether nobody in this process is asking the database anything just now: a virtual clock waits for that.
    fn is_at_rest(&self) -> bool;
    /// Whether the database answers this account's guard; one that was lost is tried again now and then, and takes in
    /// what was journaled meanwhile. Asked before each look.
    async fn find_answering(&self, account: AccountId, now: Timestamp) -> Answering;

    // People.
    async fn count_users(&self) -> Result<i64>;
    /// The first one is an admin, the others are operators.
    async fn insert_user(&self, user: &User) -> Result<()>;
    /// `None` for who is suspended.
    async fn find_user(&self, id: UserId) -> Result<Option<User>>;
    /// `email` in its normal form (trimmed, lower case); `None` for who is suspended.
    async fn find_user_by_email(&self, email: &str) -> Result<Option<User>>;
    /// Remembers a one-time set-up link by the SHA-256 of its token, replacing links that were never used.
    async fn insert_setup_link(&self, token_hash: &str, expires_at: Timestamp) -> Result<()>;
    /// Whether the link may still be used.
    async fn is_setup_link_open(&self, token_hash: &str, now: Timestamp) -> Result<bool>;
    /// Makes the first user and spends the link, or neither: `Conflict` where the link is spent, expired or unknown, or
    /// a user exists.
    async fn insert_first_user(&self, user: &User, token_hash: &str, now: Timestamp) -> Result<()>;

    // Sessions of browsers.
    /// `Duplicate` where the id is taken.
    async fn insert_session(&self, session: &Session) -> Result<()>;
    /// Writes over a session that is there; one that was ended meanwhile stays ended.
    async fn save_session(&self, session: &Session) -> Result<()>;
    /// `None` once it has expired, and for who is suspended.
    async fn find_session(&self, id: &str, now: Timestamp) -> Result<Option<Session>>;
    async fn delete_session(&self, id: &str) -> Result<()>;
    /// A user's sessions that have not expired.
    async fn list_sessions(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>>;
    /// Ends one session of a user; `Conflict` where there is none.
    async fn delete_session_of(&self, user: UserId, id: &str) -> Result<()>;
    /// Ends every session of a user but one; answers how many.
    async fn delete_other_sessions(&self, user: UserId, kept: &str) -> Result<u64>;
    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64>;

    // Attempts to come in.
    /// Counts one more attempt, and locks when the rule says so; counts nothing while it is locked.
    async fn count_attempt(&self, subject: &str, now: Timestamp, rule: &AttemptRule) -> Result<AttemptCount>;
    /// Takes back one count.
    async fn uncount_attempt(&self, subject: &str) -> Result<()>;
    async fn forget_attempts(&self, subject: &str) -> Result<()>;
    async fn forget_attempts_before(&self, time: Timestamp) -> Result<u64>;

    // Second factors.
    async fn find_authenticator(&self, user: UserId) -> Result<Option<Authenticator>>;
    /// Writes the seed's next version, the authenticator and its recovery codes in place of the old ones.
    async fn add_authenticator(&self, seed: &Secret, added: Authenticator, code_hashes: &[String]) -> Result<()>;
    /// Spends a step and all before it: `Conflict` where it is spent.
    async fn spend_step(&self, user: UserId, step: i64) -> Result<()>;
    async fn remove_authenticator(&self, user: UserId) -> Result<()>;
    async fn replace_recovery_codes(&self, user: UserId, code_hashes: &[String]) -> Result<()>;
    /// `Conflict` for a code that is none or was used.
    async fn spend_recovery_code(&self, user: UserId, code_hash: &str, now: Timestamp) -> Result<()>;
    /// How many are left.
    async fn count_recovery_codes(&self, user: UserId) -> Result<i64>;

    // Accounts at exchanges.
    /// `Full` where the owner's plan allows no more.
    async fn insert_account(&self, account: &Account) -> Result<()>;
    async fn find_account(&self, id: AccountId) -> Result<Option<Account>>;
    async fn list_accounts(&self, user: UserId) -> Result<Vec<Account>>;
    async fn list_every_account(&self) -> Result<Vec<Account>>;
    /// Takes an account out of service for good: its key is wiped, its guard stopped, and it is found no more. What was
    /// decided and done for it stays. `Conflict` where there is no such account, or an action's fate is open.
    async fn remove_account(&self, account: AccountId, now: Timestamp) -> Result<()>;

    // Secrets, sealed.
    /// Replaces an account's sealed key: `Conflict` unless it is still `old`.
    async fn replace_sealed_key(&self, account: AccountId, old: &[u8], new: &[u8]) -> Result<()>;
    /// `Duplicate` where the owner has one of this field.
    async fn insert_secret(&self, secret: &Secret) -> Result<()>;
    async fn find_secret(&self, owner: UserId, field: &str) -> Result<Option<Secret>>;
    async fn list_secrets(&self) -> Result<Vec<Secret>>;
    /// `Conflict` unless what is stored is still `old`.
    async fn replace_secret(&self, old: &Secret, new: &Secret) -> Result<()>;

    // The audit.
    /// Appends a row: `Conflict` unless its number follows the newest one.
    async fn append_audit(&self, row: &AuditRow) -> Result<()>;
    async fn find_newest_audit(&self) -> Result<Option<AuditRow>>;
    /// Rows after `after`, oldest first.
    async fn list_audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>>;

    // Guards: one an account, every version kept.
    /// Saves the next version: `Conflict` unless its number follows the newest one saved (1 for the first). `Full` where
    /// the plan of the account's owner allows no first one; any next one is saved, whatever the plan is.
    async fn save_guard(&self, account: AccountId, guard: &Guard) -> Result<()>;
    /// The newest version.
    async fn find_guard(&self, account: AccountId) -> Result<Option<Guard>>;
    /// Every version, newest first.
    async fn list_guard_versions(&self, account: AccountId) -> Result<Vec<Guard>>;

    // Who serves an account.
    /// Shows others that this program lives, for as long as this store is open and however the process ends.
    async fn show_life(&self, instance: InstanceId) -> Result<()>;
    /// Whether a program that showed its life has certainly ended. `false` where that can't be known.
    async fn is_gone(&self, instance: InstanceId) -> Result<bool>;
    /// Takes the account's lease, or makes one's own longer, until `until`; answers whose it is now. It is taken from
    /// another only once it has run out, or where its owner is the one that is `gone`.
    async fn claim_lease(
        &self,
        account: AccountId,
        instance: &Instance,
        gone: Option<InstanceId>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease>;
    async fn find_lease(&self, account: AccountId) -> Result<Option<Lease>>;
    /// Lets go of all leases of a program that ends.
    async fn release_leases(&self, instance: InstanceId) -> Result<()>;

    // What holds every guard back.
    /// Pulls a kill switch: for one account, or with `None` for everything.
    async fn stop(&self, account: Option<AccountId>, stopped: Stopped, now: Timestamp) -> Result<()>;
    /// Stops trading, and leaves orders that wait at the exchange where they are.
    async fn stop_keeping_orders(&self, account: Option<AccountId>, now: Timestamp) -> Result<()>;
    async fn resume(&self, account: Option<AccountId>, stopped: Stopped) -> Result<()>;
    /// The switches that are pulled for this account, those for everything first.
    async fn list_stops(&self, account: AccountId) -> Result<Vec<Stop>>;
    /// Whether it holds this account back, as all others.
    async fn is_breaker_tripped(&self, account: AccountId) -> Result<bool>;
    async fn rearm_breaker(&self, now: Timestamp) -> Result<()>;

    // The intent journal.
    /// Writes the intent, durably: it is on disk when this returns, in the database or in a journal beside it.
    /// `Conflict` where the position has an open action, or an action came that the writer does not know of; `Fenced`,
    /// `Quiet`, `ReleasesDiffer`, `Stopped`, `Frozen` or `BreakerTripped` where nothing may be sent. An intent of this id
    /// is written once, ever (`Conflict`), and one that a person asked for only while the database answers (`Lost`).
    async fn commit_intent(&self, intent: &Intent, fence: Fence<'_>) -> Result<()>;
    /// Moves an action that is not frozen and has not ended to `state`, together with the ledger entries and notices
    /// about it; answers the entries' sequence numbers. `Conflict` where it has moved on: only a person ends a freeze.
    async fn settle_action(&self, id: ActionId, state: ActionState, entries: &[NewEntry]) -> Result<Vec<i64>>;
    /// Freezes a position though none of its actions is open, together with the entries about it.
    async fn freeze_position(
        &self,
        account: AccountId,
        position: PositionId,
        now: Timestamp,
        entries: &[NewEntry],
    ) -> Result<Vec<i64>>;
    /// Positions that are frozen in this way.
    async fn list_freezes(&self, account: AccountId) -> Result<Vec<PositionId>>;
    /// Lifts every freeze of a position after a person has looked; `NothingFrozen` where there was none.
    async fn thaw_position(
        &self,
        account: AccountId,
        position: PositionId,
        frozen: FrozenAction,
        entries: &[NewEntry],
    ) -> Result<Vec<i64>>;
    /// Actions that are open (intent, unknown, frozen), oldest first.
    async fn list_open_actions(&self, account: AccountId) -> Result<Vec<Action>>;
    /// The same with all that shares their fate: what they ride on, and what else rides on that, settled or not.
    async fn list_unsettled_actions(&self, account: AccountId) -> Result<Vec<Action>>;
    /// One action of an account, whatever became of it.
    async fn find_action(&self, account: AccountId, id: ActionId) -> Result<Option<Action>>;
    /// The newest actions, newest first.
    async fn list_actions(&self, account: AccountId, limit: u32) -> Result<Vec<Action>>;
    /// The newest action of a position that was written until `until`.
    async fn find_newest_action(
        &self,
        account: AccountId,
        position: PositionId,
        until: Timestamp,
    ) -> Result<Option<Action>>;
    /// What guards' top-ups have spent or may have spent: every one that is not refuted counts. What a person adds by
    /// hand does not.
    async fn find_spending(&self, account: AccountId, position: PositionId, day_start: Timestamp) -> Result<Spending>;
    /// The same by position, for positions with any.
    async fn list_spending(&self, account: AccountId) -> Result<Vec<PositionSpending>>;

    // The decision ledger.
    /// Answers the entries' sequence numbers.
    async fn append_entries(&self, entries: &[NewEntry]) -> Result<Vec<i64>>;
    async fn list_ledger(&self, account: AccountId, filter: LedgerFilter) -> Result<Vec<LedgerEntry>>;
    /// Writes runs over what was known of them; each begins with an entry that is stored.
    async fn save_runs(&self, runs: &[Run]) -> Result<()>;
    /// What was decided about a position or its whole account until `until`, newest first.
    async fn list_steps(
        &self,
        account: AccountId,
        position: PositionId,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Step>>;
    /// The accounts whose ledger names a position: one, unless two accounts hold the same key.
    async fn list_accounts_of(&self, position: PositionId) -> Result<Vec<AccountId>>;

    // The outbox.
    /// Leases due notices, oldest first, so that no other worker takes them until the lease ends.
    async fn claim_notices(&self, now: Timestamp, lease: Millis, limit: u32) -> Result<Vec<Notice>>;
    async fn mark_notice_delivered(&self, id: i64, now: Timestamp) -> Result<()>;
    /// Gives the notice back, to be tried again at `run_at`.
    async fn retry_notice(&self, id: i64, run_at: Timestamp, error: &str) -> Result<()>;
}
