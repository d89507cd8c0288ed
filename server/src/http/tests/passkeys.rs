use super::soft_key::SoftKey;
use super::stage::{PASSWORD, Stage, call, cookie, is_redirect_to, sign_in, text};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

const ORIGIN: &str = "http://localhost:13010";

async fn stage() -> Stage {
    let stage = Stage::set().await;
    stage.services.passkeys.live_at(ORIGIN).unwrap();
    stage
}

async fn added(stage: &Stage, session: &str) -> SoftKey {
    let mut key = SoftKey::for_origin(ORIGIN);
    let (_, options) = call(stage, "begin_passkey", session, json!({})).await;
    let made = key.create(options.as_str().unwrap());
    let (status, codes) = call(stage, "finish_passkey", session, json!({ "name": "laptop", "credential": made })).await;
    assert_eq!((status, codes.as_array().map(Vec::len)), (StatusCode::OK, Some(10)), "{codes}");
    key
}

/// Calls a function, and answers the session that it gives.
async fn called(stage: &Stage, function: &str, session: &str, arguments: Value) -> (StatusCode, Option<String>, Value) {
    let request = Request::post(format!("/api/{function}"))
        .header(header::HOST, "127.0.0.1:13010")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, session)
        .body(Body::from(arguments.to_string()))
        .unwrap();
    let answer = stage.ask(request).await;
    let (status, given) = (answer.status(), cookie(&answer));
    (status, given, serde_json::from_str(&text(answer).await).unwrap_or(Value::Null))
}

#[tokio::test]
async fn f71_a_passkey_signs_in_with_a_session_of_a_new_id_and_its_answer_is_good_once() {
    let stage = stage().await;
    let mut key = added(&stage, &stage.sign_in().await).await;
    let (_, asked, options) = called(&stage, "ask_passkey", "", json!({ "purpose": "SignIn" })).await;
    let asked = asked.unwrap();
    let shown = json!({ "purpose": "SignIn", "credential": key.get(options.as_str().unwrap()) });
    let (_, given, fault) = called(&stage, "show_passkey", "", shown.clone()).await;
    assert_eq!((given, fault), (None, json!("Wrong")), "another browser's answer");
    let path = format!("/live/{}", stage.account);
    assert_eq!(stage.get(&path, &asked).await.status(), StatusCode::UNAUTHORIZED);
    let (status, inside, _) = called(&stage, "show_passkey", &asked, shown.clone()).await;
    assert_eq!(status, StatusCode::OK);
    let inside = inside.unwrap();
    assert_ne!(inside, asked);
    assert_eq!(stage.get(&path, &inside).await.status(), StatusCode::OK);
    assert_eq!(stage.get(&path, &asked).await.status(), StatusCode::UNAUTHORIZED);
    let (_, again, fault) = called(&stage, "show_passkey", &inside, shown).await;
    assert_eq!((again, fault), (None, json!("Wrong")));
    let (_, asked, options) = called(&stage, "ask_passkey", "", json!({ "purpose": "SignIn" })).await;
    let copied = json!({ "purpose": "SignIn", "credential": key.get_again(options.as_str().unwrap()) });
    let (_, _, fault) = called(&stage, "show_passkey", &asked.unwrap(), copied).await;
    assert_eq!(fault, "Wrong", "a copy of the key, whose counter stayed behind");
}

#[tokio::test]
async fn f72_with_a_passkey_the_password_alone_opens_nothing() {
    let stage = stage().await;
    let mut key = added(&stage, &stage.sign_in().await).await;
    let answer = stage.ask(sign_in("ana@example.org", PASSWORD, "")).await;
    assert!(is_redirect_to(&answer, "/sign-in/code"));
    let waiting = cookie(&answer).unwrap();
    let path = format!("/live/{}", stage.account);
    assert_eq!(stage.get(&path, &waiting).await.status(), StatusCode::UNAUTHORIZED);
    assert!(text(stage.get("/sign-in/code", &waiting).await).await.contains("data-testid=\"use-passkey\""));
    // What any authenticator's code would be is asked in vain, and the empty one too.
    for code in ["000000", ""] {
        let form = Request::post("/api/enter_code")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &waiting)
            .body(Body::from(format!("code={code}")))
            .unwrap();
        stage.ask(form).await;
        assert_eq!(stage.get(&path, &waiting).await.status(), StatusCode::UNAUTHORIZED, "{code:?}");
    }
    let (_, _, options) = called(&stage, "ask_passkey", &waiting, json!({ "purpose": "SecondFactor" })).await;
    let shown = json!({ "purpose": "SecondFactor", "credential": key.get(options.as_str().unwrap()) });
    let (status, inside, _) = called(&stage, "show_passkey", &waiting, shown).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(stage.get(&path, &inside.unwrap()).await.status(), StatusCode::OK);
    let (_, _, fault) = called(&stage, "ask_passkey", "", json!({ "purpose": "SecondFactor" })).await;
    assert_eq!(fault, "StartOver");
}

#[tokio::test]
async fn f72_passkeys_are_changed_after_a_confirmation_which_a_passkey_can_give() {
    let stage = stage().await;
    let session = stage.sign_in().await;
    let mut key = added(&stage, &session).await;
    stage.clock.advance(domain::Millis::from_secs(300));
    let id = stage.services.passkeys.list(user(&stage).await).await.unwrap()[0].id;
    for (function, arguments) in [("begin_passkey", json!({})), ("remove_passkey", json!({ "id": id }))] {
        let (_, fault) = call(&stage, function, &session, arguments.clone()).await;
        assert_eq!(fault, "NotConfirmed", "{function}");
        let (_, fault) = call(&stage, function, "", arguments).await;
        assert_eq!(fault, "SignedOut", "{function}");
    }
    let (_, options) = call(&stage, "ask_passkey", &session, json!({ "purpose": "StepUp" })).await;
    let shown = key.get(options.as_str().unwrap());
    let (status, _) = call(&stage, "show_passkey", &session, json!({ "purpose": "StepUp", "credential": shown })).await;
    assert_eq!(status, StatusCode::OK);
    let page = text(stage.get("/settings/security", &session).await).await;
    assert!(page.contains("data-testid=\"add-passkey\"") && page.contains("laptop"), "{page}");
    let (status, _) = call(&stage, "remove_passkey", &session, json!({ "id": id })).await;
    assert_eq!(status, StatusCode::OK);
    assert!(is_redirect_to(&stage.ask(sign_in("ana@example.org", PASSWORD, "")).await, "/"));
}

#[tokio::test]
async fn f73_who_has_a_passkey_cannot_be_asked_by_a_stranger() {
    let stage = stage().await;
    let shape = |options: &Value| {
        let mut options: Value = serde_json::from_str(options.as_str().unwrap()).unwrap();
        options["publicKey"]["challenge"] = Value::Null;
        options
    };
    let (_, before) = call(&stage, "ask_passkey", "", json!({ "purpose": "SignIn" })).await;
    added(&stage, &stage.sign_in().await).await;
    let (_, after) = call(&stage, "ask_passkey", "", json!({ "purpose": "SignIn" })).await;
    assert_eq!(shape(&before), shape(&after));
    assert_ne!(before, after, "each challenge is new");
    let (_, fault) = call(&stage, "ask_passkey", "", json!({ "purpose": "StepUp" })).await;
    assert_eq!(fault, "SignedOut");
}

async fn user(stage: &Stage) -> domain::UserId {
    stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap().id
}
