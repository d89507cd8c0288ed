//! How people come, are changed and go: by the real router, as pages ask.

use super::stage::{PASSWORD, Setting, Stage, call, cookie, is_redirect_to, sign_in, text};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::letter::{Letter, LetterSubject};
use domain::{ApiScope, ApiScopes, Registration, Role};
use serde_json::{Value, json};
use service::{Caller, Origin, Postman};
use std::sync::{Arc, Mutex};

pub const OTHER_PASSWORD: &str = "an elephant counts its leaves";

/// Keeps letters instead of sending them.
#[derive(Default)]
struct Mailbox(Mutex<Vec<Letter>>);

impl Postman for Mailbox {
    fn take(&self, letter: Letter) {
        self.0.lock().unwrap().push(letter);
    }
}

impl Mailbox {
    fn at(stage: &Stage) -> Arc<Mailbox> {
        let mailbox = Arc::new(Mailbox::default());
        stage.services.post.links_begin_with("https://axisor.example");
        stage.services.post.goes_by(mailbox.clone());
        mailbox
    }

    /// What came, as far as a reader without the links can tell.
    fn told(&self) -> Vec<(String, &'static str)> {
        self.0.lock().unwrap().iter().map(|letter| (letter.to.clone(), letter.subject.as_str())).collect()
    }

    fn newest_token(&self) -> String {
        let letters = self.0.lock().unwrap();
        let link = letters.iter().rev().find_map(|letter| match &letter.subject {
            LetterSubject::Invitation { link, .. }
            | LetterSubject::Registration { link }
            | LetterSubject::Reset { link }
            | LetterSubject::Verification { link } => Some(link.clone()),
            _ => None,
        });
        token_of(&link.unwrap())
    }
}

fn token_of(link: &str) -> String {
    link.split_once("token=").unwrap().1.to_owned()
}

/// A form as a browser without wasm sends it.
fn form(function: &str, session: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", value.replace('@', "%40"))).collect();
    Request::post(format!("/api/{function}"))
        .header(header::HOST, "127.0.0.1:13010")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .header(header::COOKIE, session)
        .body(Body::from(fields.join("&").replace(' ', "+")))
        .unwrap()
}

/// The answer's session, or the fault.
pub async fn join(stage: &Stage, token: &str, email: &str) -> Result<String, String> {
    let fields = [("token", token), ("email", email), ("password", OTHER_PASSWORD)];
    let answer = stage.ask(form("join", "", &fields)).await;
    match cookie(&answer) {
        Some(session) => Ok(session),
        None => Err(text(answer).await),
    }
}

async fn confirm(stage: &Stage, session: &str) {
    let (status, said) = call(stage, "step_up", session, json!({ "password": PASSWORD, "code": "" })).await;
    assert_eq!(status, StatusCode::OK, "{said}");
}

async fn newest_deed(stage: &Stage) -> (String, String) {
    let newest = stage.store.find_newest_audit().await.unwrap().unwrap();
    (newest.action, newest.after.unwrap_or_default())
}

/// An invitation that is shown; it is for whoever has it.
pub async fn invited(stage: &Stage, admin: &str, role: &str) -> String {
    let (status, ticket) = call(stage, "invite", admin, json!({ "role": role, "email": null })).await;
    assert_eq!(status, StatusCode::OK, "{ticket}");
    token_of(ticket["Shown"].as_str().unwrap())
}

async fn works_by_invitation(stage: &Stage) {
    let admin = stage.sign_in().await;
    let (status, fault) = call(stage, "invite", &admin, json!({ "role": "viewer", "email": null })).await;
    assert_eq!((status, fault), (StatusCode::CONFLICT, json!("RegistrationClosed")));
    let wanted = json!({ "registration": "invitation" });
    assert_eq!(call(stage, "set_registration", &admin, wanted).await.0, StatusCode::OK);
    assert_eq!(newest_deed(stage).await, ("registration_changed".to_owned(), "\"invitation\"".to_owned()));
    let token = invited(stage, &admin, "viewer").await;
    let (_, offer) = call(stage, "find_offer", "", json!({ "token": token })).await;
    assert_eq!(offer, json!({ "email": null }));
    let vera = join(stage, &token, "vera@example.org").await.unwrap();
    let (_, seen) = call(stage, "overview", &vera, json!({ "account": null })).await;
    assert_eq!((seen["role"].clone(), seen["accounts"].clone()), (json!("viewer"), json!([])));
    let again = join(stage, &token, "mallory@example.org").await.unwrap_err();
    assert!(again.contains("LinkSpent"), "{again}");
    let page = text(stage.get("/welcome", &vera).await).await;
    assert!(page.contains("nothing-shared"), "a viewer is not asked to make an account");
    let page = text(stage.get("/settings/security", &vera).await).await;
    assert!(page.contains("settings/profile"), "their settings are theirs");
    assert!(!page.contains("settings/people"), "and those of the server are not");
}

