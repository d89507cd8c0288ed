//! A person of this server: what they may do, and how they like to be spoken to.

use serde::{Deserialize, Serialize};

/// What somebody may do on this server, whatever accounts they own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees the accounts that others share with them, and changes nothing of them; has none of their own.
    Viewer,
    /// Has accounts, and may act on those that others share with them to act on.
    Operator,
    /// As an operator; and decides who may come in, and stops everything.
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Viewer, Role::Operator, Role::Admin];

    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Operator => "operator",
            Role::Admin => "admin",
        }
    }
}

/// What somebody has to do with an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// It is theirs.
    #[default]
    Owner,
    /// It is shared with them, to act on; who is a viewer only sees it.
    Act,
    /// It is shared with them, to be seen.
    See,
}

impl Access {
    pub const fn as_str(self) -> &'static str {
        match self {
            Access::Owner => "owner",
            Access::Act => "act",
            Access::See => "see",
        }
    }
}

/// Who may make themselves known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Nobody new.
    #[default]
    Closed,
    /// Who has the link of an admin.
    Invitation,
    /// Everybody with an e-mail address; needs a server that sends mail.
    Open,
}

impl Registration {
    pub const fn as_str(self) -> &'static str {
        match self {
            Registration::Closed => "closed",
            Registration::Invitation => "invitation",
            Registration::Open => "open",
        }
    }
}

/// Whether whoever is here must have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorRule {
    /// Who wants one adds it.
    #[default]
    Offered,
    /// Who has none sees nothing before they have added one.
    Demanded,
}

impl FactorRule {
    pub const fn as_str(self) -> &'static str {
        match self {
            FactorRule::Offered => "offered",
            FactorRule::Demanded => "demanded",
        }
    }
}

/// In which language somebody is written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "pt-BR")]
    Portuguese,
}

impl Language {
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Portuguese => "pt-BR",
        }
    }
}

/// In what money is shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    Sats,
    Btc,
    Usd,
}

impl Units {
    pub const fn as_str(self) -> &'static str {
        match self {
            Units::Sats => "sats",
            Units::Btc => "btc",
            Units::Usd => "usd",
        }
    }

    pub fn named(name: &str) -> Option<Units> {
        [Units::Sats, Units::Btc, Units::Usd].into_iter().find(|units| units.as_str() == name)
    }
}

/// How somebody is called and spoken to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// At most [`Profile::LONGEST_NAME`] characters; may be empty.
    pub name: String,
    pub language: Language,
    /// By its IANA name; `None` for the one that their browser is in.
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// What is wrong with a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ProfileError {
    #[error("a name has at most 60 characters, and no control characters")]
    Name,
    #[error("there is no such time zone")]
    TimeZone,
}

impl Profile {
    pub const LONGEST_NAME: usize = 60;

    /// Trims what may be trimmed, and refuses what could mislead a reader or a mail program.
    pub fn check(self) -> Result<Profile, ProfileError> {
        let name = self.name.trim().to_owned();
        if Profile::LONGEST_NAME < name.chars().count() || name.chars().any(is_unfit) {
            return Err(ProfileError::Name);
        }
        Ok(Profile { name, ..self })
    }
}

/// Control characters, and those that turn the direction of what follows or take no room.
fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> Result<Profile, ProfileError> {
        Profile { name: name.to_owned(), ..Profile::default() }.check()
    }

    #[test]
    fn f83_a_name_can_neither_turn_the_text_round_nor_hide_in_it() {
        assert_eq!(profile(" Ana Lúcia ").unwrap().name, "Ana Lúcia");
        assert!(profile("").is_ok());
        for name in ["a\u{202e}b", "a\u{200b}b", "a\0b", "a\r\nBcc: x@example.org", &"ã".repeat(61)] {
            assert_eq!(profile(name), Err(ProfileError::Name), "{name:?}");
        }
    }
}
