//! What is stored, in the program's own words.

use domain::account::AccountSummary;
use domain::brake::{BreakerLimits, Gauge, StopScope, Stopped};
use domain::{
    Access, AccountId, InstanceId, LedgerEntry, LedgerOutcome, Millis, Mode, PlanGrantId, PlanTerm, PositionId, Role,
    Sats, Timestamp, Units, UserId,
};
use serde::{Deserialize, Serialize};

/// A person who can sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// In its normal form: trimmed, lower case.
    pub email: String,
    /// A PHC string.
    pub password_hash: String,
    pub created_at: Timestamp,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A browser's session.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    pub id: String,
    /// Who has signed in; `None` before anyone has.
    pub user: Option<UserId>,
    pub data: Vec<u8>,
    pub expires_at: Timestamp,
}

/// An account at an exchange.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub user: UserId,
    pub name: String,
    pub mode: Mode,
    /// The exchange's key, sealed; `None` where none is needed (paper).
    pub sealed_key: Option<Vec<u8>>,
    pub created_at: Timestamp,
}

impl Account {
    pub fn summary(&self) -> AccountSummary {
        self.seen_as(Access::Owner)
    }

    pub fn seen_as(&self, access: Access) -> AccountSummary {
        AccountSummary { id: self.id, name: self.name.clone(), mode: self.mode, access }
    }
}

/// Which part of the audit is wanted; newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only what this person did.
    pub actor: Option<UserId>,
    /// Only deeds of this stable word.
    pub action: Option<String>,
    /// Only rows before this one.
    pub before: Option<i64>,
    pub limit: u32,
}

/// A ledger entry to be written, and whether its owner is to be notified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEntry {
    pub entry: LedgerEntry,
    pub notify: bool,
}

/// Which part of the ledger is wanted; newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerFilter {
    pub position: Option<PositionId>,
    pub outcome: Option<LedgerOutcome>,
    /// Only entries before this one.
    pub before: Option<i64>,
    /// Only entries after this one.
    pub after: Option<i64>,
    /// Only what was recorded then or later, by our own clock.
    pub from: Option<Timestamp>,
    /// Only what was recorded before then.
    pub until: Option<Timestamp>,
    pub limit: u32,
}

impl LedgerFilter {
    pub const fn newest(limit: u32) -> LedgerFilter {
        LedgerFilter { position: None, outcome: None, before: None, after: None, from: None, until: None, limit }
    }
}

/// What top-ups of one position have spent, with the account's spending of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spending {
    pub position: Sats,
    pub position_actions: u32,
    /// Market time of the position's newest top-up.
    pub last_action_at: Option<Timestamp>,
    /// Over all positions of the account since the day's start.
    pub day: Sats,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionSpending {
    pub position: PositionId,
    pub added: Sats,
    pub actions: u32,
    /// Market time of the newest top-up.
    pub last_action_at: Option<Timestamp>,
}

impl PositionSpending {
    pub const fn none(position: PositionId) -> PositionSpending {
        PositionSpending { position, added: Sats::ZERO, actions: 0, last_action_at: None }
    }
}

/// A message to the owner of an account that waits to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: i64,
    pub entry: LedgerEntry,
    pub attempts: u32,
}

/// A running program, as others on the same database see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub id: InstanceId,
    /// Programs of different releases must not act side by side.
    pub release: String,
}

/// Who may write intents for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub account: AccountId,
    pub owner: InstanceId,
    /// Grows with each new owner.
    pub epoch: i64,
    /// When the owner took it.
    pub taken_at: Timestamp,
    pub expires_at: Timestamp,
    /// Counts every intent that was written for the account.
    pub intents: i64,
    /// The owner is the only program on this database, and may go on beside it until the lease runs out.
    pub alone: bool,
    /// Before then nothing is sent: the owner before may have gone on beside the database, and nobody knows with what.
    pub quiet_until: Timestamp,
}

/// Whether the database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// It does, and has taken in so many records that were journaled of this account.
    Answers { merged: u32 },
    /// It does not, and what is remembered stands in for it.
    Lost,
}

/// Under which an intent is written: all of it is checked by the transaction that writes.
#[derive(Clone, Copy, Debug)]
pub struct Fence<'a> {
    pub instance: &'a Instance,
    pub epoch: i64,
    /// How many intents the writer knew of before it read the exchange.
    pub intents: i64,
    pub breaker: BreakerLimits,
}