#[tokio::test]
async fn f81_a_person_comes_by_an_invitation_once_and_in_its_role_on_sqlite() {
    works_by_invitation(&Stage::set().await).await;
}

#[tokio::test]
async fn f81_a_person_comes_by_an_invitation_once_and_in_its_role_on_postgres() {
    if let Some(stage) = Stage::on_postgres(Setting::default()).await {
        works_by_invitation(&stage).await;
    }
}

#[tokio::test]
async fn f90_what_an_admin_does_to_a_person_takes_a_reason_a_confirmation_and_is_kept() {
    let stage = Stage::set().await;
    let admin = stage.sign_in().await;
    stage.store.save_registration(Registration::Invitation).await.unwrap();
    let token = invited(&stage, &admin, "operator").await;
    join(&stage, &token, "otto@example.org").await.unwrap();
    let otto = stage.store.find_user_by_email("otto@example.org").await.unwrap().unwrap().id;
    let deeds = ["suspend_person", "restore_person", "reset_factors", "sign_out_person", "make_reset_link"];
    for deed in deeds {
        for reason in ["", "  \n", &"x".repeat(201)] {
            let asked = json!({ "user": otto, "reason": reason });
            let (status, fault) = call(&stage, deed, &admin, asked).await;
            assert_eq!((status, fault), (StatusCode::UNPROCESSABLE_ENTITY, json!("NoReason")), "{deed} {reason:?}");
        }
        let (status, said) = call(&stage, deed, &admin, json!({ "user": otto, "reason": "lost the phone" })).await;
        assert_eq!(status, StatusCode::OK, "{deed}: {said}");
        assert!(newest_deed(&stage).await.1.contains("lost the phone"), "{deed}");
    }
    let role = |reason: &str| json!({ "user": otto, "role": "viewer", "reason": reason });
    assert_eq!(call(&stage, "change_role", &admin, role("")).await.1, "NoReason");
    assert_eq!(call(&stage, "change_role", &admin, role("only looks")).await.0, StatusCode::OK);
    assert!(newest_deed(&stage).await.1.contains("only looks"));
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap().id;
    let last = json!({ "user": ana, "role": "viewer", "reason": "x" });
    assert_eq!(call(&stage, "change_role", &admin, last).await, (StatusCode::CONFLICT, json!("LastAdmin")));
    // A confirmation that is too old is none; what only takes away needs none.
    stage.clock.advance(domain::Millis::new(6 * 60_000));
    for deed in ["restore_person", "reset_factors", "make_reset_link"] {
        let asked = json!({ "user": otto, "reason": "x" });
        assert_eq!(call(&stage, deed, &admin, asked).await.1, json!({ "Who": "NotConfirmed" }), "{deed}");
    }
    confirm(&stage, &admin).await;
    let asked = json!({ "user": otto, "reason": "x" });
    assert_eq!(call(&stage, "make_reset_link", &admin, asked).await.0, StatusCode::OK);
}

#[tokio::test]
async fn f71_who_is_suspended_is_out_with_every_token_at_once_and_comes_back_only_by_signing_in() {
    let stage = Stage::set().await;
    let admin = stage.sign_in().await;
    stage.store.save_registration(Registration::Invitation).await.unwrap();
    let token = invited(&stage, &admin, "operator").await;
    let session = join(&stage, &token, "otto@example.org").await.unwrap();
    let otto = stage.store.find_user_by_email("otto@example.org").await.unwrap().unwrap().id;
    let caller = Caller { user: otto, origin: Origin::CommandLine };
    let confirmed = stage.services.confirmed(caller, Some(stage.now())).unwrap();
    let scopes = ApiScopes::NONE.with(ApiScope::Positions);
    let made = stage.services.api_access.make_token(&confirmed, "reader", scopes, 30).await.unwrap();
    let reads = async || stage.services.api_access.admit(&made, ApiScope::Positions).await.is_ok();
    assert!(reads().await);
    let asked = json!({ "user": otto, "reason": "left" });
    assert_eq!(call(&stage, "suspend_person", &admin, asked.clone()).await.0, StatusCode::OK);
    assert!(!reads().await);
    assert_eq!(call(&stage, "accounts", &session, json!({})).await.0, StatusCode::UNAUTHORIZED);
    let answer = stage.ask(sign_in("otto@example.org", OTHER_PASSWORD, "")).await;
    assert!(cookie(&answer).is_none(), "{}", answer.status());
    assert_eq!(call(&stage, "restore_person", &admin, asked).await.0, StatusCode::OK);
    assert!(!reads().await, "what was ended stays ended");
    assert_eq!(call(&stage, "accounts", &session, json!({})).await.0, StatusCode::UNAUTHORIZED);
    assert!(cookie(&stage.ask(sign_in("otto@example.org", OTHER_PASSWORD, "")).await).is_some());
}

