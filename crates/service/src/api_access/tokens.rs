//! Tokens that a person makes for a program: shown once, with a scope and an end.

use super::ApiAccess;
use super::opaque::{self, Kind};
use crate::clock::new_id;
use crate::deeds::{Caller, Confirmed};
use domain::{ApiScopes, ApiTokenId, AuditAction, Millis, PlanFull, TokenFamilyId};
use serde::Serialize;
use store::{ApiToken, StoreError, TokenFamily};

/// Longer than anybody remembers what a token was for.
const LONGEST_LIFE_DAYS: u16 = 365;
/// More than anybody has programs.
const MOST_TOKENS: usize = 50;
pub(super) const LONGEST_NAME: usize = 60;

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("a name has 1 to 60 characters")]
    Name,
    #[error("a token needs at least one scope")]
    NoScope,
    #[error("a token lives from 1 to 365 days")]
    Life,
    #[error("there are 50 tokens already")]
    TooMany,
    #[error("there is no such token")]
    NotFound,
    /// The person's plan allows no more; those that are there go on.
    #[error(transparent)]
    Full(PlanFull),
    #[error("tokens cannot be read or written now")]
    Store(#[from] StoreError),
}

/// What the audit says of a token; never the token.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    scopes: ApiScopes,
    days: u16,
}

impl ApiAccess {
    /// Answers the token, which is shown this once.
    pub async fn make_token(
        &self,
        confirmed: &Confirmed,
        name: &str,
        scopes: ApiScopes,
        days: u16,
    ) -> Result<String, TokenError> {
        let caller = confirmed.caller();
        let name = normal_name(name).ok_or(TokenError::Name)?;
        if scopes.is_empty() {
            return Err(TokenError::NoScope);
        }
        if !(1..=LONGEST_LIFE_DAYS).contains(&days) {
            return Err(TokenError::Life);
        }
        if MOST_TOKENS <= self.store.list_api_tokens(caller.user).await?.len() {
            return Err(TokenError::TooMany);
        }
        let (shown, now) = (opaque::fresh(Kind::Personal, &*self.entropy), self.now());
        let id = ApiTokenId::from_uuid(new_id(&*self.clock, &*self.entropy));
        let deed = caller.did(AuditAction::TokenMade, id.to_string()).to(&Told { name: &name, scopes, days });
        let token = ApiToken {
            id,
            user: caller.user,
            name,
            token_hash: opaque::hash(&shown),
            scopes,
            created_at: now,
            expires_at: now.plus(Millis::new(i64::from(days) * Millis::DAY.get())),
            last_used_at: None,
        };
        let token = &token;
        match self.audit.together(&deed, |store| async move { store.insert_api_token(token).await }).await {
            Err(StoreError::Full(full)) => Err(TokenError::Full(full)),
            made => made.map(|()| shown).map_err(TokenError::Store),
        }
    }

    /// A person's tokens and the programs that signed in, each newest first.
    pub async fn list(&self, caller: &Caller) -> Result<(Vec<ApiToken>, Vec<TokenFamily>), TokenError> {
        let tokens = self.store.list_api_tokens(caller.user).await?;
        Ok((tokens, self.store.list_token_families(caller.user, self.now()).await?))
    }

    /// It opens nothing from now on. Asks for no confirmation: stopping must be quick.
    pub async fn revoke_token(&self, caller: &Caller, id: ApiTokenId) -> Result<(), TokenError> {
        let deed = caller.did(AuditAction::TokenRevoked, id.to_string());
        let user = caller.user;
        let revoked = self.audit.together(&deed, |store| async move { store.delete_api_token(user, id).await }).await;
        found(revoked)
    }

    /// Ends a program that signed in, with all of its tokens.
    pub async fn end_client(&self, caller: &Caller, id: TokenFamilyId) -> Result<(), TokenError> {
        let deed = caller.did(AuditAction::ClientEnded, id.to_string());
        let (user, now) = (caller.user, self.now());
        let ended =
            self.audit.together(&deed, |store| async move { store.end_token_family(user, id, now).await }).await;
        found(ended)
    }
}

fn found(done: Result<(), StoreError>) -> Result<(), TokenError> {
    match done {
        Err(StoreError::Conflict) => Err(TokenError::NotFound),
        done => Ok(done?),
    }
}

/// Trimmed, printable, and neither empty nor long; `None` for any other.
pub(crate) fn normal_name(name: &str) -> Option<String> {
    let name = name.trim();
    let is_plain = !name.chars().any(|c| c.is_control() || is_invisible(c));
    ((1..=LONGEST_NAME).contains(&name.chars().count()) && is_plain).then(|| name.to_owned())
}

/// What makes a name look like another: marks without a width, and those that turn the direction of writing.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f83_a_name_is_printable_and_looks_like_itself() {
        assert_eq!(normal_name("  Grafana \u{1f680} ação "), Some("Grafana \u{1f680} ação".to_owned()));
        assert_eq!(normal_name(&"\u{1f680}".repeat(60)).map(|name| name.chars().count()), Some(60));
        let long = "x".repeat(61);
        for refused in ["", " ", "\0", "a\nb", "a\u{202e}b", "a\u{200b}b", "\u{feff}a", "a\u{2066}b", &long] {
            assert_eq!(normal_name(refused), None, "{refused:?}");
        }
    }
}
