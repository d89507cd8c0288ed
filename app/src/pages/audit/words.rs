//! What the audit's stable words mean.

use crate::i18n::{Locale, td_string};

/// The actions that a person may filter by.
pub const ACTIONS: [&str; 42] = [
    "set_up",
    "signed_in",
    "sign_in_failed",
    "sign_in_locked",
    "stepped_up",
    "session_ended",
    "sessions_ended",
    "account_added",
    "guard_saved",
    "keys_rotated",
    "authenticator_added",
    "authenticator_removed",
    "recovery_codes_made",
    "recovery_code_used",
    "stop_pulled",
    "stop_released",
    "breaker_rearmed",
    "position_thawed",
    "token_made",
    "token_revoked",
    "sign_in_code_made",
    "client_signed_in",
    "client_ended",
    "refresh_token_reused",
    "passkey_added",
    "passkey_removed",
    "person_invited",
    "person_joined",
    "role_changed",
    "person_suspended",
    "person_restored",
    "factors_reset",
    "person_signed_out",
    "reset_link_made",
    "reset_asked",
    "password_changed",
    "email_verified",
    "profile_changed",
    "registration_changed",
    "factor_rule_changed",
    "account_shared",
    "account_unshared",
];

/// A word that has no text here is shown as it is.
pub fn action_name(locale: Locale, word: &str) -> &str {
    match word {
        "set_up" => td_string!(locale, audit.set_up),
        "signed_in" => td_string!(locale, audit.signed_in),
        "sign_in_failed" => td_string!(locale, audit.sign_in_failed),
        "sign_in_locked" => td_string!(locale, audit.sign_in_locked),
        "stepped_up" => td_string!(locale, audit.stepped_up),
        "session_ended" => td_string!(locale, audit.session_ended),
        "sessions_ended" => td_string!(locale, audit.sessions_ended),
        "account_added" => td_string!(locale, audit.account_added),
        "guard_saved" => td_string!(locale, audit.guard_saved),
        "keys_rotated" => td_string!(locale, audit.keys_rotated),
        "authenticator_added" => td_string!(locale, audit.authenticator_added),
        "authenticator_removed" => td_string!(locale, audit.authenticator_removed),
        "recovery_codes_made" => td_string!(locale, audit.recovery_codes_made),
        "recovery_code_used" => td_string!(locale, audit.recovery_code_used),
        "stop_pulled" => td_string!(locale, audit.stop_pulled),
        "stop_released" => td_string!(locale, audit.stop_released),
        "breaker_rearmed" => td_string!(locale, audit.breaker_rearmed),
        "position_thawed" => td_string!(locale, audit.position_thawed),
        "token_made" => td_string!(locale, audit.token_made),
        "token_revoked" => td_string!(locale, audit.token_revoked),
        "sign_in_code_made" => td_string!(locale, audit.sign_in_code_made),
        "client_signed_in" => td_string!(locale, audit.client_signed_in),
        "client_ended" => td_string!(locale, audit.client_ended),
        "refresh_token_reused" => td_string!(locale, audit.refresh_token_reused),
        "passkey_added" => td_string!(locale, audit.passkey_added),
        "passkey_removed" => td_string!(locale, audit.passkey_removed),
        "person_invited" => td_string!(locale, audit.person_invited),
        "person_joined" => td_string!(locale, audit.person_joined),
        "role_changed" => td_string!(locale, audit.role_changed),
        "person_suspended" => td_string!(locale, audit.person_suspended),
        "person_restored" => td_string!(locale, audit.person_restored),
        "factors_reset" => td_string!(locale, audit.factors_reset),
        "person_signed_out" => td_string!(locale, audit.person_signed_out),
        "reset_link_made" => td_string!(locale, audit.reset_link_made),
        "reset_asked" => td_string!(locale, audit.reset_asked),
        "password_changed" => td_string!(locale, audit.password_changed),
        "email_verified" => td_string!(locale, audit.email_verified),
        "profile_changed" => td_string!(locale, audit.profile_changed),
        "factor_rule_changed" => td_string!(locale, audit.factor_rule_changed),
        "registration_changed" => td_string!(locale, audit.registration_changed),
        "account_shared" => td_string!(locale, audit.account_shared),
        "account_unshared" => td_string!(locale, audit.account_unshared),
        "plan_granted" => td_string!(locale, audit.plan_granted),
        "plan_for_new_changed" => td_string!(locale, audit.plan_for_new_changed),
        other => other,
    }
}

pub fn before(locale: Locale) -> &'static str {
    td_string!(locale, audit.before)
}

pub fn after(locale: Locale) -> &'static str {
    td_string!(locale, audit.after)
}
