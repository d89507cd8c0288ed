//! What stands in for the database while it does not answer: a memory of each account, and a journal on disk.
//!
//! Only for an account whose lease says that this program is alone on the database, and only until that lease runs out:
//! then nobody else can have written anything that the memory lacks. What is journaled is taken into the database as
//! soon as it answers, each record once.

mod disk;
mod folder;
mod journal;
mod memory;

pub use disk::{Disk, JournalFile};
pub use journal::{Journal, Line, Record, decode};
pub use memory::Memory;

use crate::failpoint::{Point, reach};
use crate::{Answering, Fence, NewEntry, Result, StoreError};
use domain::action::Intent;
use domain::{AccountId, ActionId, ActionState, InstanceId, Millis, PositionId, Sats, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the lease of a program runs that is alone on its database: an outage of a minute is survived.
pub const ALONE: Millis = Millis::from_secs(90);
/// After a program that may have gone on beside the database: longer than anything that it sent can take to arrive.
pub const QUIET: Millis = Millis::from_secs(40);
/// A database that takes longer is not waited for, where there is something that stands in for it.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often a database that was lost is tried again.
const PACE: Millis = Millis::SECOND;

/// Nothing stands in where there is no folder for a journal.
pub struct Beside {
    folder: Option<PathBuf>,
    patience: Duration,
    /// Which database this stands beside: a folder may have served another one before.
    database: String,
    state: Mutex<State>,
    #[cfg(feature = "failpoints")]
    outage: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

#[derive(Default)]
struct State {
    journal: Option<(InstanceId, Journal)>,
    accounts: HashMap<AccountId, Memory>,
    /// Top-ups of the last hour, for the breaker.
    adds: VecDeque<(Timestamp, Sats)>,
    is_lost: bool,
    tried_at: Option<Timestamp>,
    /// Records taken into the database that their account has not heard of.
    merged: HashMap<AccountId, u32>,
}

/// What came of asking the database.
enum Asked<T> {
    Answered(Result<T>),
    Lost,
}

impl Default for Beside {
    fn default() -> Beside {
        Beside {
            folder: None,
            patience: PATIENCE,
            database: String::new(),
            state: Mutex::default(),
            #[cfg(feature = "failpoints")]
            outage: std::sync::Arc::default(),
        }
    }
}

impl Beside {
    pub fn in_folder(folder: PathBuf) -> Beside {
        Beside { folder: Some(folder), ..Beside::default() }
    }

    /// Beside this database, which is told by its address without who asks.
    #[must_use]
    pub(crate) fn of(self, url: &str) -> Beside {
        let address = url.rsplit_once('@').map_or(url, |(_, address)| address);
        let address = address.split_once('?').map_or(address, |(address, _)| address);
        Beside { database: format!("{:08x}", crc32fast::hash(address.as_bytes())), ..self }
    }

    /// With a database that is waited for as long as this: stories on a virtual clock must not depend on the machine.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Beside {
        Beside { patience, ..self }
    }

    /// With a database that is lost while the switch is on.
    #[cfg(feature = "failpoints")]
    #[must_use]
    pub fn with_outage(self, switch: std::sync::Arc<std::sync::atomic::AtomicBool>) -> Beside {
        Beside { outage: switch, ..self }
    }

    #[cfg(feature = "failpoints")]
    fn is_cut(&self) -> bool {
        self.outage.load(std::sync::atomic::Ordering::SeqCst)
    }

    #[cfg(not(feature = "failpoints"))]
    fn is_cut(&self) -> bool {
        false
    }

    /// With a journal of a test's own making.
    pub fn with_journal(instance: InstanceId, disk: Box<dyn Disk>) -> Beside {
        let beside = Beside::default();
        beside.state().journal = Some((instance, Journal::new(disk)));
        beside
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn stands_in(&self) -> bool {
        self.state().journal.is_some()
    }

    /// Asks the database; keeps what it says, and says what was kept where it is silent. What was never asked before is
    /// asked all the same: a disk that takes nothing more can still be read.
    pub async fn read<T>(
        &self,
        account: AccountId,
        asked: impl Future<Output = Result<T>>,
        keep: impl FnOnce(&mut Memory, &T),
        recall: impl FnOnce(&Memory) -> Option<T>,
    ) -> Result<T> {
        if !self.is_silent(account) {
            return match self.ask(account, asked).await {
                Asked::Answered(answer) => self.keep(account, answer, keep),
                Asked::Lost => self.state().accounts.get(&account).and_then(recall).ok_or(StoreError::Lost),
            };
        }
        let known = self.state().accounts.get(&account).and_then(recall);
        match known {
            Some(known) => Ok(known),
            None if self.is_cut() || self.state().is_ahead(account) => Err(StoreError::Lost),
            None => match tokio::time::timeout(self.patience, asked).await {
                Ok(Ok(answer)) => self.keep(account, Ok(answer), keep),
                Ok(Err(_)) | Err(_) => Err(StoreError::Lost),
            },
        }
    }

    /// Asks the database for what nobody else can say, and keeps that.
    pub async fn claim<T>(
        &self,
        account: AccountId,
        asked: impl Future<Output = Result<T>>,
        keep: impl FnOnce(&mut Memory, &T),
    ) -> Result<T> {
        match self.ask(account, asked).await {
            Asked::Answered(answer) => self.keep(account, answer, keep),
            Asked::Lost => Err(StoreError::Lost),
        }
    }

    fn keep<T>(&self, account: AccountId, answer: Result<T>, keep: impl FnOnce(&mut Memory, &T)) -> Result<T> {
        if let Ok(answer) = &answer
            && self.stands_in()
        {
            keep(self.state().accounts.entry(account).or_default(), answer);
        }
        answer
    }

    /// Asks the database, and nothing else: what cannot be asked now fails at once.
    pub async fn ask_only<T>(&self, account: AccountId, asked: impl Future<Output = Result<T>>) -> Result<T> {
        match self.ask(account, asked).await {
            Asked::Answered(answer) => answer,
            Asked::Lost => Err(StoreError::Lost),
        }
    }

    /// For what no decision depends on: it can wait until the database is back.
    pub async fn unless_lost<T>(&self, asked: impl Future<Output = Result<T>>) -> Result<T> {
        if self.state().is_lost { Err(StoreError::Lost) } else { asked.await }
    }

    pub async fn commit(
        &self,
        intent: &Intent,
        fence: Fence<'_>,
        asked: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        match self.ask(intent.account, asked).await {
            Asked::Answered(answer) => answer?,
            // Whether a person has asked for this before, only the database knows.
            Asked::Lost if intent.asked_by.is_some() => return Err(StoreError::Lost),
            Asked::Lost => {
                self.state().check(intent, fence)?;
                self.journal(Record::Intent { intent: *intent, epoch: fence.epoch }).await?;
            }
        }
        let mut state = self.state();
        if state.journal.is_some() {
            state.wrote(intent);
        }
        Ok(())
    }

    pub async fn settle(
        &self,
        id: ActionId,
        state: ActionState,
        entries: &[NewEntry],
        asked: impl Future<Output = Result<Vec<i64>>>,
    ) -> Result<Vec<i64>> {
        let Some(account) = self.state().account_of(id) else { return asked.await };
        let seqs = match self.ask(account, asked).await {
            Asked::Answered(answer) => answer?,
            Asked::Lost => {
                self.journal(Record::Settled { account, id, state, entries: entries.to_vec() }).await?;
                vec![0; entries.len()]
            }
        };
        if let Some(memory) = self.state().accounts.get_mut(&account) {
            memory.settled(id, state);
        }
        Ok(seqs)
    }

    /// Entries that are about no action.
    pub async fn say(&self, record: Record, asked: impl Future<Output = Result<Vec<i64>>>) -> Result<Vec<i64>> {
        let Some(account) = record.account() else { return asked.await };
        match self.ask(account, asked).await {
            Asked::Answered(answer) => answer,
            Asked::Lost => {
                let count = match &record {
                    Record::Said { entries } | Record::Froze { entries, .. } => entries.len(),
                    Record::Intent { .. } | Record::Settled { .. } => 0,
                };
                if let Record::Froze { position, .. } = &record {
                    self.state().remember_freeze(account, *position);
                }
                self.journal(record).await?;
                Ok(vec![0; count])
            }
        }
    }

    async fn journal(&self, record: Record) -> Result<()> {
        reach(Point::BeforeJournal).await;
        let written = self.state().append(record);
        reach(Point::AfterJournal).await;
        written
    }

    async fn ask<T>(&self, account: AccountId, asked: impl Future<Output = Result<T>>) -> Asked<T> {
        if !self.may_stand_in(account) {
            return Asked::Answered(asked.await);
        }
        if self.is_cut() {
            self.state().is_lost = true;
        }
        if self.state().is_lost {
            return Asked::Lost;
        }
        let answer = tokio::time::timeout(self.patience, asked).await;
        match answer {
            Ok(Err(error)) if error.is_outage() => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "the database is lost");
                end_if_disk_lies(&error);
            }
            Ok(answer) => return Asked::Answered(answer),
            Err(_) => tracing::error!("the database takes too long and is not waited for"),
        }
        self.state().is_lost = true;
        Asked::Lost
    }

    /// Whether the database was lost, and this stands in for it.
    fn is_silent(&self, account: AccountId) -> bool {
        self.may_stand_in(account) && self.state().is_lost
    }

    fn may_stand_in(&self, account: AccountId) -> bool {
        let state = self.state();
        let lease = state.accounts.get(&account).and_then(|memory| memory.lease);
        state.journal.is_some() && lease.is_some_and(|lease| lease.alone)
    }

    /// Whether a lost database is to be tried now.
    pub fn wants_try(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let due = state.tried_at.is_none_or(|tried_at| PACE <= now.since(tried_at) || now < tried_at);
        if state.is_lost && due {
            state.tried_at = Some(now);
        }
        state.is_lost && due && !self.is_cut()
    }

    /// What the database lacks.
    pub fn unmerged(&self) -> Option<(InstanceId, Vec<Line>)> {
        self.state().journal.as_ref().map(|(instance, journal)| (*instance, journal.unmerged().to_vec()))
    }

    /// The database holds these lines now, and answers.
    pub fn found(&self, lines: &[Line]) {
        let mut state = self.state();
        let is_whole = lines.last().is_none_or(|last| {
            state.journal.as_mut().is_none_or(|(_, journal)| {
                journal.merged_to(last.seq);
                journal.unmerged().is_empty()
            })
        });
        for account in lines.iter().filter_map(|line| line.record.account()) {
            let merged = state.merged.entry(account).or_default();
            *merged = merged.saturating_add(1);
        }
        state.is_lost = !is_whole;
    }

    pub fn answering(&self, account: AccountId) -> Answering {
        let mut state = self.state();
        if state.is_lost {
            return Answering::Lost;
        }
        Answering::Answers { merged: state.merged.remove(&account).unwrap_or(0) }
    }

    pub async fn try_for<T>(&self, asked: impl Future<Output = Result<T>>) -> Option<T> {
        match tokio::time::timeout(self.patience, asked).await {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(error)) => {
                tracing::warn!(%error, cause = ?std::error::Error::source(&error), "the database is still lost");
                end_if_disk_lies(&error);
                None
            }
            Err(_) => None,
        }
    }
}

