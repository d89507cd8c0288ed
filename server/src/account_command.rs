//! `axisor account add`: a key goes from standard input, sealed, into the database. It never stands in an argument, a
//! log or a list of processes.

use crate::Failure;
use crate::assembly::key_gate::LnMarketsGate;
use crate::assembly::sealer;
use crate::cli::AddAccountArguments;
use crate::configuration::{Storage, check_endpoint};
use crate::system_clock::{SystemClock, SystemEntropy};
use bus::Bus;
use domain::{Mode, UserId};
use service::{
    Caller, Clock, CustodyError, Entropy, ExchangeKey, KeyObjection, KeyRefusal, Opened, Origin, Services, normal_email,
};
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
    #[error("the database did not answer")]
    Store(#[from] StoreError),
}

pub async fn add(arguments: AddAccountArguments) -> Result<(), Failure> {
    let mode = Mode::from(arguments.mode);
    let check = |url: Option<String>| url.map(check_endpoint).transpose().map_err(Failure::bad_input);
    let (live, signet) = (check(arguments.lnm_endpoint)?, check(arguments.lnm_signet_endpoint)?);
    let key = read_key(mode, arguments.key.as_deref()).map_err(Failure::bad_input)?;
    let storage = Storage::check(arguments.storage).map_err(Failure::bad_input)?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let sealer = sealer(&storage, Arc::clone(&entropy)).map_err(Failure::other)?;
    let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let user = find_user(&*store, &arguments.user).await.map_err(Failure::bad_input)?;
    let gate = LnMarketsGate { live, signet, clock: Arc::clone(&clock) };
    let breaker = domain::brake::BreakerLimits::default();
    let opened = Services::open(store, clock, entropy, sealer, Bus::default(), breaker).await;
    let services = opened.map_err(Failure::other)?;
    services.custody.examine_keys_at(Arc::new(gate));
    let caller = Caller { user, origin: Origin::CommandLine };
    let Opened { account, missing } =
        services.custody.open(&caller, &arguments.name, mode, key).await.map_err(blame)?;
    for scope in missing {
        eprintln!("axisor: this key lacks {scope}: a guard with it has no effect");
    }
    let name = arguments.name.trim();
    println!("The account {name} ({}) was added: {account}. A running server serves it within seconds.", mode.as_str());
    Ok(())
}

/// Whether it was the input, or something that may go well the next time.
fn blame(error: CustodyError) -> Failure {
    let may_pass = matches!(
        error,
        CustodyError::Refused(KeyRefusal { objection: KeyObjection::Unchecked, .. })
            | CustodyError::Seal(_)
            | CustodyError::Store(_)
            | CustodyError::UnderWay
    );
    if may_pass { Failure::other(error) } else { Failure::bad_input(error) }
}

async fn find_user(store: &dyn Store, email: &str) -> Result<UserId, AddAccountError> {
    let unknown = || AddAccountError::NoUser(email.trim().to_owned());
    let email = normal_email(email).map_err(|_| unknown())?;
    let user = store.find_user_by_email(&email).await?;
    user.map(|user| user.id).ok_or_else(unknown)
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
    ExchangeKey::typed(key, &secret, &passphrase).ok_or(AddAccountError::Input)
}

fn line(input: &mut impl BufRead, prompt: &str) -> Result<Zeroizing<String>, AddAccountError> {
    if io::stdin().is_terminal() {
        eprint!("{prompt}");
    }
    let mut line = Zeroizing::new(String::new());
    input.read_line(&mut line).map_err(|_| AddAccountError::Input)?;
    if line.trim().is_empty() { Err(AddAccountError::Input) } else { Ok(line) }
}