#[tokio::test]
async fn f71_a_password_is_set_anew_by_an_admins_link_once_and_ends_every_session() {
    let stage = Stage::set().await;
    let (admin, before) = (stage.sign_in().await, stage.sign_in().await);
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap().id;
    let (_, ticket) = call(&stage, "make_reset_link", &admin, json!({ "user": ana, "reason": "forgot it" })).await;
    let token = token_of(ticket["Shown"].as_str().unwrap());
    assert_eq!(call(&stage, "is_reset_open", "", json!({ "token": token })).await.1, true);
    let weak = stage.ask(form("reset_password", "", &[("token", &token), ("password", "password1234")])).await;
    assert_eq!(weak.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("token", token.as_str()), ("password", OTHER_PASSWORD)];
    let answer = stage.ask(form("reset_password", "", &fields)).await;
    assert!(answer.status().is_success() || is_redirect_to(&answer, "/sign-in"), "{}", answer.status());
    for session in [&admin, &before] {
        assert_eq!(call(&stage, "accounts", session, json!({})).await.0, StatusCode::UNAUTHORIZED);
    }
    assert!(cookie(&stage.ask(sign_in("ana@example.org", PASSWORD, "")).await).is_none(), "the old one is gone");
    assert!(cookie(&stage.ask(sign_in("ana@example.org", OTHER_PASSWORD, "")).await).is_some());
    let again = stage.ask(form("reset_password", "", &fields)).await;
    assert_eq!(again.status(), StatusCode::GONE);
}

#[tokio::test]
async fn f72_a_new_password_by_a_link_still_needs_the_second_factor() {
    let stage = Stage::set().await;
    let admin = stage.sign_in().await;
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap().id;
    let seed = store::Secret { owner: ana, field: "totp_seed".to_owned(), version: 1, sealed: vec![1; 121] };
    let added = store::Authenticator { added_at: stage.now(), last_step: 0 };
    stage.store.add_authenticator(&seed, added, &[]).await.unwrap();
    let asked = json!({ "user": ana, "reason": "forgot it" });
    let (_, ticket) = call(&stage, "make_reset_link", &admin, asked).await;
    let token = token_of(ticket["Shown"].as_str().unwrap());
    stage.ask(form("reset_password", "", &[("token", &token), ("password", OTHER_PASSWORD)])).await;
    let answer = stage.ask(sign_in("ana@example.org", OTHER_PASSWORD, "")).await;
    assert!(is_redirect_to(&answer, "/sign-in/code"), "{}", answer.status());
    let half = cookie(&answer).unwrap();
    assert_eq!(call(&stage, "accounts", &half, json!({})).await.0, StatusCode::UNAUTHORIZED);
    // An admin who takes the factor away is the one way round it; the person is told, and it is kept.
    let mailbox = Mailbox::at(&stage);
    let caller = Caller { user: ana, origin: Origin::CommandLine };
    let confirmed = stage.services.confirmed(caller, Some(stage.now())).unwrap();
    stage.services.people.reset_factors(&confirmed, ana, "lost the phone").await.unwrap();
    assert_eq!(mailbox.told(), [("ana@example.org".to_owned(), "factors_reset")]);
    let answer = stage.ask(sign_in("ana@example.org", OTHER_PASSWORD, "")).await;
    assert!(is_redirect_to(&answer, "/") && !is_redirect_to(&answer, "/sign-in"), "{}", answer.status());
}

