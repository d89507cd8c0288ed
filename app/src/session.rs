//! Who is signed in, as the browser's session knows.

use domain::{Millis, Role, Timestamp, Units, UserId};
use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use service::sessions::{SEEN_KEY, WHEREABOUTS_KEY, Whereabouts, stored_name};
use service::{Caller, Origin};
use tower_sessions::Session;
use tower_sessions::session::Error;

/// The key under which a session holds its user.
pub const USER_KEY: &str = "user";
/// When its user last showed who they are, by password and code.
const CONFIRMED_KEY: &str = "confirmed_at";
/// Who gave the right password and owes a code, and since when.
const WAITING_KEY: &str = "waiting_for_code";
/// The first half of a passkey's ceremony.
const CEREMONY_KEY: &str = "ceremony";
/// How long a code may be owed.
const WAITING_LIFE: Millis = Millis::new(5 * 60_000);

/// The user of a session; `None` where nobody is signed in or the session has ended.
pub async fn user_id(session: &Session) -> Option<UserId> {
    session.get(USER_KEY).await.ok().flatten()
}

/// Signs in. The session gets a fresh id, so that one which was planted before is worth nothing.
pub async fn welcome(session: &Session, user: UserId, origin: &Origin, now: Timestamp) -> Result<(), Error> {
    session.cycle_id().await?;
    session.remove_value(WAITING_KEY).await?;
    session.insert(USER_KEY, user).await?;
    session.insert(CONFIRMED_KEY, now).await?;
    session.insert(SEEN_KEY, now).await?;
    let address = origin.address().map(|address| address.to_string()).unwrap_or_default();
    let whereabouts = Whereabouts { signed_in_at: now, address, agent: origin.agent().to_owned() };
    session.insert(WHEREABOUTS_KEY, whereabouts).await
}

/// Remembers who gave the right password; nothing is open to them yet.
pub(crate) async fn await_code(session: &Session, user: UserId, now: Timestamp) -> Result<(), Error> {
    session.cycle_id().await?;
    session.remove_value(USER_KEY).await?;
    session.insert(WAITING_KEY, (user, now)).await
}

/// Who owes a code.
pub(crate) async fn waiting(session: &Session, now: Timestamp) -> Option<UserId> {
    let (user, since): (UserId, Timestamp) = session.get(WAITING_KEY).await.ok().flatten()?;
    (now.since(since) < WAITING_LIFE).then_some(user)
}

/// Remembers the first half of a ceremony, in place of any before it.
pub(crate) async fn keep_ceremony(session: &Session, ceremony: &service::Ceremony) -> Result<(), Error> {
    session.insert(CEREMONY_KEY, ceremony).await
}

/// Takes it out: it is good for one answer.
pub(crate) async fn take_ceremony(session: &Session) -> Option<service::Ceremony> {
    session.remove(CEREMONY_KEY).await.ok().flatten()
}

pub(crate) async fn confirm(session: &Session, now: Timestamp) -> Result<(), Error> {
    session.insert(CONFIRMED_KEY, now).await
}

pub(crate) async fn confirmed_at(session: &Session) -> Option<Timestamp> {
    session.get(CONFIRMED_KEY).await.ok().flatten()
}

/// Who asks, as the request found them at the door: signed in, known here and not suspended. It is looked up once a
/// request, whatever a page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub user: UserId,
    pub role: Role,
    /// By its IANA name; `None` where they have not chosen, as below.
    pub time_zone: Option<String>,
    pub units: Option<Units>,
}

/// The user whose request is being answered; where there is none, the answer's status says so.
pub(crate) async fn caller() -> Option<UserId> {
    let user = known().map(|known| known.user);
    if user.is_none() {
        answer_with(StatusCode::UNAUTHORIZED);
    }
    user
}

pub(crate) fn known() -> Option<Known> {
    use_context::<http::request::Parts>()?.extensions.get().cloned()
}

/// Gives the answer a status: a refusal is no fault of the program.
pub(crate) fn answer_with(status: StatusCode) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status);
    }
}

/// The session of the request that is being answered.
pub(crate) async fn current() -> Option<Session> {
    leptos_axum::extract::<Session>().await.ok()
}

/// The name under which a session is stored.
pub(crate) fn name(session: &Session) -> String {
    session.id().map(|id| stored_name(id.0)).unwrap_or_default()
}

/// Who asks, and from where, for what the audit must hold.
pub(crate) async fn accountable() -> Option<Caller> {
    let origin = origin();
    Some(Caller { user: caller().await?, origin })
}

/// From where the request that is being answered comes.
pub(crate) fn origin() -> Origin {
    let parts = use_context::<http::request::Parts>();
    parts.and_then(|parts| parts.extensions.get::<Origin>().cloned()).unwrap_or_else(|| Origin::web(None, ""))
}
