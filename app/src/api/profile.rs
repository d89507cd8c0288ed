//! How somebody is called and written to, and their password.

use crate::api::json::Json;
use crate::api::{JoinFault, SecurityFault};
use domain::{Countable, Language, PlanTerm, ProfileError, Units};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// What the page of one's own profile shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnProfile {
    pub email: String,
    pub is_email_verified: bool,
    pub name: String,
    pub language: Language,
    /// By its IANA name; `None` for the browser's own.
    pub time_zone: Option<String>,
    /// Those to choose from.
    pub zones: Vec<String>,
    pub sends_mail: bool,
    pub plan: PlanTerm,
    /// How much of what plans count the reader has.
    pub used: Vec<(Countable, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ProfileFault {
    #[error(transparent)]
    Who(SecurityFault),
    #[error(transparent)]
    Invalid(ProfileError),
}

impl FromServerFnError for ProfileFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> ProfileFault {
        ProfileFault::Who(SecurityFault::Unreachable)
    }
}

#[server(endpoint = "find_profile", protocol = Json)]
pub async fn find_profile() -> Result<OwnProfile, ProfileFault> {
    let (services, _, caller) = super::security::asking().await?;
    let plan = services.people.find_own_plan(&caller).await.map_err(super::security::unavailable)?;
    let profile = services.profiles.find(&caller).await.map_err(super::security::unavailable)?;
    let service::KnownProfile { email, is_email_verified, profile } = profile.ok_or(SecurityFault::SignedOut)?;
    let sends_mail = services.post.is_there();
    let domain::Profile { name, language, time_zone } = profile;
    let zones = service::zone::names().into_iter().map(str::to_owned).collect();
    let service::OwnPlan { term: plan, used } = plan;
    Ok(OwnProfile { email, is_email_verified, name, language, time_zone, zones, sends_mail, plan, used })
}

#[server(endpoint = "save_profile", protocol = Json)]
pub async fn save_profile(
    name: String,
    language: Language,
    #[server(default)] time_zone: Option<String>,
) -> Result<(), ProfileFault> {
    let (services, _, caller) = super::security::asking().await?;
    Ok(services.profiles.save(&caller, domain::Profile { name, language, time_zone }).await?)
}

/// In what money is shown first, on every device of the reader's.
#[server(endpoint = "save_units", protocol = Json)]
pub async fn save_units(units: Units) -> Result<(), ProfileFault> {
    let (services, _, caller) = super::security::asking().await?;
    let saved = services.profiles.save_units(&caller, units).await;
    Ok(saved.map_err(super::security::unavailable)?)
}

/// Sends a letter with a link that shows that the reader's address is theirs.
#[server(endpoint = "ask_to_verify", protocol = Json)]
pub async fn ask_to_verify() -> Result<(), JoinFault> {
    let caller = crate::session::accountable().await.ok_or(JoinFault::SignedOut)?;
    let joining = expect_context::<service::Services>().joining;
    Ok(joining.ask_to_verify(&caller).await?)
}

/// A new password in place of the old; every other session, every token and every program of the reader ends.
#[server(endpoint = "change_password", protocol = Json)]
pub async fn change_password(old: String, new: String) -> Result<(), JoinFault> {
    let caller = crate::session::accountable().await.ok_or(JoinFault::SignedOut)?;
    let session = crate::session::current().await.ok_or(JoinFault::Unavailable)?;
    let joining = expect_context::<service::Services>().joining;
    Ok(joining.change_password(&caller, &old, &new, &crate::session::name(&session)).await?)
}

/// The language of the page that asks.
#[cfg(feature = "ssr")]
pub(super) fn spoken() -> Language {
    match crate::language::chosen() {
        crate::i18n::Locale::en => Language::English,
        crate::i18n::Locale::pt_BR => Language::Portuguese,
    }
}

impl From<SecurityFault> for ProfileFault {
    fn from(fault: SecurityFault) -> ProfileFault {
        ProfileFault::Who(fault)
    }
}

#[cfg(feature = "ssr")]
impl From<service::ProfilesError> for ProfileFault {
    fn from(error: service::ProfilesError) -> ProfileFault {
        match error {
            service::ProfilesError::Invalid(error) => {
                crate::session::answer_with(http::StatusCode::UNPROCESSABLE_ENTITY);
                ProfileFault::Invalid(error)
            }
            service::ProfilesError::Store(error) => ProfileFault::Who(super::security::unavailable(error)),
        }
    }
}
