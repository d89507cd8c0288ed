//! Accounts and the keys that were entrusted to the program: taken in, exchanged, given up.

use crate::audit::Audit;
use crate::authority::{Authority, Denied, Need, Office};
use crate::clock::Clock;
use crate::deeds::{Caller, Confirmed};
use crate::desk::{Desk, DeskError};
use crate::exchange_key::{ExchangeKey, KeyGate, KeyObjection, KeyRefusal, KeyReport};
use crate::seal::{SealError, Sealer};
use domain::account::AccountSummary;
use domain::{AccountId, AuditAction, KeyFault, Mode, PlanFull, UserId};
use serde::Serialize;
use std::sync::{Arc, OnceLock};
use store::{Account, Store, StoreError};

const LONGEST_NAME: usize = 60;

/// Opens accounts, tests and replaces their keys, and removes them.
pub struct Custody {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sealer: Sealer,
    desk: Arc<Desk>,
    audit: Arc<Audit>,
    gate: OnceLock<Arc<dyn KeyGate>>,
}

/// An account that was just taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub account: AccountId,
    /// What guarding takes and its key lacks.
    pub missing: Vec<String>,
}

/// An account, and what is known of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrusted {
    pub account: AccountSummary,
    pub key: KeyState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// A paper account has none.
    NotNeeded,
    /// The account is not served yet, or not any more.
    Unused,
    /// The exchange has not been read with it yet.
    Untried,
    Works,
    Unfit(KeyFault),
}

#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    #[error("an account's name must have 1 to {LONGEST_NAME} characters")]
    Name,
    #[error("there is an account of this name; choose another")]
    NameTaken,
    #[error("a {} account needs a key with its secret and passphrase", .0.as_str())]
    NoKey(Mode),
    #[error("a paper account needs no key")]
    KeyForPaper,
    #[error(transparent)]
    Refused(#[from] KeyRefusal),
    #[error("there is no such account")]
    NotFound,
    /// A viewer has no accounts of their own.
    #[error("this is not allowed")]
    Forbidden,
    #[error("it is not known yet what became of something that was sent for this account; try again in a minute")]
    UnderWay,
    /// The owner's plan allows no more accounts; those that are there go on.
    #[error(transparent)]
    Full(PlanFull),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("the database did not answer")]
    Store(#[source] StoreError),
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    mode: Mode,
}

impl From<Denied> for CustodyError {
    fn from(denied: Denied) -> CustodyError {
        match denied {
            Denied::NotFound => CustodyError::NotFound,
            Denied::Forbidden => CustodyError::Forbidden,
            Denied::Store(error) => CustodyError::Store(error),
        }
    }
}