impl State {
    fn append(&mut self, record: Record) -> Result<()> {
        let (_, journal) = self.journal.as_mut().ok_or(StoreError::Lost)?;
        journal.append(record)
    }

    /// Whether the database does not know yet what was done for this account; what was only said changes no books.
    fn is_ahead(&self, account: AccountId) -> bool {
        let unmerged = self.journal.iter().flat_map(|(_, journal)| journal.unmerged());
        let is_done = |line: &Line| !matches!(line.record, Record::Said { .. });
        unmerged.into_iter().any(|line| is_done(line) && line.record.account() == Some(account))
    }

    fn account_of(&self, id: ActionId) -> Option<AccountId> {
        let holds = |memory: &Memory| memory.unsettled.iter().flatten().any(|action| action.intent.id == id);
        self.accounts.iter().find(|(_, memory)| holds(memory)).map(|(account, _)| *account)
    }

    fn wrote(&mut self, intent: &Intent) {
        if let Some(amount) = intent.spends() {
            self.adds.push_back((intent.written_at, amount));
            while self.adds.front().is_some_and(|(at, _)| *at < intent.written_at.minus(HOUR)) {
                self.adds.pop_front();
            }
        }
        self.accounts.entry(intent.account).or_default().wrote(intent);
    }

    fn remember_freeze(&mut self, account: AccountId, position: PositionId) {
        self.accounts.entry(account).or_default().freezes.get_or_insert_default().push(position);
    }