#[tokio::test]
async fn f73_whoever_asks_for_a_letter_learns_nothing_about_the_address() {
    let stage = Stage::set().await;
    let unsent = call(&stage, "ask_to_reset", "", json!({ "email": "ana@example.org" })).await;
    assert_eq!(unsent, (StatusCode::CONFLICT, json!("NoMail")), "there is no mail, whoever asks");
    let mailbox = Mailbox::at(&stage);
    stage.store.save_registration(Registration::Open).await.unwrap();
    let mut answers = Vec::new();
    for function in ["ask_to_reset", "ask_to_register"] {
        for email in ["ana@example.org", "nobody@example.org"] {
            answers.push(call(&stage, function, "", json!({ "email": email })).await);
        }
    }
    assert!(answers.iter().all(|answer| *answer == (StatusCode::OK, Value::Null)), "{answers:?}");
    let joining = &stage.services.joining;
    // What depends on the address goes on after the answer: the end of another such letter comes after it.
    for email in ["ana@example.org", "nobody@example.org"] {
        joining.ask_to_reset(email, &Origin::CommandLine).await.unwrap().await.unwrap();
    }
    let mut told = mailbox.told();
    told.sort();
    told.dedup();
    let ana = "ana@example.org".to_owned();
    assert_eq!(
        told,
        [(ana.clone(), "already_known"), (ana, "reset"), ("nobody@example.org".to_owned(), "registration")]
    );
}

#[tokio::test]
async fn a_registration_by_letter_and_an_address_that_is_shown_to_be_ones_own() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::at(&stage);
    let admin = stage.sign_in().await;
    assert_eq!(call(&stage, "set_registration", &admin, json!({ "registration": "open" })).await.0, StatusCode::OK);
    let origin = Origin::CommandLine;
    let asked = stage.services.joining.ask_to_register("new@example.org", domain::Language::Portuguese, &origin);
    asked.await.unwrap().await.unwrap();
    let token = mailbox.newest_token();
    let other = join(&stage, &token, "mallory@example.org").await.unwrap_err();
    assert!(other.contains("LinkSpent"), "only for the address it was sent to: {other}");
    join(&stage, &token, "new@example.org").await.unwrap();
    let new = stage.store.find_user_by_email("new@example.org").await.unwrap().unwrap();
    assert_eq!(stage.store.find_role(new.id).await.unwrap(), Some(Role::Operator));
    let is_verified = async |user| stage.store.find_person(user, stage.now()).await.unwrap().unwrap().is_email_verified;
    assert!(is_verified(new.id).await, "whoever registered has read the letter");
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap().id;
    assert!(!is_verified(ana).await);
    assert_eq!(call(&stage, "ask_to_verify", &admin, json!({})).await.0, StatusCode::OK);
    let token = mailbox.newest_token();
    let opened = stage.get(&format!("/door/verify?token={token}"), "").await;
    assert_eq!(opened.status(), StatusCode::OK);
    assert!(!is_verified(ana).await, "opening a page changes nothing");
    assert_eq!(call(&stage, "verify_email", "", json!({ "token": token })).await.0, StatusCode::OK);
    assert!(is_verified(ana).await);
    assert_eq!(call(&stage, "verify_email", "", json!({ "token": token })).await.0, StatusCode::GONE);
}

#[tokio::test]
async fn f71_a_new_password_by_its_owner_ends_every_other_session() {
    let stage = Stage::set().await;
    let (session, other) = (stage.sign_in().await, stage.sign_in().await);
    let wrong = json!({ "old": "not this one", "new": OTHER_PASSWORD });
    assert_eq!(call(&stage, "change_password", &session, wrong).await.1, "WrongPassword");
    let right = json!({ "old": PASSWORD, "new": OTHER_PASSWORD });
    assert_eq!(call(&stage, "change_password", &session, right).await.0, StatusCode::OK);
    assert_eq!(call(&stage, "accounts", &session, json!({})).await.0, StatusCode::OK);
    assert_eq!(call(&stage, "accounts", &other, json!({})).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn f80_a_profile_takes_nothing_that_is_no_part_of_it() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let more = json!({ "name": "Ana", "language": "pt-BR", "role": "admin", "email": "x@example.org" });
    call(&stage, "save_profile", &session, more).await;
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap();
    assert!(ana.is_some(), "an address is no part of a profile");
    let (_, own) = call(&stage, "find_profile", &session, json!({})).await;
    assert_eq!(own["email"], "ana@example.org");
    let bad = json!({ "name": "a\u{202e}b", "language": "en" });
    assert_eq!(call(&stage, "save_profile", &session, bad).await.1, json!({ "Invalid": "Name" }));
}
