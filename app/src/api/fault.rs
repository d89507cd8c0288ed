//! Why a page could not be told what it asked.

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Split by what the page does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ReadFault {
    /// Sign in again.
    #[error("nobody is signed in")]
    SignedOut,
    /// There is no such account, or it is someone else's.
    #[error("there is no such account")]
    NotFound,
    /// It is there, and not for the reader to do this with.
    #[error("this is not allowed")]
    Forbidden,
    /// Try again later.
    #[error("this cannot be read now")]
    Unavailable,
    /// The exchange did not answer; try again later.
    #[error("the exchange did not answer")]
    Exchange,
    /// The program itself did not answer.
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for ReadFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> ReadFault {
        ReadFault::Unreachable
    }
}

#[cfg(feature = "ssr")]
impl From<service::DeskError> for ReadFault {
    fn from(error: service::DeskError) -> ReadFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::DeskError::NotFound => (StatusCode::NOT_FOUND, ReadFault::NotFound),
            service::DeskError::Forbidden => (StatusCode::FORBIDDEN, ReadFault::Forbidden),
            service::DeskError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, ReadFault::Unavailable),
            service::DeskError::Exchange(error) => {
                tracing::warn!(%error, "the exchange did not answer a page");
                (StatusCode::BAD_GATEWAY, ReadFault::Exchange)
            }
            service::DeskError::Store(error) => {
                tracing::error!(%error, "the database did not answer a page");
                (StatusCode::SERVICE_UNAVAILABLE, ReadFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}
