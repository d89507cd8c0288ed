//! Accounts at exchanges and their keys: taken in, tested, replaced, given up. A key never comes back to the page.

use crate::api::SecurityFault;
use crate::api::json::Json;
use domain::account::AccountSummary;
use domain::{AccountId, KeyFault, Mode, PlanFull};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why an account or a key was not taken, tested or given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AccountFault {
    /// Who asks has to show who they are, or cannot be answered.
    #[error(transparent)]
    Who(SecurityFault),
    #[error("the name is empty or too long")]
    Name,
    #[error("there is an account of this name")]
    NameTaken,
    #[error("key, secret or passphrase is missing")]
    NoKey,
    #[error("this key may withdraw")]
    MayWithdraw,
    #[error("this is a key of the other network")]
    OtherNetwork,
    /// In the exchange's own words.
    #[error("the exchange does not accept this key: {0}")]
    NotAccepted(String),
    #[error("the exchange does not serve this place: {0}")]
    PlaceRefused(String),
    #[error("the key could not be checked: {0}")]
    Unchecked(String),
    #[error("there is no such account")]
    NotFound,
    /// What became of something that was sent is not known yet.
    #[error("something is under way")]
    UnderWay,
    #[error(transparent)]
    Full(PlanFull),
}

impl FromServerFnError for AccountFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> AccountFault {
        AccountFault::Who(SecurityFault::Unreachable)
    }
}

/// What is known of an account's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStanding {
    /// A paper account has none.
    NotNeeded,
    /// The account is not served.
    Unused,
    /// The exchange has not been read with it yet.
    Untried,
    Works,
    Unfit(KeyFault),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrustedAccount {
    pub account: AccountSummary,
    pub key: KeyStanding,
}

/// What a key may do, as the exchange says at this moment and in its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyScopes {
    pub granted: Vec<String>,
    /// What guarding takes and the key lacks.
    pub missing: Vec<String>,
}

/// A key on its way to the server.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedKey {
    pub key: String,
    pub secret: String,
    pub passphrase: String,
}

impl std::fmt::Debug for TypedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedKey(…)")
    }
}

/// An account that was just taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedAccount {
    pub account: AccountId,
    /// What guarding takes and its key lacks.
    pub missing: Vec<String>,
}

#[server(endpoint = "accounts", protocol = Json)]
pub async fn list_accounts() -> Result<Vec<EntrustedAccount>, AccountFault> {
    let (services, caller) = asking().await?;
    Ok(services.custody.list(caller.user).await?.into_iter().map(told).collect())
}

/// Takes an account in; with a key, password and code must have been given a short while ago.
#[server(endpoint = "add_account", protocol = Json)]
pub async fn add_account(name: String, mode: Mode, key: Option<TypedKey>) -> Result<AddedAccount, AccountFault> {
    let (services, caller) = match mode {
        Mode::Paper => asking().await?,
        Mode::Signet | Mode::Live => {
            let (services, confirmed) = confirmed().await?;
            (services, confirmed.caller().clone())
        }
    };
    let key = key.map(typed).transpose()?;
    let service::Opened { account, missing } = services.custody.open(&caller, &name, mode, key).await?;
    Ok(AddedAccount { account, missing })
}

/// Asks the exchange what an account's key may do now.
#[server(endpoint = "test_key", protocol = Json)]
pub async fn test_key(account: AccountId) -> Result<KeyScopes, AccountFault> {
    let (services, caller) = asking().await?;
    let service::KeyReport { granted, missing } = services.custody.test_key(caller.user, account).await?;
    Ok(KeyScopes { granted, missing })
}

/// Puts another key in an account's place; answers what it lacks.
#[server(endpoint = "replace_key", protocol = Json)]
pub async fn replace_key(account: AccountId, key: TypedKey) -> Result<Vec<String>, AccountFault> {
    let (services, confirmed) = confirmed().await?;
    Ok(services.custody.replace_key(&confirmed, account, typed(key)?).await?)
}