impl Custody {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        sealer: Sealer,
        desk: Arc<Desk>,
        audit: Arc<Audit>,
    ) -> Custody {
        Custody { store, clock, sealer, desk, audit, gate: OnceLock::new() }
    }

    /// Who is asked about keys; the first word counts.
    pub fn examine_keys_at(&self, gate: Arc<dyn KeyGate>) {
        let _ = self.gate.set(gate);
    }

    /// Every account of a user, in the order in which they were added.
    pub async fn list(&self, user: UserId) -> Result<Vec<Entrusted>, CustodyError> {
        let accounts = self.store.list_accounts(user).await?;
        let told = accounts.iter().map(|it| Entrusted { account: it.summary(), key: self.key_state(it) });
        Ok(told.collect())
    }

    /// Takes an account in. Its key is kept only where the exchange knows it and it may not withdraw; a running program
    /// serves the account at once.
    pub async fn open(
        &self,
        caller: &Caller,
        name: &str,
        mode: Mode,
        key: Option<ExchangeKey>,
    ) -> Result<Opened, CustodyError> {
        Authority::new(Arc::clone(&self.store)).check_office(caller.user, Office::HaveAccounts).await?;
        let name = name.trim();
        if name.is_empty() || LONGEST_NAME < name.chars().count() {
            return Err(CustodyError::Name);
        }
        if self.store.list_accounts(caller.user).await?.iter().any(|known| known.name == name) {
            return Err(CustodyError::NameTaken);
        }
        let missing = match (mode, &key) {
            (Mode::Paper, None) => Vec::new(),
            (Mode::Paper, Some(_)) => return Err(CustodyError::KeyForPaper),
            (mode, None) => return Err(CustodyError::NoKey(mode)),
            (mode, Some(key)) => self.examine(mode, key).await?.missing,
        };
        let account = Account {
            sealed_key: None,
            id: self.desk.new_account_id(),
            user: caller.user,
            name: name.to_owned(),
            mode,
            created_at: self.clock.now(),
        };
        let seal = |key: ExchangeKey| key.seal(account.user, account.id, &self.sealer);
        let account = Account { sealed_key: key.map(seal).transpose()?, ..account };
        let deed = caller.did(AuditAction::AccountAdded, account.id.to_string()).to(&Named { name, mode });
        let added = &account;
        self.audit.together(&deed, |store| async move { store.insert_account(added).await }).await?;
        self.desk.tell_of(account.id);
        Ok(Opened { account: account.id, missing })
    }

    /// Asks the exchange what an account's key may do now.
    pub async fn test_key(&self, user: UserId, account: AccountId) -> Result<KeyReport, CustodyError> {
        let account = self.find(user, account).await?;
        let sealed = account.sealed_key.as_deref().ok_or(CustodyError::KeyForPaper)?;
        let key = ExchangeKey::open(sealed, account.user, account.id, &self.sealer)?;
        self.examine(account.mode, &key).await
    }

    /// Puts another key in an account's place, which is used from now on; answers what it lacks. Not while something is
    /// under way: another key may open another account, whose books would prove the wrong thing.
    pub async fn replace_key(
        &self,
        confirmed: &Confirmed,
        account: AccountId,
        key: ExchangeKey,
    ) -> Result<Vec<String>, CustodyError> {
        let caller = confirmed.caller();
        let account = self.find(caller.user, account).await?;
        let old = account.sealed_key.ok_or(CustodyError::KeyForPaper)?;
        let missing = self.examine(account.mode, &key).await?.missing;
        if !self.store.list_open_actions(account.id).await?.is_empty() {
            return Err(CustodyError::UnderWay);
        }
        let sealed = key.seal(account.user, account.id, &self.sealer)?;
        let deed = caller.did(AuditAction::KeyReplaced, account.id.to_string());
        let (of, old, new) = (account.id, &old, &sealed);
        self.audit.together(&deed, |store| async move { store.replace_sealed_key(of, old, new).await }).await?;
        self.desk.tell_of(account.id);
        Ok(missing)
    }

    /// Gives an account up: its key is wiped, and it is guarded no more.
    pub async fn remove(&self, confirmed: &Confirmed, account: AccountId) -> Result<(), CustodyError> {
        let caller = confirmed.caller();
        let account = self.find(caller.user, account).await?;
        let deed = caller.did(AuditAction::AccountRemoved, account.id.to_string());
        let deed = deed.from(&Named { name: &account.name, mode: account.mode });
        let (id, now) = (account.id, self.clock.now());
        self.audit.together(&deed, |store| async move { store.remove_account(id, now).await }).await?;
        self.desk.tell_of(account.id);
        Ok(())
    }

    async fn examine(&self, mode: Mode, key: &ExchangeKey) -> Result<KeyReport, CustodyError> {
        let nobody = || KeyRefusal {
            objection: KeyObjection::Unchecked,
            words: "the key could not be checked: this program reaches no exchange".to_owned(),
        };
        Ok(self.gate.get().ok_or_else(nobody)?.examine(mode, key).await?)
    }

    /// For the owner alone, whoever else may see it.
    async fn find(&self, user: UserId, account: AccountId) -> Result<Account, CustodyError> {
        Authority::new(Arc::clone(&self.store)).check(user, account, Need::Own).await?;
        self.store.find_account(account).await?.ok_or(CustodyError::NotFound)
    }

    fn key_state(&self, account: &Account) -> KeyState {
        if account.mode == Mode::Paper {
            return KeyState::NotNeeded;
        }
        match self.desk.sight_of_key(account.id) {
            None => KeyState::Unused,
            Some((Some(fault), _)) => KeyState::Unfit(fault),
            Some((None, true)) => KeyState::Works,
            Some((None, false)) => KeyState::Untried,
        }
    }
}

impl From<StoreError> for CustodyError {
    fn from(error: StoreError) -> CustodyError {
        match error {
            StoreError::Duplicate => CustodyError::NameTaken,
            StoreError::Full(full) => CustodyError::Full(full),
            StoreError::Conflict => CustodyError::UnderWay,
            error => CustodyError::Store(error),
        }
    }
}

impl From<DeskError> for CustodyError {
    fn from(error: DeskError) -> CustodyError {
        match error {
            DeskError::Store(error) => error.into(),
            DeskError::Forbidden => CustodyError::Forbidden,
            DeskError::NotFound | DeskError::Unavailable | DeskError::Exchange(_) => CustodyError::NotFound,
        }
    }
}
