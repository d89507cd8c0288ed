//! How else than by a browser's session somebody comes in: tokens of programs, and passkeys.

use crate::both::{alone, glance};
use crate::pools::{Postgres, Sqlite};
use crate::{AuditFilter, AuditRow, Result};
use crate::{api_token, audit, passkey, sign_in_code, token_family};
use async_trait::async_trait;
use domain::{ApiScopes, ApiTokenId, PasskeyId, Timestamp, TokenFamilyId, UserId};

/// A token that a person made for a program; the token itself is not here.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: ApiTokenId,
    pub user: UserId,
    pub name: String,
    /// SHA-256 in hex.
    pub token_hash: String,
    pub scopes: ApiScopes,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// A program that signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFamily {
    pub id: TokenFamilyId,
    pub user: UserId,
    /// What the program calls itself.
    pub name: String,
    pub scopes: ApiScopes,
    /// From where it signed in.
    pub source: String,
    pub created_at: Timestamp,
    /// When it last fetched new tokens.
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A code by which a program signs in, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInCode {
    /// SHA-256 in hex.
    pub code_hash: String,
    pub user: UserId,
    /// What the program will be called.
    pub name: String,
    pub scopes: ApiScopes,
    pub expires_at: Timestamp,
}

/// A refresh token as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 in hex.
    pub token_hash: String,
    pub expires_at: Timestamp,
}

/// What became of a refresh token that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// It was good, is spent now, and the next one is written.
    Rotated(TokenFamily),
    /// It was spent before: its family has ended with this, or had.
    Reused(TokenFamily),
    /// There is none, it is too old, or its family has ended.
    Unknown,
}

/// A passkey: its public half.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPasskey {
    pub id: PasskeyId,
    pub user: UserId,
    /// As the authenticator names it, in base 64 for URLs.
    pub credential_id: String,
    pub name: String,
    /// JSON, with the counter.
    pub data: String,
    pub added_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// Tokens and passkeys.
#[async_trait]
pub trait AccessStore: Send + Sync {
    /// The audit's rows that a filter lets through, newest first.
    async fn list_newest_audit(&self, filter: &AuditFilter) -> Result<Vec<AuditRow>>;

    async fn insert_api_token(&self, token: &ApiToken) -> Result<()>;
    /// `None` once it has expired.
    async fn find_api_token(&self, token_hash: &str, now: Timestamp) -> Result<Option<ApiToken>>;
    async fn note_api_token_use(&self, id: ApiTokenId, now: Timestamp) -> Result<()>;
    /// Newest first, those that have expired too.
    async fn list_api_tokens(&self, user: UserId) -> Result<Vec<ApiToken>>;
    /// `Conflict` where the user has no such token.
    async fn delete_api_token(&self, user: UserId, id: ApiTokenId) -> Result<()>;

    /// In place of any that the user has made before.
    async fn insert_sign_in_code(&self, code: &SignInCode) -> Result<()>;
    /// `None` once it has expired or was spent.
    async fn find_sign_in_code(&self, code_hash: &str, now: Timestamp) -> Result<Option<SignInCode>>;
    /// Spends a code and opens the family, or neither: `Conflict` where the code is spent, expired or another's.
    async fn redeem_sign_in_code(&self, code_hash: &str, family: &TokenFamily, first: &RefreshToken) -> Result<()>;

    async fn insert_token_family(&self, family: &TokenFamily, first: &RefreshToken) -> Result<()>;
    /// `None` once it has ended or expired.
    async fn find_token_family(&self, id: TokenFamilyId, now: Timestamp) -> Result<Option<TokenFamily>>;
    /// Spends a refresh token and writes the next; one that was spent before ends its family instead.
    async fn rotate_refresh_token(&self, shown: &str, next: &RefreshToken, now: Timestamp) -> Result<Refreshed>;
    /// The family of a refresh token, spent or not.
    async fn find_family_of_refresh_token(&self, token_hash: &str) -> Result<Option<TokenFamily>>;
    /// Those that have not ended, newest first.
    async fn list_token_families(&self, user: UserId, now: Timestamp) -> Result<Vec<TokenFamily>>;
    /// `Conflict` where the user has none of this id that is still open.
    async fn end_token_family(&self, user: UserId, id: TokenFamilyId, now: Timestamp) -> Result<()>;
    /// Ends every token and every program of a user; answers how many.
    async fn end_all_access(&self, user: UserId, now: Timestamp) -> Result<u64>;
    /// Forgets what ended or expired before `time`.
    async fn forget_access_before(&self, time: Timestamp) -> Result<u64>;

    /// `Duplicate` where the credential is known.
    async fn insert_passkey(&self, passkey: &StoredPasskey, code_hashes: &[String]) -> Result<()>;
    async fn list_passkeys(&self, user: UserId) -> Result<Vec<StoredPasskey>>;
    async fn find_passkey(&self, credential_id: &str) -> Result<Option<StoredPasskey>>;
    /// Writes what a use changed: `Conflict` unless what is stored is still `old`, so that of two uses with one counter
    /// the second is refused.
    async fn note_passkey_use(&self, id: PasskeyId, old: &str, new: &str, now: Timestamp) -> Result<()>;
    /// `Conflict` where the user has no such passkey. Recovery codes end with the last second factor.
    async fn delete_passkey(&self, user: UserId, id: PasskeyId) -> Result<()>;
}

