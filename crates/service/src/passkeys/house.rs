//! The relying party: the name that passkeys are bound to, and what it asks of them.

use super::Named;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::UserId;
use webauthn_rs::prelude::{
    AuthenticationResult, CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url,
    WebauthnError, WebauthnResult,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

pub struct House(Webauthn);

/// Why a signature was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    Wrong,
    /// The counter did not grow: there may be a copy of the key.
    Copied,
}

/// As a credential is stored and looked up.
pub fn credential_name(id: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

impl House {
    /// `None` for an address without a host name: a passkey is bound to a name, never to a number.
    pub fn at(origin: &str) -> Option<House> {
        let origin = Url::parse(origin).ok()?;
        let host = origin.domain()?.to_owned();
        Some(House(WebauthnBuilder::new(&host, &origin).ok()?.rp_name("Axisor").build().ok()?))
    }

    /// The key is to remember for whom it is, so that it opens without an e-mail being typed.
    pub fn begin(&self, named: &Named, known: &[Passkey]) -> Option<(CreationChallengeResponse, PasskeyRegistration)> {
        let excluded = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let id = named.user.uuid();
        let begun = self.0.start_passkey_registration(id, named.email, named.email, Some(excluded));
        let (mut options, state) = told(begun)?;
        if let Some(wanted) = &mut options.public_key.authenticator_selection {
            wanted.require_resident_key = true;
            wanted.resident_key = Some(webauthn_rs_proto::ResidentKeyRequirement::Required);
        }
        Some((options, state))
    }

    pub fn finish(&self, credential: &RegisterPublicKeyCredential, state: &PasskeyRegistration) -> Option<Passkey> {
        told(self.0.finish_passkey_registration(credential, state))
    }

    pub fn ask_anyone(&self) -> Option<(RequestChallengeResponse, DiscoverableAuthentication)> {
        let (mut options, state) = told(self.0.start_discoverable_authentication())?;
        // Asked for by a button, not offered while somebody types.
        options.mediation = None;
        Some((options, state))
    }

    pub fn ask(&self, known: &[Passkey]) -> Option<(RequestChallengeResponse, PasskeyAuthentication)> {
        told(self.0.start_passkey_authentication(known))
    }

    /// For whom a passkey says it is; its own claim, until its signature was checked.
    pub fn claim(&self, credential: &PublicKeyCredential) -> Option<(UserId, String)> {
        let (user, id) = self.0.identify_discoverable_authentication(credential).ok()?;
        Some((UserId::from_uuid(user), credential_name(id)))
    }

    pub fn check_anyone(
        &self,
        credential: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        known: &Passkey,
    ) -> Result<AuthenticationResult, Doubt> {
        verified(self.0.finish_discoverable_authentication_v2(credential, state, known))
    }

    pub fn check(
        &self,
        credential: &PublicKeyCredential,
        state: &PasskeyAuthentication,
    ) -> Result<AuthenticationResult, Doubt> {
        verified(self.0.finish_passkey_authentication(credential, state))
    }
}

/// Presence is not enough: the authenticator must have known its owner.
fn verified(checked: WebauthnResult<AuthenticationResult>) -> Result<AuthenticationResult, Doubt> {
    match checked {
        Ok(result) if result.user_verified() => Ok(result),
        Err(WebauthnError::CredentialPossibleCompromise) => Err(Doubt::Copied),
        Ok(_) | Err(_) => Err(Doubt::Wrong),
    }
}

fn told<T>(done: WebauthnResult<T>) -> Option<T> {
    done.inspect_err(|error| tracing::debug!(%error, "a passkey ceremony failed")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_is_bound_to_a_name_and_never_to_a_number() {
        for named in ["https://axisor.example.org", "http://localhost:13010"] {
            assert!(House::at(named).is_some(), "{named}");
        }
        for nameless in ["http://127.0.0.1:13010", "https://192.0.2.1", "https://[2001:db8::1]", "nonsense", ""] {
            assert!(House::at(nameless).is_none(), "{nameless}");
        }
    }
}
