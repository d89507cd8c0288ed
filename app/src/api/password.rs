//! Why a new password was not taken.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PasswordFault {
    #[error("the password is too short")]
    TooShort,
    #[error("the password is too long")]
    TooLong,
    #[error("the password is one of the most common")]
    Common,
    #[error("the password is too easy to guess")]
    Weak,
    #[error("the password was in a breach")]
    Breached,
    #[error("passwords cannot be checked now")]
    Unchecked,
}

#[cfg(feature = "ssr")]
impl PasswordFault {
    pub(super) fn told(error: service::PasswordError) -> (http::StatusCode, PasswordFault) {
        use http::StatusCode;
        use service::PasswordError;
        let fault = match error {
            PasswordError::TooShort => PasswordFault::TooShort,
            PasswordError::TooLong => PasswordFault::TooLong,
            PasswordError::Common => PasswordFault::Common,
            PasswordError::Weak => PasswordFault::Weak,
            PasswordError::Breached => PasswordFault::Breached,
            PasswordError::Unchecked => return (StatusCode::SERVICE_UNAVAILABLE, PasswordFault::Unchecked),
        };
        (StatusCode::UNPROCESSABLE_ENTITY, fault)
    }
}
