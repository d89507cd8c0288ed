//! Names of things, each of its own type.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn from_uuid(id: Uuid) -> $name {
                $name(id)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<$name, uuid::Error> {
                text.parse().map($name)
            }
        }
    };
}

id!(
    /// A person who signs in.
    UserId
);
id!(
    /// One set of keys at the exchange, or one paper wallet.
    AccountId
);
id!(
    /// A trade's id, as the exchange gave it.
    PositionId
);
id!(
    /// A margin guard; its versions share it.
    GuardId
);
id!(
    /// One entry of the intent journal.
    ActionId
);
id!(
    /// One running program, from its start to its end.
    InstanceId
);
id!(
    /// A plan that an admin granted; the page that asked for it made the name, so that it is granted once.
    PlanGrantId
);
id!(
    /// A token that a person made for a program.
    ApiTokenId
);
id!(
    /// A program that signed in: the refresh tokens that followed one another since.
    TokenFamilyId
);
id!(
    /// One passkey of a person.
    PasskeyId
);

/// A time-ordered id (UUID version 7) from a time and ten random bytes.
pub fn time_ordered(now: crate::Timestamp, random: [u8; 10]) -> Uuid {
    let ms = u64::try_from(now.unix_ms()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
}
