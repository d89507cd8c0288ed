//! A server that demands a second factor: who has none sees nothing but how to add one, whatever they come with.

use super::people::{OTHER_PASSWORD, invited, join};
use super::stage::{Setting, Stage, call, is_redirect_to, sign_in, text};
use super::streams::follow;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use serde_json::{Value, json};

/// Adds an authenticator by the page's own functions.
async fn add_authenticator(stage: &Stage, session: &str) {
    let (_, new) = call(stage, "begin_authenticator", session, json!({})).await;
    let seed = new["seed"].as_str().unwrap().replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(seed).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("somebody").build().unwrap();
    let code = totp.generate(u64::try_from(stage.seconds()).unwrap()).to_string();
    let finish = json!({ "version": new["version"], "sealed": new["sealed"], "code": code });
    let (status, codes) = call(stage, "finish_authenticator", session, finish).await;
    assert_eq!((status, codes.as_array().unwrap().len()), (StatusCode::OK, 10));
}

async fn with_token(stage: &Stage, token: &str) -> Response<Body> {
    let request = Request::get("/api/v1/accounts").header(header::AUTHORIZATION, format!("Bearer {token}"));
    stage.ask(request.body(Body::empty()).unwrap()).await
}

async fn is_demanded(stage: &Stage) {
    let admin = stage.sign_in().await;
    let demanded = json!({ "rule": "demanded" });
    let (status, fault) = call(stage, "set_factor_rule", &admin, demanded.clone()).await;
    assert_eq!((status, fault), (StatusCode::CONFLICT, json!("NoOwnFactor")), "who demands it is not shut out by it");
    call(stage, "set_registration", &admin, json!({ "registration": "invitation" })).await;
    let token = invited(stage, &admin, "operator").await;
    let otto = join(stage, &token, "otto@example.org").await.unwrap();
    let make = json!({ "name": "grafana", "scopes": "positions:read", "days": 7 });
    let (status, token) = call(stage, "make_token", &otto, make).await;
    assert_eq!(status, StatusCode::OK, "{token}");
    let token = token.as_str().unwrap().to_owned();
    assert_eq!(with_token(stage, &token).await.status(), StatusCode::OK);

    add_authenticator(stage, &admin).await;
    let id = stage.store.find_user_by_email("otto@example.org").await.unwrap().unwrap().id;
    stage.store.share_account(stage.account, id, domain::Access::See, stage.now()).await.unwrap();
    let (mut admins, mut ottos) = (follow(stage, &admin, None).await, follow(stage, &otto, None).await);
    assert!(ottos.next().await.is_some());
    assert_eq!(call(stage, "set_factor_rule", &admin, demanded).await.0, StatusCode::OK);
    ottos.end().await;
    assert!(admins.next().await.is_some(), "the stream of who has one goes on");
    let newest = stage.store.find_newest_audit().await.unwrap().unwrap();
    assert_eq!((newest.action.as_str(), newest.after.as_deref()), ("factor_rule_changed", Some("\"demanded\"")));
    assert_eq!(stage.get("/", &admin).await.status(), StatusCode::OK, "an admin who has one goes on");

    for path in ["/", "/positions", "/settings/security", "/settings/tokens", "/welcome"] {
        assert!(is_redirect_to(&stage.get(path, &otto).await, "/sign-in/factor"), "{path}");
    }
    for function in ["overview", "accounts", "find_profile", "end_other_sessions", "remove_authenticator", "tokens"] {
        let (status, told) = call(stage, function, &otto, json!({ "account": null })).await;
        assert_ne!(status, StatusCode::OK, "{function}: {told}");
    }
    let program = Request::get("/api/v1/accounts").header(header::COOKIE, &otto).body(Body::empty()).unwrap();
    assert_eq!(stage.ask(program).await.status(), StatusCode::UNAUTHORIZED);
    let refused = with_token(stage, &token).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let told: Value = serde_json::from_str(&text(refused).await).unwrap();
    assert_eq!(told, json!({ "error": "second_factor_required" }));
    let icon = Request::get("/favicon.svg").header(header::COOKIE, &otto).header(header::ACCEPT, "image/*");
    let icon = stage.ask(icon.body(Body::empty()).unwrap()).await;
    assert_ne!(icon.status(), StatusCode::SEE_OTHER, "files are everybody's");

    let again = stage.ask(sign_in("otto@example.org", OTHER_PASSWORD, "")).await;
    assert!(is_redirect_to(&again, "/sign-in/factor"));
    let page = text(stage.get("/sign-in/factor", &otto).await).await;
    assert!(page.contains("data-testid=\"add-authenticator\"") && !page.contains("data-testid=\"go-on\""), "{page}");
    add_authenticator(stage, &otto).await;
    assert!(text(stage.get("/sign-in/factor", &otto).await).await.contains("data-testid=\"go-on\""));
    assert_eq!(stage.get("/settings/security", &otto).await.status(), StatusCode::OK);
    assert_eq!(with_token(stage, &token).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_demanded_second_factor_is_added_before_anything_is_seen_on_sqlite() {
    is_demanded(&Stage::set().await).await;
}

#[tokio::test]
async fn a_demanded_second_factor_is_added_before_anything_is_seen_on_postgres() {
    if let Some(stage) = Stage::on_postgres(Setting::default()).await {
        is_demanded(&stage).await;
    }
}
