//! Letters to people: handed over to whatever carries them, where there is anything.

use domain::letter::{Letter, LetterSubject};
use domain::{Language, UserId};
use std::sync::{Arc, OnceLock};
use store::{Store, StoreError};

/// Carries letters away; whoever hands one over does not wait for its delivery.
pub trait Postman: Send + Sync {
    fn take(&self, letter: Letter);
}

/// The way to people's mailboxes, if this server has one, and the address that links begin with.
pub struct Post {
    store: Arc<dyn Store>,
    way: OnceLock<Arc<dyn Postman>>,
    base: OnceLock<String>,
}

impl Post {
    pub fn new(store: Arc<dyn Store>) -> Post {
        Post { store, way: OnceLock::new(), base: OnceLock::new() }
    }

    /// Where browsers find this server, without a slash at the end; the first word counts.
    pub fn links_begin_with(&self, base: &str) {
        let _ = self.base.set(base.to_owned());
    }

    /// Letters go this way from now on; the first word counts.
    pub fn goes_by(&self, postman: Arc<dyn Postman>) {
        let _ = self.way.set(postman);
    }

    /// Whether this server sends mail.
    pub fn is_there(&self) -> bool {
        self.way.get().is_some()
    }

    /// The address of a page of this server. What opens it stands behind the `#`, which browsers send to nobody.
    pub fn link(&self, page: &str, token: &str) -> String {
        let base = self.base.get().map_or("", String::as_str);
        format!("{base}{page}#token={token}")
    }

    /// The address of the sign-in page.
    pub(crate) fn sign_in_link(&self) -> String {
        format!("{}/sign-in", self.base.get().map_or("", String::as_str))
    }

    pub(crate) fn send(&self, to: &str, language: Language, subject: LetterSubject) {
        if let Some(way) = self.way.get() {
            way.take(Letter { to: to.to_owned(), language, subject });
        }
    }

    /// To somebody who is known here, in their own language.
    pub(crate) async fn send_to(&self, user: UserId, subject: LetterSubject) -> Result<(), StoreError> {
        let Some(known) = self.store.find_user(user).await? else { return Ok(()) };
        let profile = self.store.find_profile(user).await?.unwrap_or_default();
        self.send(&known.email, profile.language, subject);
        Ok(())
    }
}
