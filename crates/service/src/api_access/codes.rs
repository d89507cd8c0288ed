//! Codes by which programs sign in: made by their person on a page, good once and for ten minutes. No program ever sees a
//! password.

use super::ApiAccess;
use super::opaque::{self, Kind};
use super::tokens::{TokenError, normal_name};
use crate::deeds::Confirmed;
use domain::{ApiScopes, AuditAction, Millis};
use serde::Serialize;
use std::sync::Arc;
use store::{SignInCode, Store};

/// Long enough to carry it from one window to another.
const CODE_LIFE: Millis = Millis::new(10 * Millis::MINUTE.get());

/// What the audit says of a code; never the code.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    scopes: ApiScopes,
}

impl ApiAccess {
    /// Answers the code, which is shown this once; one that was made before opens nothing any more.
    pub async fn make_sign_in_code(
        &self,
        confirmed: &Confirmed,
        name: &str,
        scopes: ApiScopes,
    ) -> Result<String, TokenError> {
        let caller = confirmed.caller();
        let name = normal_name(name).ok_or(TokenError::Name)?;
        if scopes.is_empty() {
            return Err(TokenError::NoScope);
        }
        let shown = opaque::fresh(Kind::SignIn, &*self.entropy);
        let deed = caller.did(AuditAction::SignInCodeMade, &name).to(&Told { name: &name, scopes });
        let expires_at = self.now().plus(CODE_LIFE);
        let code = &SignInCode { code_hash: opaque::hash(&shown), user: caller.user, name, scopes, expires_at };
        let making = |store: Arc<dyn Store>| async move { store.insert_sign_in_code(code).await };
        self.audit.together(&deed, making).await?;
        Ok(shown)
    }
}
