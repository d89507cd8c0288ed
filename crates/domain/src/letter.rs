//! What the server has to tell one person in private.

use crate::{Language, Role};
use std::fmt;

/// One letter to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// An e-mail address in its normal form.
    pub to: String,
    pub language: Language,
    pub subject: LetterSubject,
}

/// What it is about; a link opens a door once and must not be shown to anybody else.
#[derive(Clone, PartialEq, Eq)]
pub enum LetterSubject {
    Invitation {
        link: String,
        role: Role,
    },
    /// Finishes a registration.
    Registration {
        link: String,
    },
    /// Somebody wanted to register with an address that is known already.
    AlreadyKnown {
        link: String,
    },
    Reset {
        link: String,
    },
    Verification {
        link: String,
    },
    /// The password was changed, and every session ended.
    PasswordChanged,
    /// An admin took the second factors away.
    FactorsReset,
}

impl LetterSubject {
    /// One word, for a log.
    pub const fn as_str(&self) -> &'static str {
        match self {
            LetterSubject::Invitation { .. } => "invitation",
            LetterSubject::Registration { .. } => "registration",
            LetterSubject::AlreadyKnown { .. } => "already_known",
            LetterSubject::Reset { .. } => "reset",
            LetterSubject::Verification { .. } => "verification",
            LetterSubject::PasswordChanged => "password_changed",
            LetterSubject::FactorsReset => "factors_reset",
        }
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("subject", &self.subject.as_str()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f43_a_letter_shows_neither_its_link_nor_its_reader() {
        let subject = LetterSubject::Reset { link: "https://a.org/reset?token=canary".to_owned() };
        let letter = Letter { to: "ana@example.org".to_owned(), language: Language::English, subject };
        let shown = format!("{letter:?}");
        assert!(shown.contains("reset") && !shown.contains("canary") && !shown.contains("ana"), "{shown}");
    }
}
