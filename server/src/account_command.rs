//! `axisor account add`: a key goes from standard input, sealed, into the database. It never stands in an argument, a
//! log or a list of processes.

use crate::Failure;
use crate::assembly::exchange_key::ExchangeKey;
use crate::assembly::lnmarkets_side::LnMarkets;
use crate::assembly::sealer;
use crate::cli::AddAccountArguments;
use crate::configuration::{Storage, check_endpoint};
use crate::system_clock::{SystemClock, SystemEntropy};
use bus::Bus;
use domain::{AccountId, Mode, UserId};
use lnmarkets::KeyRefusal;
use service::{Caller, Clock, DeskError, Entropy, Origin, SealError, Sealer, Services};
use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use store::{Store, StoreError};
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub(crate) enum AddAccountError {
    #[error("there is no user {0}; the first one is made by the link that `axisor serve` prints")]
    NoUser(String),
    #[error("a {} account needs --key, and the key's secret and passphrase on standard input", .0.as_str())]
    NoKey(Mode),
    #[error("a paper account needs no --key")]
    KeyForPaper,
    #[error("standard input must hold two lines: the key's secret, then its passphrase")]
    Input,
    #[error("an account's name must have 1 to 60 characters")]
    Name,
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("the database did not answer")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

pub async fn add(arguments: AddAccountArguments) -> Result<(), Failure> {
    let mode = Mode::from(arguments.mode);
    let name = arguments.name.trim();
    if name.is_empty() || 60 < name.chars().count() {
        return Err(Failure::bad_input(AddAccountError::Name));
    }
    let check = |url: Option<String>| url.map(check_endpoint).transpose().map_err(Failure::bad_input);
    let endpoints = Endpoints { live: check(arguments.lnm_endpoint)?, signet: check(arguments.lnm_signet_endpoint)? };
    let key = read_key(mode, arguments.key.as_deref()).map_err(Failure::bad_input)?;
    let storage = Storage::check(arguments.storage).map_err(Failure::bad_input)?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let sealer = sealer(&storage, Arc::clone(&entropy)).map_err(Failure::other)?;
    let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let user = find_user(&*store, &arguments.user).await.map_err(Failure::bad_input)?;
    if let Some(key) = &key {
        check_key(mode, &endpoints, key, &clock).await?;
    }
    let opened =
        Services::open(store, clock, entropy, sealer.clone(), Bus::default(), domain::brake::BreakerLimits::default())
            .await;
    let services = opened.map_err(Failure::other)?;
    let account = insert(&services, user, name, mode, key, &sealer).await.map_err(Failure::other)?;
    println!("The account {name} ({}) was added: {account}. A running server serves it within seconds.", mode.as_str());
    Ok(())
}

/// Where LN Markets' networks are, where that is not LN Markets' own.
struct Endpoints {
    live: Option<String>,
    signet: Option<String>,
}

impl Endpoints {
    fn reach(&self, mode: Mode, clock: &Arc<dyn Clock>) -> Result<LnMarkets, Failure> {
        let endpoint = if mode == Mode::Signet { &self.signet } else { &self.live };
        LnMarkets::reach(mode, endpoint.as_deref(), clock).map_err(Failure::other)
    }

    /// The network that a key may have been meant for. A key to a server of one's own is not shown to LN Markets.
    fn reach_other(&self, mode: Mode, clock: &Arc<dyn Clock>) -> Result<Option<LnMarkets>, Failure> {
        let other = if mode == Mode::Signet { Mode::Live } else { Mode::Signet };
        let are_alike = self.live.is_some() == self.signet.is_some();
        are_alike.then(|| self.reach(other, clock)).transpose()
    }
}

/// A key that may withdraw, or that the venue does not take, is not kept. What it lacks is said: the guard would have
/// no effect.
async fn check_key(
    mode: Mode,
    endpoints: &Endpoints,
    key: &ExchangeKey,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let (here, elsewhere) = (endpoints.reach(mode, clock)?, endpoints.reach_other(mode, clock)?);
    let lacking = here.check_key(key, elsewhere.as_ref()).await.map_err(|refusal| match refusal {
        KeyRefusal::Unchecked(_) => Failure::other(refusal),
        refusal => Failure::bad_input(refusal),
    })?;
    for scope in lacking {
        eprintln!("axisor: this key lacks {scope}: a guard with it has no effect");
    }
    Ok(())
}

async fn find_user(store: &dyn Store, email: &str) -> Result<UserId, AddAccountError> {
    let email = email.trim().to_lowercase();
    let user = store.find_user_by_email(&email).await?;
    user.map(|user| user.id).ok_or(AddAccountError::NoUser(email))
}

async fn insert(
    services: &Services,
    user: UserId,
    name: &str,
    mode: Mode,
    key: Option<ExchangeKey>,
    sealer: &Sealer,
) -> Result<AccountId, AddAccountError> {
    // The first account to hold the key must not be written when the key can't be sealed for it.
    if let Some(key) = &key {
        key.seal(user, AccountId::from_uuid(uuid::Uuid::nil()), sealer)?;
    }
    let seal = |account| key.as_ref().and_then(|key| key.seal(user, account, sealer).ok());
    let caller = Caller { user, origin: Origin::CommandLine };
    Ok(services.add_account(&caller, name, mode, seal).await?)
}

fn read_key(mode: Mode, key: Option<&str>) -> Result<Option<ExchangeKey>, AddAccountError> {
    match (mode, key) {
        (Mode::Paper, None) => Ok(None),
        (Mode::Paper, Some(_)) => Err(AddAccountError::KeyForPaper),
        (mode, None) => Err(AddAccountError::NoKey(mode)),
        (_, Some(key)) => read_secrets(key).map(Some),
    }
}

/// The key with its secret and passphrase from standard input.
pub(crate) fn read_secrets(key: &str) -> Result<ExchangeKey, AddAccountError> {
    let mut input = io::stdin().lock();
    let secret = line(&mut input, "Secret: ")?;
    let passphrase = line(&mut input, "Passphrase: ")?;
    let (secret, passphrase) = (secret.trim().to_owned(), passphrase.trim().to_owned());
    Ok(ExchangeKey { key: key.trim().to_owned(), secret, passphrase })
}

fn line(input: &mut impl BufRead, prompt: &str) -> Result<Zeroizing<String>, AddAccountError> {
    if io::stdin().is_terminal() {
        eprint!("{prompt}");
    }
    let mut line = Zeroizing::new(String::new());
    input.read_line(&mut line).map_err(|_| AddAccountError::Input)?;
    if line.trim().is_empty() { Err(AddAccountError::Input) } else { Ok(line) }
}
