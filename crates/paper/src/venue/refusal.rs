//! How the venue says no.

use domain::Overflow;
use engine::contract::ChangeError;
use exchange::Rejection;

pub(super) fn bad_request(message: impl Into<String>) -> Rejection {
    Rejection { status: 400, code: "BAD_REQUEST".to_owned(), message: message.into() }
}

pub(super) fn not_yet() -> Rejection {
    let message = "Trading engine is temporarily unavailable".to_owned();
    Rejection { status: 503, code: "SERVICE_UNAVAILABLE".to_owned(), message }
}

pub(super) fn unknown_account() -> Rejection {
    Rejection { status: 401, code: "UNAUTHORIZED".to_owned(), message: "Account does not exist".to_owned() }
}

pub(super) fn too_large(_: Overflow) -> Rejection {
    bad_request("Amount is too large")
}

pub(super) fn insufficient_balance() -> Rejection {
    bad_request("Insufficient balance")
}

pub(super) fn add_margin(error: ChangeError) -> Rejection {
    match error {
        ChangeError::NotPositive => bad_request("Amount must be positive"),
        ChangeError::BelowOneX { most } => bad_request(format!("Margin can be raised by at most {most} sats")),
        ChangeError::AboveHundredX => bad_request("Leverage would be above 100"),
    }
}

pub(super) fn cash_in(error: ChangeError) -> Rejection {
    match error {
        ChangeError::AboveHundredX => bad_request("Not enough profit and margin to cash in"),
        other => add_margin(other),
    }
}