macro_rules! implement_access_store {
    ($database:ident, $on:ident) => {
        #[async_trait]
        impl AccessStore for $database {
            async fn list_newest_audit(&self, filter: &AuditFilter) -> Result<Vec<AuditRow>> {
                glance!(self.reading(), audit::$on::list_newest(filter))
            }

            async fn insert_api_token(&self, token: &ApiToken) -> Result<()> {
                alone!(self.begin_write(), api_token::$on::insert(token))
            }
            async fn find_api_token(&self, token_hash: &str, now: Timestamp) -> Result<Option<ApiToken>> {
                glance!(self.reading(), api_token::$on::find(token_hash, now))
            }
            async fn note_api_token_use(&self, id: ApiTokenId, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), api_token::$on::note_use(id, now))
            }
            async fn list_api_tokens(&self, user: UserId) -> Result<Vec<ApiToken>> {
                glance!(self.reading(), api_token::$on::list(user))
            }
            async fn delete_api_token(&self, user: UserId, id: ApiTokenId) -> Result<()> {
                alone!(self.begin_write(), api_token::$on::delete(user, id))
            }

            async fn insert_sign_in_code(&self, code: &SignInCode) -> Result<()> {
                alone!(self.begin_write(), sign_in_code::$on::insert(code))
            }
            async fn find_sign_in_code(&self, code_hash: &str, now: Timestamp) -> Result<Option<SignInCode>> {
                glance!(self.reading(), sign_in_code::$on::find(code_hash, now))
            }
            async fn redeem_sign_in_code(
                &self,
                code_hash: &str,
                family: &TokenFamily,
                first: &RefreshToken,
            ) -> Result<()> {
                alone!(self.begin_write(), sign_in_code::$on::redeem(code_hash, family, first))
            }

            async fn insert_token_family(&self, family: &TokenFamily, first: &RefreshToken) -> Result<()> {
                alone!(self.begin_write(), token_family::$on::insert(family, first))
            }
            async fn find_token_family(&self, id: TokenFamilyId, now: Timestamp) -> Result<Option<TokenFamily>> {
                glance!(self.reading(), token_family::$on::find(id, now))
            }
            async fn rotate_refresh_token(
                &self,
                shown: &str,
                next: &RefreshToken,
                now: Timestamp,
            ) -> Result<Refreshed> {
                alone!(self.begin_write(), token_family::$on::rotate(shown, next, now))
            }
            async fn find_family_of_refresh_token(&self, token_hash: &str) -> Result<Option<TokenFamily>> {
                glance!(self.reading(), token_family::$on::find_of(token_hash))
            }
            async fn list_token_families(&self, user: UserId, now: Timestamp) -> Result<Vec<TokenFamily>> {
                glance!(self.reading(), token_family::$on::list(user, now))
            }
            async fn end_token_family(&self, user: UserId, id: TokenFamilyId, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), token_family::$on::end(user, id, now))
            }
            async fn end_all_access(&self, user: UserId, now: Timestamp) -> Result<u64> {
                let mut transaction = self.begin_write().await?;
                sign_in_code::$on::delete_all(&mut transaction, user).await?;
                let tokens = api_token::$on::delete_all(&mut transaction, user).await?;
                let families = token_family::$on::end_all(&mut transaction, user, now).await?;
                transaction.commit().await?;
                Ok(tokens + families)
            }
            async fn forget_access_before(&self, time: Timestamp) -> Result<u64> {
                let mut transaction = self.begin_write().await?;
                let tokens = api_token::$on::forget_before(&mut transaction, time).await?;
                let families = token_family::$on::forget_before(&mut transaction, time).await?;
                transaction.commit().await?;
                Ok(tokens + families)
            }

            async fn insert_passkey(&self, passkey: &StoredPasskey, code_hashes: &[String]) -> Result<()> {
                alone!(self.begin_write(), passkey::$on::insert(passkey, code_hashes))
            }
            async fn list_passkeys(&self, user: UserId) -> Result<Vec<StoredPasskey>> {
                glance!(self.reading(), passkey::$on::list(user))
            }
            async fn find_passkey(&self, credential_id: &str) -> Result<Option<StoredPasskey>> {
                glance!(self.reading(), passkey::$on::find(credential_id))
            }
            async fn note_passkey_use(&self, id: PasskeyId, old: &str, new: &str, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), passkey::$on::note_use(id, old, new, now))
            }
            async fn delete_passkey(&self, user: UserId, id: PasskeyId) -> Result<()> {
                alone!(self.begin_write(), passkey::$on::delete(user, id))
            }
        }
    };
}

implement_access_store!(Sqlite, sqlite);
implement_access_store!(Postgres, postgres);
