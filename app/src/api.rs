//! Server functions: all that a page may ask of the program. Each begins by asking who calls.

mod accounts;
mod audit;
mod brakes;
mod design;
mod desk;
mod fault;
mod guard;
mod identity;
mod joining;
mod json;
mod orders;
mod passkeys;
mod password;
mod people;
mod profile;
mod replay;
mod security;
mod sharing;
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
pub use joining::{
    Join, JoinFault, Offer, ResetPassword, ask_to_register, ask_to_reset, find_doors, find_offer, is_reset_open,
    verify_email,
};
#[cfg(feature = "hydrate")]
pub use orders::find_fate;
pub use orders::{OrderFault, carry_out};
pub use passkeys::{
    OwnPasskey, PasskeyFault, PasskeyUse, ask_passkey, begin_passkey, finish_passkey, has_passkey, remove_passkey,
    show_passkey,
};
pub use password::PasswordFault;
pub use people::{
    Everybody, PeopleFault, Somebody, Ticket, change_role, find_people, grant_plan, invite, make_reset_link,
    reset_factors, restore_person, set_factor_rule, set_plan_for_new, set_registration, sign_out_person,
    suspend_person,
};
pub use profile::{OwnProfile, ProfileFault, ask_to_verify, change_password, find_profile, save_profile, save_units};
pub use replay::{ReplayFault, replay};
pub use security::{
    NewAuthenticator, OpenSession, Security, SecurityFault, asks_code, begin_authenticator, end_other_sessions,
    end_session, find_security, finish_authenticator, remove_authenticator, renew_recovery_codes, step_up,
};
pub use sharing::{SharedAccount, SharedWith, find_sharing, share_account, unshare_account};
pub use sources::sources;
pub use tokens::{
    Client, Programs, Token, TokenFault, end_client, find_tokens, make_sign_in_code, make_token, revoke_token,
};
pub use why::why;