/// What a person who has looked at the exchange says of an action that was frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrozenAction {
    /// It counts as spent.
    Happened,
    DidNotHappen,
}

/// A kill switch that is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub scope: StopScope,
    pub stopped: Stopped,
    pub pulled_at: Timestamp,
    /// Orders that wait at the exchange stay there.
    pub keep_orders: bool,
}

/// Why the breaker fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    pub gauge: Gauge,
    pub used: i64,
    pub allowed: i64,
}

/// A secret beside the exchange keys, sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// A user, or nil for the program itself.
    pub owner: UserId,
    /// What it is, in one word.
    pub field: String,
    /// Counts the secrets that were kept here one after the other.
    pub version: u32,
    pub sealed: Vec<u8>,
}

/// One row of the audit, as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// 1 for the first; no number is left out.
    pub seq: i64,
    pub at: Timestamp,
    /// `None` where nobody was known.
    pub actor: Option<UserId>,
    /// From where: an address, or the command line.
    pub source: String,
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// JSON.
    pub before: Option<String>,
    /// JSON.
    pub after: Option<String>,
    /// The hash of the row before; zeros for the first.
    pub previous: [u8; 32],
    pub hash: [u8; 32],
    pub signature: Vec<u8>,
}

/// That a user must give a code of their authenticator, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authenticator {
    pub added_at: Timestamp,
    /// The newest step whose code was used.
    pub last_step: i64,
}

/// How often something may be tried before it must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRule {
    /// The attempt of this number is made, and the next one must wait.
    pub limit: i64,
    /// The wait after the limit, after one more, and so on; the last one for all that follow.
    pub locks: &'static [Millis],
    /// Attempts are forgotten when there was none for so long.
    pub window: Millis,
}

impl AttemptRule {
    pub fn lock_after(&self, count: i64) -> Option<Millis> {
        let over = usize::try_from(count.checked_sub(self.limit)?).ok()?;
        self.locks.get(over).or(self.locks.last()).copied()
    }
}

/// Whether an attempt may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptCount {
    /// It may; `locks` where the next one must wait.
    Counted { locks: bool },
    /// It may not, and was not counted.
    Locked { until: Timestamp },
}

/// A person as admins see them; the suspended, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub created_at: Timestamp,
    pub suspension: Option<Suspension>,
    pub is_email_verified: bool,
    /// An authenticator, or a passkey.
    pub has_second_factor: bool,
    /// Where they are signed in, now.
    pub sessions: u32,
    /// The plan that counts now.
    pub plan: PlanTerm,
}

/// What is known of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUser {
    pub role: Role,
    /// By its IANA name; `None` where they have not chosen, as below.
    pub time_zone: Option<String>,
    pub units: Option<Units>,
    /// They must have a second factor, and have none.
    pub owes_factor: bool,
}

/// A plan that an admin grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanGrant {
    /// The same however often it is asked for.
    pub request: PlanGrantId,
    pub user: UserId,
    pub term: PlanTerm,
    pub granted_at: Timestamp,
    /// Never empty.
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    pub at: Timestamp,
    pub why: String,
}

/// That somebody else sees an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub user: UserId,
    pub email: String,
    /// Never that of an owner.
    pub access: Access,
    pub shared_at: Timestamp,
}

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// An admin wants somebody here.
    Invitation,
    /// Somebody wants to be here, and shows that an address is theirs.
    Registration,
    /// A new password in place of one that was forgotten.
    Reset,
    /// Shows that an address is somebody's.
    Verification,
}

impl LinkPurpose {
    pub const fn as_str(self) -> &'static str {
        match self {
            LinkPurpose::Invitation => "invitation",
            LinkPurpose::Registration => "registration",
            LinkPurpose::Reset => "reset",
            LinkPurpose::Verification => "verification",
        }
    }
}

/// Whom a one-time link is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Of a reset or a verification.
    pub user: Option<UserId>,
    /// The only address with which it may be used; `None` for whoever has it.
    pub email: Option<String>,
    /// Of an invitation or a registration: what they will be.
    pub role: Option<Role>,
}

/// A new password in place of an old one.
#[derive(Clone, Copy, Debug)]
pub struct PasswordChange<'a> {
    pub old_hash: &'a str,
    pub new_hash: &'a str,
    /// The session that goes on.
    pub kept: &'a str,
}

/// A one-time link to be kept; the token itself is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    pub token_hash: String,
    pub purpose: LinkPurpose,
    pub link: Link,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
}
