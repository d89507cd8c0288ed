//! What the audit records: deeds of people and of the program that somebody may have to answer for.

use serde::{Deserialize, Serialize};

/// One kind of deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// The first user was made through the set-up link.
    SetUp,
    SignedIn,
    /// Wrong e-mail, password or code.
    SignInFailed,
    /// Too many failures: further attempts wait.
    SignInLocked,
    /// The session was confirmed anew, before something that needs it.
    SteppedUp,
    SessionEnded,
    /// Every other session of a person was ended at once.
    SessionsEnded,
    AccountAdded,
    AccountRemoved,
    /// An account got another key to its exchange.
    KeyReplaced,
    GuardSaved,
    /// Every secret was put under a new master key.
    KeysRotated,
    AuthenticatorAdded,
    AuthenticatorRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    StopPulled,
    StopReleased,
    BreakerRearmed,
    /// Somebody said what became of a frozen action, so that its position is guarded again.
    PositionThawed,
    /// A token for a program was made.
    TokenMade,
    TokenRevoked,
    /// A code was made by which a program may sign in.
    SignInCodeMade,
    /// A program signed in.
    ClientSignedIn,
    ClientEnded,
    /// A spent refresh token came again: somebody else has it.
    RefreshTokenReused,
    PasskeyAdded,
    PasskeyRemoved,
    /// Somebody was given a link to make themselves known with.
    PersonInvited,
    /// Somebody came in by a link and is known from now on.
    PersonJoined,
    RoleChanged,
    PersonSuspended,
    PersonRestored,
    /// An admin took away somebody's second factors.
    FactorsReset,
    /// An admin ended every session of somebody.
    PersonSignedOut,
    /// An admin made a link by which somebody sets a new password.
    ResetLinkMade,
    /// Somebody asked for a link by which the password of a known address is set anew.
    ResetAsked,
    PasswordChanged,
    EmailVerified,
    ProfileChanged,
    /// Who may make themselves known was changed.
    RegistrationChanged,
    /// Whether everybody must have a second factor was changed.
    FactorRuleChanged,
    AccountShared,
    AccountUnshared,
    /// An admin granted somebody a plan.
    PlanGranted,
    /// The plan of whoever comes from now on was changed.
    PlanForNewChanged,
}

impl AuditAction {
    pub const fn as_str(self) -> &'static str {
        match self {
            AuditAction::SetUp => "set_up",
            AuditAction::SignedIn => "signed_in",
            AuditAction::SignInFailed => "sign_in_failed",
            AuditAction::SignInLocked => "sign_in_locked",
            AuditAction::SteppedUp => "stepped_up",
            AuditAction::SessionEnded => "session_ended",
            AuditAction::SessionsEnded => "sessions_ended",
            AuditAction::AccountAdded => "account_added",
            AuditAction::AccountRemoved => "account_removed",
            AuditAction::KeyReplaced => "key_replaced",
            AuditAction::GuardSaved => "guard_saved",
            AuditAction::KeysRotated => "keys_rotated",
            AuditAction::AuthenticatorAdded => "authenticator_added",
            AuditAction::AuthenticatorRemoved => "authenticator_removed",
            AuditAction::RecoveryCodesMade => "recovery_codes_made",
            AuditAction::RecoveryCodeUsed => "recovery_code_used",
            AuditAction::StopPulled => "stop_pulled",
            AuditAction::StopReleased => "stop_released",
            AuditAction::BreakerRearmed => "breaker_rearmed",
            AuditAction::PositionThawed => "position_thawed",
            AuditAction::TokenMade => "token_made",
            AuditAction::TokenRevoked => "token_revoked",
            AuditAction::SignInCodeMade => "sign_in_code_made",
            AuditAction::ClientSignedIn => "client_signed_in",
            AuditAction::ClientEnded => "client_ended",
            AuditAction::RefreshTokenReused => "refresh_token_reused",
            AuditAction::PasskeyAdded => "passkey_added",
            AuditAction::PasskeyRemoved => "passkey_removed",
            AuditAction::PersonInvited => "person_invited",
            AuditAction::PersonJoined => "person_joined",
            AuditAction::RoleChanged => "role_changed",
            AuditAction::PersonSuspended => "person_suspended",
            AuditAction::PersonRestored => "person_restored",
            AuditAction::FactorsReset => "factors_reset",
            AuditAction::PersonSignedOut => "person_signed_out",
            AuditAction::ResetLinkMade => "reset_link_made",
            AuditAction::ResetAsked => "reset_asked",
            AuditAction::PasswordChanged => "password_changed",
            AuditAction::EmailVerified => "email_verified",
            AuditAction::ProfileChanged => "profile_changed",
            AuditAction::RegistrationChanged => "registration_changed",
            AuditAction::FactorRuleChanged => "factor_rule_changed",
            AuditAction::AccountShared => "account_shared",
            AuditAction::AccountUnshared => "account_unshared",
            AuditAction::PlanGranted => "plan_granted",
            AuditAction::PlanForNewChanged => "plan_for_new_changed",
        }
    }
}