    fn check(&self, intent: &Intent, fence: Fence<'_>) -> Result<()> {
        self.accounts.get(&intent.account).ok_or(StoreError::Lost)?.check(intent, fence)?;
        self.check_breaker(intent, fence)
    }

    /// The breaker over all accounts, on what this program has added since it started.
    fn check_breaker(&self, intent: &Intent, fence: Fence<'_>) -> Result<()> {
        let Some(amount) = intent.spends() else { return Ok(()) };
        let since = |span| self.adds.iter().filter(move |(at, _)| intent.written_at.minus(span) < *at);
        let adds = since(Millis::MINUTE).count();
        let sats = since(HOUR).fold(amount.get(), |sum, (_, amount)| sum.saturating_add(amount.get()));
        let allowed = usize::try_from(fence.breaker.adds_per_minute).unwrap_or(usize::MAX);
        if allowed <= adds || fence.breaker.sats_per_hour.get() < sats {
            return Err(StoreError::BreakerTripped(None));
        }
        Ok(())
    }
}

const HOUR: Millis = Millis::from_secs(3_600);
/// After a failed sync nobody knows what is on disk: the process ends, and begins again with what there is.
fn end_if_disk_lies(error: &StoreError) {
    if error.is_failed_sync() {
        std::process::abort();
    }
}
