//! Money out of the account, which no automation can send.

use super::LnMarketsAccount;
use crate::rest::{Body, Request};
use crate::wire::{AcceptedWithdrawal, AcceptedWithdrawalWire};
use domain::{Millis, Sats, Timestamp};
use exchange::{Outcome, Priority, Rejection};

/// A consent is spent soon or never.
const LIFE: Millis = Millis::from_secs(120);
/// How much of an invoice a person copies to show that it is the one that is meant.
const COPIED_CHARS: usize = 6;

/// A payment that a person has been shown.
#[derive(Debug)]
pub struct Withdrawal {
    invoice: String,
    amount: Sats,
    shown_at: Timestamp,
}

/// A person's consent to one withdrawal.
///
/// It is made only from what the person typed off the screen that showed the withdrawal; it can't be copied, stored or
/// made from data, is good for one payment, and goes stale within two minutes.
///
/// ```compile_fail
/// let consent: lnmarkets::Consent = serde_json::from_str("{}").unwrap();
/// ```
/// ```compile_fail
/// fn twice(consent: lnmarkets::Consent) -> [lnmarkets::Consent; 2] {
///     [consent.clone(), consent]
/// }
/// ```
/// ```compile_fail
/// let consent = lnmarkets::Consent { withdrawal: todo!() };
/// ```
#[derive(Debug)]
#[must_use]
pub struct Consent {
    withdrawal: Withdrawal,
}

/// Why a person's words are no consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    #[error("the amount that was typed is not the amount of the payment")]
    Amount,
    #[error("the invoice's last characters were not typed")]
    Invoice,
    #[error("the payment was shown too long ago; look at it again")]
    Stale,
}

impl Withdrawal {
    /// What is about to be shown to a person. `amount` is the invoice's own.
    pub fn shown(invoice: &str, amount: Sats, now: Timestamp) -> Withdrawal {
        Withdrawal { invoice: invoice.trim().to_owned(), amount, shown_at: now }
    }

    /// What the person has to copy.
    pub fn invoice_end(&self) -> &str {
        let skipped = self.invoice.chars().count().saturating_sub(COPIED_CHARS);
        self.invoice.char_indices().nth(skipped).map_or("", |(at, _)| self.invoice.get(at..).unwrap_or(""))
    }

    /// The person has typed the amount in sats and the end of the invoice.
    pub fn consent(self, typed_amount: &str, typed_end: &str, now: Timestamp) -> Result<Consent, ConsentError> {
        if now.since(self.shown_at) > LIFE {
            return Err(ConsentError::Stale);
        }
        if !self.amount.is_positive() || typed_amount.trim() != self.amount.to_string() {
            return Err(ConsentError::Amount);
        }
        if self.invoice_end().is_empty() || typed_end.trim() != self.invoice_end() {
            return Err(ConsentError::Invoice);
        }
        Ok(Consent { withdrawal: self })
    }
}

impl LnMarketsAccount {
    /// Pays an invoice out of the account. Done only where the venue takes on the very amount that was consented to.
    pub async fn withdraw(&self, consent: Consent) -> Outcome<AcceptedWithdrawal> {
        let Withdrawal { invoice, amount, shown_at } = consent.withdrawal;
        if self.session.clock.wall().since(shown_at) > LIFE {
            let message = ConsentError::Stale.to_string();
            return Outcome::Rejected(Rejection { status: 0, code: "NOT_SENT".to_owned(), message });
        }
        let request = Request::post("/account/withdraw/lightning", Body::new().with("invoice", invoice));
        let is_it = |accepted: &AcceptedWithdrawal| accepted.amount == amount;
        let proves = |accepted: AcceptedWithdrawalWire| Some(accepted.accepted()).filter(is_it);
        self.change(request, Priority::Interface, proves).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_ms(1_000_000);

    fn typed(amount: &str, end: &str, seconds: i64) -> Result<(), ConsentError> {
        let shown = Withdrawal::shown("lnbc10n1pjabcdefgh", Sats::new(1_000), NOW);
        shown.consent(amount, end, NOW.plus(Millis::from_secs(seconds))).map(drop)
    }

    #[test]
    fn only_what_a_person_read_off_the_screen_is_a_consent() {
        assert_eq!(typed("1000", " cdefgh ", 5), Ok(()));
        assert_eq!(typed("100", "cdefgh", 5), Err(ConsentError::Amount));
        assert_eq!(typed("1e3", "cdefgh", 5), Err(ConsentError::Amount));
        assert_eq!(typed("1000", "abcdef", 5), Err(ConsentError::Invoice));
        assert_eq!(typed("1000", "", 5), Err(ConsentError::Invoice));
        assert_eq!(typed("1000", "cdefgh", 121), Err(ConsentError::Stale));
        let nothing = Withdrawal::shown("", Sats::ZERO, NOW);
        assert!(nothing.consent("0", "", NOW).is_err());
    }
}
