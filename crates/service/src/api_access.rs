//! Programs that read in somebody's name: tokens that a person made, and programs that signed in.

mod access_token;
mod clients;
mod codes;
mod hs256;
mod opaque;
mod tokens;

pub use clients::{ClientError, ClientTokens};
pub use tokens::TokenError;
pub(crate) use tokens::normal_name;

use crate::audit::Audit;
use crate::clock::{Clock, Entropy};
use crate::seal::Sealer;
use access_token::AccessTokens;
use domain::{ApiScope, ApiScopes, Millis, Timestamp, UserId};
use opaque::Kind;
use std::sync::Arc;
use store::{Store, StoreError};

/// The use of a token is noted this often rather than with a write at each request.
const USE_PACE: Millis = Millis::MINUTE;

/// Everybody's programs.
pub struct ApiAccess {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    audit: Arc<Audit>,
    access_tokens: AccessTokens,
}

/// In whose name a program asks, and what it may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiCaller {
    pub user: UserId,
    pub scopes: ApiScopes,
}

/// Why a program was not let in.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    /// Unknown, changed, too old, ended, or a token of another kind.
    #[error("this token opens nothing")]
    Invalid,
    #[error("this token lacks a scope")]
    Scope(ApiScope),
    /// Its person must have a second factor, and has none.
    #[error("the token's person has to add a second factor first")]
    OwesFactor,
    #[error("tokens cannot be looked up now")]
    Store(#[from] StoreError),
}

impl ApiAccess {
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        sealer: Sealer,
        audit: Arc<Audit>,
    ) -> ApiAccess {
        ApiAccess { store, clock, entropy, audit, access_tokens: AccessTokens::new(sealer) }
    }

    /// Lets in who shows a token that has the scope. A token of another kind is never taken for one that lets in.
    pub async fn admit(&self, token: &str, scope: ApiScope) -> Result<ApiCaller, AdmitError> {
        let caller = match opaque::kind_of(token) {
            Some(Kind::Personal) => self.admit_personal(token).await?,
            Some(Kind::Refresh | Kind::SignIn) => return Err(AdmitError::Invalid),
            None => self.admit_client(token).await?,
        };
        // A token outlives nobody, and is no way around what its person owes.
        let person = self.store.find_known(caller.user).await?.ok_or(AdmitError::Invalid)?;
        if person.owes_factor {
            return Err(AdmitError::OwesFactor);
        }
        if caller.scopes.has(scope) { Ok(caller) } else { Err(AdmitError::Scope(scope)) }
    }

    async fn admit_personal(&self, token: &str) -> Result<ApiCaller, AdmitError> {
        let now = self.now();
        let found = self.store.find_api_token(&opaque::hash(token), now).await?.ok_or(AdmitError::Invalid)?;
        if found.last_used_at.is_none_or(|at| USE_PACE <= now.since(at))
            && let Err(error) = self.store.note_api_token_use(found.id, now).await
        {
            tracing::warn!(%error, "the use of a token could not be noted");
        }
        Ok(ApiCaller { user: found.user, scopes: found.scopes })
    }

    /// The signature tells that it was ours; the database, that it has not been ended since.
    async fn admit_client(&self, token: &str) -> Result<ApiCaller, AdmitError> {
        let claims = self.access_tokens.read(token, self.now()).ok_or(AdmitError::Invalid)?;
        let family = self.store.find_token_family(claims.family, self.now()).await?.ok_or(AdmitError::Invalid)?;
        if family.user != claims.user {
            return Err(AdmitError::Invalid);
        }
        Ok(ApiCaller { user: family.user, scopes: claims.scopes.and(family.scopes) })
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
