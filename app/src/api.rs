//! Server functions: all that a page may ask of the program. Each begins by asking who calls.

mod accounts;
mod audit;
mod brakes;
mod design;
mod desk;
mod fault;
mod guard;
mod identity;
mod json;
mod orders;
mod passkeys;
mod replay;
mod security;
mod sources;
mod tokens;
mod why;

pub use accounts::{
    AccountFault, EntrustedAccount, KeyScopes, KeyStanding, TypedKey, add_account, list_accounts, remove_account,
    replace_key, test_key,
};
pub use audit::{AuditEntry, AuditPart, find_audit};
pub use brakes::{find_brakes, pull_stop, rearm_breaker, release_stop};
#[cfg(feature = "ssr")]
pub use design::DesignShown;
pub use design::shows_design;
#[cfg(feature = "hydrate")]
pub use desk::candles;
pub use desk::{ActivityQuery, Overview, activity, overview};
pub use fault::ReadFault;
pub use guard::{GuardHistory, SaveGuardFault, find_guard, save_guard};
pub use identity::{EnterCode, SetUp, SetUpFault, SignIn, SignInFault, SignOut, is_setup_open};
#[cfg(feature = "hydrate")]
pub use orders::find_fate;
pub use orders::{OrderFault, carry_out};
pub use passkeys::{
    OwnPasskey, PasskeyFault, PasskeyUse, ask_passkey, begin_passkey, finish_passkey, has_passkey, remove_passkey,
    show_passkey,
};
pub use replay::{ReplayFault, replay};
pub use security::{
    NewAuthenticator, OpenSession, Security, SecurityFault, asks_code, begin_authenticator, end_other_sessions,
    end_session, find_security, finish_authenticator, remove_authenticator, renew_recovery_codes, step_up,
};
pub use sources::sources;
pub use tokens::{Client, Programs, Token, TokenFault, end_client, find_tokens, make_token, revoke_token};
pub use why::why;
