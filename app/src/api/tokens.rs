//! Programs that read in a person's name: the tokens made for them, and those that signed in.

use crate::api::json::Json;
use domain::{ApiScopes, ApiTokenId, PlanFull, Timestamp, TokenFamilyId};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why something was not shown or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TokenFault {
    #[error("nobody is signed in")]
    SignedOut,
    /// Password and code must be given again first.
    #[error("this needs a fresh confirmation")]
    NotConfirmed,
    #[error("a name has 1 to 60 characters")]
    Name,
    #[error("a token needs at least one scope")]
    NoScope,
    #[error("a token lives from 1 to 365 days")]
    Life,
    #[error("there are too many tokens")]
    TooMany,
    #[error(transparent)]
    Full(PlanFull),
    #[error("there is no such token")]
    NotFound,
    #[error("this cannot be done now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for TokenFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> TokenFault {
        TokenFault::Unreachable
    }
}

/// A token; what opens is not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub id: ApiTokenId,
    pub name: String,
    pub scopes: ApiScopes,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub is_over: bool,
}

/// A program that signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    pub id: TokenFamilyId,
    pub name: String,
    pub scopes: ApiScopes,
    /// From where it signed in.
    pub source: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs {
    /// Newest first, as the clients.
    pub tokens: Vec<Token>,
    pub clients: Vec<Client>,
    /// Password and code were given a short while ago.
    pub is_confirmed: bool,
}

#[server(endpoint = "tokens", protocol = Json)]
pub async fn find_tokens() -> Result<Programs, TokenFault> {
    let (services, session, caller) = asking().await?;
    let (tokens, clients) = services.api_access.list(&caller).await?;
    let confirmed_at = crate::session::confirmed_at(&session).await;
    let now = services.desk.now();
    Ok(Programs {
        tokens: tokens.into_iter().map(|token| Token::told(token, now)).collect(),
        clients: clients.into_iter().map(Client::from).collect(),
        is_confirmed: services.confirmed(caller, confirmed_at).is_some(),
    })
}

/// Answers the token, which is shown this once.
#[server(endpoint = "make_token", protocol = Json)]
pub async fn make_token(name: String, scopes: ApiScopes, days: u16) -> Result<String, TokenFault> {
    let (services, session, caller) = asking().await?;
    let at = crate::session::confirmed_at(&session).await;
    let confirmed = services.confirmed(caller, at).ok_or(TokenFault::NotConfirmed)?;
    Ok(services.api_access.make_token(&confirmed, &name, scopes, days).await?)
}

/// Answers a code by which a program signs in once; it is shown this once.
#[server(endpoint = "make_sign_in_code", protocol = Json)]
pub async fn make_sign_in_code(name: String, scopes: ApiScopes) -> Result<String, TokenFault> {
    let (services, session, caller) = asking().await?;
    let at = crate::session::confirmed_at(&session).await;
    let confirmed = services.confirmed(caller, at).ok_or(TokenFault::NotConfirmed)?;
    Ok(services.api_access.make_sign_in_code(&confirmed, &name, scopes).await?)
}

/// Ends a token at once.
#[server(endpoint = "revoke_token", protocol = Json)]
pub async fn revoke_token(id: ApiTokenId) -> Result<(), TokenFault> {
    let (services, _, caller) = asking().await?;
    Ok(services.api_access.revoke_token(&caller, id).await?)
}

/// Signs a program out at once.
#[server(endpoint = "end_client", protocol = Json)]
pub async fn end_client(id: TokenFamilyId) -> Result<(), TokenFault> {
    let (services, _, caller) = asking().await?;
    Ok(services.api_access.end_client(&caller, id).await?)
}

#[cfg(feature = "ssr")]
async fn asking() -> Result<(service::Services, tower_sessions::Session, service::Caller), TokenFault> {
    let caller = crate::session::accountable().await.ok_or(TokenFault::SignedOut)?;
    let session = crate::session::current().await.ok_or(TokenFault::SignedOut)?;
    Ok((expect_context::<service::Services>(), session, caller))
}

#[cfg(feature = "ssr")]
impl Token {
    fn told(token: service::ApiToken, now: Timestamp) -> Token {
        let service::ApiToken { id, name, scopes, created_at, expires_at, last_used_at, .. } = token;
        Token { id, name, scopes, created_at, expires_at, last_used_at, is_over: expires_at <= now }
    }
}

#[cfg(feature = "ssr")]
impl From<service::TokenFamily> for Client {
    fn from(family: service::TokenFamily) -> Client {
        let service::TokenFamily { id, name, scopes, source, created_at, seen_at, .. } = family;
        Client { id, name, scopes, source, created_at, seen_at }
    }
}

#[cfg(feature = "ssr")]
impl From<service::TokenError> for TokenFault {
    fn from(error: service::TokenError) -> TokenFault {
        match error {
            service::TokenError::Name => TokenFault::Name,
            service::TokenError::NoScope => TokenFault::NoScope,
            service::TokenError::Life => TokenFault::Life,
            service::TokenError::TooMany => TokenFault::TooMany,
            service::TokenError::Full(full) => TokenFault::Full(full),
            service::TokenError::NotFound => TokenFault::NotFound,
            service::TokenError::Store(error) => {
                tracing::error!(%error, "a person's tokens cannot be shown or changed");
                TokenFault::Unavailable
            }
        }
    }
}