/// Gives an account up for good.
#[server(endpoint = "remove_account", protocol = Json)]
pub async fn remove_account(account: AccountId) -> Result<(), AccountFault> {
    let (services, confirmed) = confirmed().await?;
    Ok(services.custody.remove(&confirmed, account).await?)
}

#[cfg(feature = "ssr")]
async fn asking() -> Result<(service::Services, service::Caller), AccountFault> {
    let caller = crate::session::accountable().await.ok_or(AccountFault::Who(SecurityFault::SignedOut))?;
    Ok((expect_context::<service::Services>(), caller))
}

#[cfg(feature = "ssr")]
async fn confirmed() -> Result<(service::Services, service::Confirmed), AccountFault> {
    super::security::confirmed().await.map_err(AccountFault::Who)
}

#[cfg(feature = "ssr")]
fn typed(typed: TypedKey) -> Result<service::ExchangeKey, AccountFault> {
    let TypedKey { key, secret, passphrase } = typed;
    let (secret, passphrase) = (zeroize::Zeroizing::new(secret), zeroize::Zeroizing::new(passphrase));
    service::ExchangeKey::typed(&key, &secret, &passphrase).ok_or(AccountFault::NoKey)
}

#[cfg(feature = "ssr")]
fn told(entrusted: service::Entrusted) -> EntrustedAccount {
    let service::Entrusted { account, key } = entrusted;
    let key = match key {
        service::KeyState::NotNeeded => KeyStanding::NotNeeded,
        service::KeyState::Unused => KeyStanding::Unused,
        service::KeyState::Untried => KeyStanding::Untried,
        service::KeyState::Works => KeyStanding::Works,
        service::KeyState::Unfit(fault) => KeyStanding::Unfit(fault),
    };
    EntrustedAccount { account, key }
}

#[cfg(feature = "ssr")]
impl From<service::CustodyError> for AccountFault {
    fn from(error: service::CustodyError) -> AccountFault {
        use http::StatusCode;
        use service::CustodyError;
        let (status, fault) = match error {
            CustodyError::Name => (StatusCode::UNPROCESSABLE_ENTITY, AccountFault::Name),
            CustodyError::NameTaken => (StatusCode::CONFLICT, AccountFault::NameTaken),
            CustodyError::NoKey(_) | CustodyError::KeyForPaper => {
                (StatusCode::UNPROCESSABLE_ENTITY, AccountFault::NoKey)
            }
            CustodyError::Refused(refusal) => refused(refusal),
            CustodyError::Forbidden => (StatusCode::FORBIDDEN, AccountFault::Who(SecurityFault::Forbidden)),
            CustodyError::NotFound => (StatusCode::NOT_FOUND, AccountFault::NotFound),
            CustodyError::UnderWay => (StatusCode::CONFLICT, AccountFault::UnderWay),
            CustodyError::Full(full) => (StatusCode::CONFLICT, AccountFault::Full(full)),
            error @ (CustodyError::Seal(_) | CustodyError::Store(_)) => {
                tracing::error!(%error, "an account cannot be taken, read or given up");
                (StatusCode::SERVICE_UNAVAILABLE, AccountFault::Who(SecurityFault::Unavailable))
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

#[cfg(feature = "ssr")]
fn refused(refusal: service::KeyRefusal) -> (http::StatusCode, AccountFault) {
    use http::StatusCode;
    use service::KeyObjection;
    let service::KeyRefusal { objection, words } = refusal;
    match objection {
        KeyObjection::MayWithdraw => (StatusCode::UNPROCESSABLE_ENTITY, AccountFault::MayWithdraw),
        KeyObjection::OtherNetwork => (StatusCode::UNPROCESSABLE_ENTITY, AccountFault::OtherNetwork),
        KeyObjection::NotAccepted => (StatusCode::UNPROCESSABLE_ENTITY, AccountFault::NotAccepted(words)),
        KeyObjection::PlaceRefused => (StatusCode::UNPROCESSABLE_ENTITY, AccountFault::PlaceRefused(words)),
        KeyObjection::Unchecked => (StatusCode::BAD_GATEWAY, AccountFault::Unchecked(words)),
    }
}
