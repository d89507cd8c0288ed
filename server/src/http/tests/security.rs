use super::stage::{PASSWORD, Stage, call, cookie, is_redirect_to, sign_in, text};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

async fn enter_code(stage: &Stage, code: &str, session: &str) -> axum::http::Response<Body> {
    let request = Request::post("/api/enter_code")
        .header(header::HOST, "127.0.0.1:13010")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, session)
        .body(Body::from(format!("code={code}")))
        .unwrap();
    stage.ask(request).await
}

#[tokio::test]
async fn f71_a_session_is_seen_and_ended_from_another_and_its_stream_ends_with_it() {
    let stage = Stage::set().await;
    let (mine, other) = (stage.sign_in().await, stage.sign_in().await);
    let path = format!("/live/{}", stage.account);
    let stream = stage.get(&path, &other).await;
    let (_, told) = call(&stage, "security", &mine, json!({})).await;
    let sessions = told["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!((&sessions[0]["is_this_one"], &sessions[1]["is_this_one"]), (&json!(true), &json!(false)));
    let id = &sessions[1]["id"];
    let (status, _) = call(&stage, "end_session", &mine, json!({ "id": id })).await;
    assert_eq!(status, StatusCode::OK);
    let body = stream.into_body();
    timeout(Duration::from_millis(1_500), axum::body::to_bytes(body, 1 << 20)).await.expect("an end").unwrap();
    assert_eq!(stage.get(&path, &other).await.status(), StatusCode::UNAUTHORIZED);
    assert!(is_redirect_to(&stage.get("/", &other).await, "/sign-in"));
    assert_eq!(stage.get(&path, &mine).await.status(), StatusCode::OK);
    let (status, _) = call(&stage, "end_session", &mine, json!({ "id": id })).await;
    assert_ne!(status, StatusCode::OK, "it has ended already");
}

#[tokio::test]
async fn f71_all_other_sessions_are_ended_at_once_and_nobody_elses() {
    let stage = Stage::set().await;
    let mine = stage.sign_in().await;
    let others = [stage.sign_in().await, stage.sign_in().await];
    let (_, ended) = call(&stage, "end_other_sessions", &mine, json!({})).await;
    assert_eq!(ended, 2);
    let path = format!("/live/{}", stage.account);
    for other in others {
        assert_eq!(stage.get(&path, &other).await.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(stage.get(&path, &mine).await.status(), StatusCode::OK);
    for function in ["security", "end_other_sessions", "begin_authenticator", "remove_authenticator"] {
        let (status, _) = call(&stage, function, "", json!({})).await;
        assert_ne!(status, StatusCode::OK, "{function} for who is not signed in");
    }
}

#[tokio::test]
async fn sessions_are_ended_by_who_has_just_shown_who_they_are() {
    let stage = Stage::set().await;
    let (mine, other) = (stage.sign_in().await, stage.sign_in().await);
    let (_, told) = call(&stage, "security", &mine, json!({})).await;
    let end = json!({ "id": told["sessions"][1]["id"] });
    stage.clock.advance(domain::Millis::from_secs(301));
    for (function, arguments) in [("end_other_sessions", json!({})), ("end_session", end.clone())] {
        let (status, fault) = call(&stage, function, &mine, arguments).await;
        assert!(status != StatusCode::OK && fault == "NotConfirmed", "{function}: {fault}");
    }
    assert_eq!(stage.get("/", &other).await.status(), StatusCode::OK);
    call(&stage, "step_up", &mine, json!({ "password": PASSWORD, "code": "" })).await;
    assert_eq!(call(&stage, "end_session", &mine, end).await.0, StatusCode::OK);
    assert!(is_redirect_to(&stage.get("/", &other).await, "/sign-in"));
}

#[tokio::test]
async fn f72_with_an_authenticator_the_password_alone_opens_nothing() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let (_, new) = call(&stage, "begin_authenticator", &session, json!({})).await;
    let seed = new["seed"].as_str().unwrap().replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(seed).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("ana").build().unwrap();
    let code = |steps: i64| totp.generate(u64::try_from(stage.seconds() + 30 * steps).unwrap()).to_string();
    let finish = json!({ "version": new["version"], "sealed": new["sealed"], "code": code(0) });
    let (_, codes) = call(&stage, "finish_authenticator", &session, finish).await;
    assert_eq!(codes.as_array().unwrap().len(), 10);

    let answer = stage.ask(sign_in("ana@example.org", PASSWORD, "")).await;
    assert!(is_redirect_to(&answer, "/sign-in/code"));
    let waiting = cookie(&answer).unwrap();
    let path = format!("/live/{}", stage.account);
    assert_eq!(stage.get(&path, &waiting).await.status(), StatusCode::UNAUTHORIZED);
    assert!(is_redirect_to(&stage.get("/", &waiting).await, "/sign-in"));
    enter_code(&stage, &code(0), &waiting).await;
    assert_eq!(stage.get(&path, &waiting).await.status(), StatusCode::UNAUTHORIZED, "that code was used");
    let inside = cookie(&enter_code(&stage, &code(1), &waiting).await).unwrap();
    assert_ne!(inside, waiting, "the session has a new id");
    assert_eq!(stage.get(&path, &inside).await.status(), StatusCode::OK);

    // A code without a password before it, or long after it, is worth nothing.
    assert_eq!(cookie(&enter_code(&stage, codes[0].as_str().unwrap(), "").await), None);
    let waiting = cookie(&stage.ask(sign_in("ana@example.org", PASSWORD, "")).await).unwrap();
    stage.clock.advance(domain::Millis::from_secs(301));
    enter_code(&stage, codes[1].as_str().unwrap(), &waiting).await;
    assert_eq!(stage.get(&path, &waiting).await.status(), StatusCode::UNAUTHORIZED);

    // Long after signing in, nothing is changed before a fresh confirmation.
    for function in ["begin_authenticator", "remove_authenticator", "renew_recovery_codes"] {
        let (status, fault) = call(&stage, function, &inside, json!({})).await;
        assert!(status != StatusCode::OK && fault == "NotConfirmed", "{function}: {fault}");
    }
    let (status, _) = call(&stage, "step_up", &inside, json!({ "password": PASSWORD, "code": codes[2] })).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = call(&stage, "remove_authenticator", &inside, json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert!(is_redirect_to(&stage.ask(sign_in("ana@example.org", PASSWORD, "")).await, "/"));
}

#[tokio::test]
async fn the_security_page_shows_where_one_is_signed_in_and_asks_who_it_is_after_a_while() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    stage.sign_in().await;
    let page = text(stage.get("/settings/security", &session).await).await;
    assert_eq!(page.matches("data-testid=\"session\"").count(), 2, "{page}");
    assert!(page.contains("data-testid=\"is-confirmed\"") && page.contains("data-testid=\"add-authenticator\""));
    stage.clock.advance(domain::Millis::from_secs(300));
    let page = text(stage.get("/settings/security", &session).await).await;
    assert!(page.contains("data-testid=\"confirm-password\"") && !page.contains("add-authenticator"));
    assert!(is_redirect_to(&stage.get("/settings/security", "").await, "/sign-in"));
    assert!(text(stage.get("/sign-in/code", "").await).await.contains("name=\"code\""));
}

#[tokio::test]
async fn f82_a_million_brackets_are_refused_and_nothing_falls() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let request = Request::post("/api/end_session")
        .header(header::HOST, "127.0.0.1:13010")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, &session)
        .body(Body::from("[".repeat(60_000)))
        .unwrap();
    assert_ne!(stage.ask(request).await.status(), StatusCode::OK);
    assert_eq!(stage.get("/", &session).await.status(), StatusCode::OK);
}
