//! Programs that sign in: an access token for a quarter of an hour, and a refresh token for the next one.
//!
//! A refresh token is spent by its use. One that is shown again is in two hands: nobody can tell whose is the thief's, so
//! all of its family end.

use super::ApiAccess;
use super::access_token::{Claims, LIFE};
use super::opaque::{self, Kind};
use crate::audit::Deed;
use crate::clock::new_id;
use crate::origin::Origin;
use domain::{ApiScopes, AuditAction, Millis, PlanFull, Timestamp, TokenFamilyId};
use std::fmt;
use std::sync::Arc;
use store::{RefreshToken, Refreshed, SignInCode, Store, StoreError, TokenFamily};

/// A program that fetches no new tokens for so long must sign in again.
const REFRESH_LIFE: Millis = Millis::new(30 * 86_400_000);
/// So must every program now and then.
const FAMILY_LIFE: Millis = Millis::new(180 * 86_400_000);
const MOST_CLIENTS: usize = 50;

/// What a program gets; never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientTokens {
    pub access_token: String,
    pub refresh_token: String,
    /// Of the access token.
    pub expires_in: Millis,
    pub scopes: ApiScopes,
}

impl fmt::Debug for ClientTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientTokens").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("50 programs have signed in already; end one first")]
    TooMany,
    /// The person's plan allows no more; those that are signed in go on.
    #[error(transparent)]
    Full(PlanFull),
    /// Unknown, too old, ended, spent, or of another kind.
    #[error("this code or token opens nothing")]
    Invalid,
    #[error("tokens cannot be read or written now")]
    Store(#[from] StoreError),
    #[error("a token could not be signed")]
    Signing,
}

impl ApiAccess {
    /// Opens a family for the code that a person made, and spends the code, or neither.
    pub async fn sign_in(&self, shown: &str, origin: &Origin) -> Result<ClientTokens, ClientError> {
        if opaque::kind_of(shown) != Some(Kind::SignIn) {
            return Err(ClientError::Invalid);
        }
        let now = self.now();
        let code = self.store.find_sign_in_code(&opaque::hash(shown), now).await?.ok_or(ClientError::Invalid)?;
        let SignInCode { code_hash, user, name, scopes, .. } = code;
        if MOST_CLIENTS <= self.store.list_token_families(user, now).await?.len() {
            return Err(ClientError::TooMany);
        }
        let id = TokenFamilyId::from_uuid(new_id(&*self.clock, &*self.entropy));
        let deed = Deed::new(Some(user), origin, AuditAction::ClientSignedIn, id.to_string()).to(&(&name, scopes));
        let family = TokenFamily {
            id,
            user,
            name,
            scopes,
            source: origin.to_string(),
            created_at: now,
            seen_at: now,
            expires_at: now.plus(FAMILY_LIFE),
        };
        let (refresh_token, first) = self.fresh_refresh_token(now);
        let (code, family, first) = (&code_hash, &family, &first);
        let opening = |store: Arc<dyn Store>| async move { store.redeem_sign_in_code(code, family, first).await };
        match self.audit.together(&deed, opening).await {
            Err(StoreError::Full(full)) => return Err(ClientError::Full(full)),
            Err(StoreError::Conflict) => return Err(ClientError::Invalid),
            opened => opened?,
        }
        self.tokens(family, refresh_token, now)
    }

    /// The next pair of tokens for a refresh token that was never shown before.
    pub async fn refresh(&self, shown: &str, origin: &Origin) -> Result<ClientTokens, ClientError> {
        if opaque::kind_of(shown) != Some(Kind::Refresh) {
            return Err(ClientError::Invalid);
        }
        let now = self.now();
        let (next, kept) = self.fresh_refresh_token(now);
        match self.store.rotate_refresh_token(&opaque::hash(shown), &kept, now).await? {
            Refreshed::Rotated(family) => self.tokens(&family, next, now),
            Refreshed::Unknown => Err(ClientError::Invalid),
            Refreshed::Reused(family) => {
                let subject = family.id.to_string();
                let deed = Deed::new(Some(family.user), origin, AuditAction::RefreshTokenReused, subject);
                self.audit.note(deed.to(&family.name)).await;
                tracing::warn!(family = %family.id, "a spent refresh token came again: its program is signed out");
                Err(ClientError::Invalid)
            }
        }
    }

    /// Signs a program out by one of its refresh tokens, spent or not. One that is unknown changes nothing and is
    /// answered alike.
    pub async fn sign_out_client(&self, shown: &str, origin: &Origin) -> Result<(), ClientError> {
        if opaque::kind_of(shown) != Some(Kind::Refresh) {
            return Ok(());
        }
        let found = self.store.find_family_of_refresh_token(&opaque::hash(shown)).await?;
        let Some(TokenFamily { id, user, .. }) = found else { return Ok(()) };
        let deed = Deed::new(Some(user), origin, AuditAction::ClientEnded, id.to_string());
        let now = self.now();
        let ended =
            self.audit.together(&deed, |store| async move { store.end_token_family(user, id, now).await }).await;
        match ended {
            Err(StoreError::Conflict) => Ok(()),
            ended => Ok(ended?),
        }
    }

    fn fresh_refresh_token(&self, now: Timestamp) -> (String, RefreshToken) {
        let shown = opaque::fresh(Kind::Refresh, &*self.entropy);
        let kept = RefreshToken { token_hash: opaque::hash(&shown), expires_at: now.plus(REFRESH_LIFE) };
        (shown, kept)
    }

    fn tokens(&self, family: &TokenFamily, refresh_token: String, now: Timestamp) -> Result<ClientTokens, ClientError> {
        let claims = Claims { user: family.user, family: family.id, scopes: family.scopes };
        let access_token = self.access_tokens.write(claims, now).ok_or(ClientError::Signing)?;
        Ok(ClientTokens { access_token, refresh_token, expires_in: LIFE, scopes: family.scopes })
    }
}
