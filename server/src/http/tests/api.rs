use super::stage::{PASSWORD, Stage, call, text};
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use domain::Millis;
use serde_json::{Value, json};

const EMAIL: &str = "ana@example.org";

async fn post(stage: &Stage, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::post(format!("/api/v1/auth/{path}")).header(header::CONTENT_TYPE, "application/json");
    let answer = stage.ask(request.body(Body::from(body.to_string())).unwrap()).await;
    (answer.status(), serde_json::from_str(&text(answer).await).unwrap_or(Value::Null))
}

/// A code that Ana makes on her page.
async fn code(stage: &Stage) -> Value {
    let session = stage.sign_in().await;
    let wanted = json!({ "name": "grafana", "scopes": "positions:read" });
    let (status, code) = call(stage, "make_sign_in_code", &session, wanted).await;
    assert_eq!(status, StatusCode::OK, "{code}");
    json!({ "code": code })
}

async fn signed_in(stage: &Stage) -> (String, String) {
    let (status, tokens) = post(stage, "sign-in", code(stage).await).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    pair(&tokens)
}

fn pair(tokens: &Value) -> (String, String) {
    (tokens["access_token"].as_str().unwrap().to_owned(), tokens["refresh_token"].as_str().unwrap().to_owned())
}

async fn with(stage: &Stage, path: &str, authorization: &str) -> Response<Body> {
    let request = Request::get(path).header(header::AUTHORIZATION, authorization).header(header::ACCEPT, "text/html");
    stage.ask(request.body(Body::empty()).unwrap()).await
}

async fn accounts(stage: &Stage, token: &str) -> StatusCode {
    with(stage, "/api/v1/accounts", &format!("Bearer {token}")).await.status()
}

#[tokio::test]
async fn a_program_signs_in_reads_and_fetches_its_next_tokens() {
    let stage = Stage::set().await;
    let (access, refresh) = signed_in(&stage).await;
    let answer =
        with(&stage, &format!("/api/v1/positions?account={}", stage.account), &format!("Bearer {access}")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    let told: Value = serde_json::from_str(&text(answer).await).unwrap();
    assert_eq!(told["account"]["id"], stage.account.to_string());
    assert!(told["positions"].is_array() && told["read_age"].is_number(), "{told}");

    stage.clock.advance(Millis::from_secs(15 * 60));
    assert_eq!(accounts(&stage, &access).await, StatusCode::UNAUTHORIZED, "a quarter of an hour has passed");
    let (status, next) = post(&stage, "refresh", json!({ "refresh_token": refresh })).await;
    assert_eq!((status, &next["token_type"], &next["expires_in"]), (StatusCode::OK, &json!("Bearer"), &json!(900)));
    let (access, refresh) = pair(&next);
    assert_eq!(accounts(&stage, &access).await, StatusCode::OK);

    let (status, _) = post(&stage, "revoke", json!({ "refresh_token": refresh })).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(accounts(&stage, &access).await, StatusCode::UNAUTHORIZED, "it ended at once");
    let (status, _) = post(&stage, "revoke", json!({ "refresh_token": "axr_unknown" })).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "what is unknown is answered alike");
}

#[tokio::test]
async fn f71_a_refresh_token_that_comes_again_ends_all_that_came_of_it() {
    let stage = Stage::set().await;
    let (_, stolen) = signed_in(&stage).await;
    let (_, other) = signed_in(&stage).await;
    let (_, next) = post(&stage, "refresh", json!({ "refresh_token": stolen })).await;
    let (access, refresh) = pair(&next);
    assert_eq!(accounts(&stage, &access).await, StatusCode::OK);
    let (status, told) = post(&stage, "refresh", json!({ "refresh_token": stolen })).await;
    assert_eq!((status, &told["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_grant")));
    assert_eq!(accounts(&stage, &access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&stage, "refresh", json!({ "refresh_token": refresh })).await.0, StatusCode::UNAUTHORIZED);
    let entries = stage.services.audit.list(0, 100).await.unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.action == "refresh_token_reused").count(), 1);
    assert_eq!(post(&stage, "refresh", json!({ "refresh_token": other })).await.0, StatusCode::OK, "another program's");
}

#[tokio::test]
async fn f71_no_token_is_taken_for_one_of_another_kind() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let (access, refresh) = signed_in(&stage).await;
    let make = json!({ "name": "backup", "scopes": "positions:read", "days": 30 });
    let (status, personal) = call(&stage, "make_token", &session, make).await;
    assert_eq!(status, StatusCode::OK, "{personal}");
    let personal = personal.as_str().unwrap();
    assert_eq!(accounts(&stage, personal).await, StatusCode::OK);
    assert_eq!(accounts(&stage, &refresh).await, StatusCode::UNAUTHORIZED);
    for token in [access.as_str(), personal] {
        let (status, _) = post(&stage, "refresh", json!({ "refresh_token": token })).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let cookie = session.split_once('=').unwrap().1;
    assert_eq!(accounts(&stage, cookie).await, StatusCode::UNAUTHORIZED);
    for scheme in ["Basic", "axisor", "Token"] {
        let answer = with(&stage, "/api/v1/accounts", &format!("{scheme} {personal}")).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{scheme}");
    }
    // A token opens what is made for programs, and no page, no stream and no server function.
    for path in [format!("/live/{}", stage.account), "/api/v1/why".to_owned()] {
        assert_ne!(with(&stage, &path, &format!("Bearer {personal}")).await.status(), StatusCode::OK, "{path}");
    }
    assert!(with(&stage, "/", &format!("Bearer {personal}")).await.status().is_redirection());
}

#[tokio::test]
async fn a_bad_token_is_not_made_good_by_a_cookie() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    assert_eq!(stage.get("/api/v1/accounts", &session).await.status(), StatusCode::OK);
    let request = Request::get("/api/v1/accounts").header(header::COOKIE, &session);
    let answer = stage.ask(request.header(header::AUTHORIZATION, "Bearer axp_x").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(answer.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().contains("invalid_token"));
}

#[tokio::test]
async fn f79_a_token_reads_what_its_scopes_name_of_its_person_and_nothing_else() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let paths = [
        ("positions:read", "/api/v1/accounts".to_owned()),
        ("positions:read", format!("/api/v1/positions?account={}", stage.account)),
        ("guard:read", format!("/api/v1/guard?account={}", stage.account)),
        ("why:read", format!("/api/v1/why?account={}&position={}", stage.account, uuid::Uuid::from_u128(9))),
    ];
    for scope in ["positions:read", "guard:read", "why:read"] {
        let make = json!({ "name": scope, "scopes": scope, "days": 1 });
        let (_, token) = call(&stage, "make_token", &session, make).await;
        for (needed, path) in &paths {
            let answer = with(&stage, path, &format!("Bearer {}", token.as_str().unwrap())).await;
            assert_eq!(answer.status() == StatusCode::FORBIDDEN, *needed != scope, "{scope}: {path}");
            let challenge = answer.headers().get(header::WWW_AUTHENTICATE).map(|value| value.to_str().unwrap());
            assert!(*needed == scope || challenge.unwrap().contains(needed), "{challenge:?}");
        }
    }
    let stranger = stage.strangers_account().await;
    let (access, _) = signed_in(&stage).await;
    for account in [stranger.to_string(), "nonsense".to_owned()] {
        let answer = with(&stage, &format!("/api/v1/positions?account={account}"), &format!("Bearer {access}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
    for (_, path) in &paths {
        assert_eq!(stage.get(path, "").await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn f80_fields_that_nobody_asked_for_are_refused() {
    let stage = Stage::set().await;
    for (field, value) in [("role", json!("admin")), ("user", json!("1")), ("scope", json!("positions:read why:read"))]
    {
        let mut body = code(&stage).await;
        body[field] = value.clone();
        let (status, told) = post(&stage, "sign-in", body).await;
        assert_eq!((status, &told["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_body")), "{field}");
        let (status, _) = post(&stage, "refresh", json!({ "refresh_token": "axr_x", field: value })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{field}");
    }
    let session = stage.sign_in().await;
    for (name, scope) in [("x", "admin"), ("x", "positions:write"), ("x", ""), ("", "positions:read")] {
        let wanted = json!({ "name": name, "scopes": scope });
        assert_ne!(call(&stage, "make_sign_in_code", &session, wanted).await.0, StatusCode::OK, "{scope:?}");
    }
    let path = format!("/api/v1/positions?account={}&user=1", stage.account);
    assert_eq!(stage.get(&path, &session).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn f74_no_password_opens_a_program_and_a_guess_learns_nothing() {
    let stage = Stage::set().await;
    let with_password = json!({ "email": EMAIL, "password": PASSWORD, "client": "grafana", "scope": "positions:read" });
    assert_eq!(post(&stage, "sign-in", with_password).await.0, StatusCode::BAD_REQUEST);
    let (access, refresh) = signed_in(&stage).await;
    let session = stage.sign_in().await;
    let make = json!({ "name": "x", "scopes": "positions:read", "days": 1 });
    let (_, personal) = call(&stage, "make_token", &session, make).await;
    let guess = format!("axs_{}", "A".repeat(43));
    for shown in [json!(guess), json!("axs_"), json!(""), json!(access), json!(refresh), personal, json!(PASSWORD)] {
        let told = post(&stage, "sign-in", json!({ "code": shown })).await;
        assert_eq!(told, (StatusCode::UNAUTHORIZED, json!({ "error": "invalid_grant" })), "{shown}");
    }
}

#[tokio::test]
async fn a_sign_in_code_opens_once_within_ten_minutes_and_the_newest_alone() {
    let stage = Stage::set().await;
    let (old, new) = (code(&stage).await, code(&stage).await);
    assert_eq!(post(&stage, "sign-in", old).await.0, StatusCode::UNAUTHORIZED, "another stands in its place");
    let (one, two) = tokio::join!(post(&stage, "sign-in", new.clone()), post(&stage, "sign-in", new.clone()));
    assert!((one.0 == StatusCode::OK) != (two.0 == StatusCode::OK), "{one:?} {two:?}");
    assert_eq!(post(&stage, "sign-in", new.clone()).await.0, StatusCode::UNAUTHORIZED, "it was spent");
    let shown = new["code"].as_str().unwrap();
    assert_eq!(accounts(&stage, shown).await, StatusCode::UNAUTHORIZED, "a code reads nothing");
    let late = code(&stage).await;
    stage.clock.advance(Millis::new(10 * Millis::MINUTE.get()));
    assert_eq!(post(&stage, "sign-in", late).await.0, StatusCode::UNAUTHORIZED, "ten minutes are over");
    let session = stage.sign_in().await;
    stage.clock.advance(Millis::from_secs(301));
    let wanted = json!({ "name": "grafana", "scopes": "positions:read" });
    assert_eq!(call(&stage, "make_sign_in_code", &session, wanted).await.1, "NotConfirmed");
}

#[tokio::test]
async fn tokens_are_made_after_a_confirmation_shown_once_and_revoked_at_once() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let make = |name: &str, scopes: &str, days: u16| json!({ "name": name, "scopes": scopes, "days": days });
    for (name, scopes, days) in [("", "why:read", 1), ("x", "", 1), ("x", "why:read", 0), ("x", "why:read", 366)] {
        assert_ne!(call(&stage, "make_token", &session, make(name, scopes, days)).await.0, StatusCode::OK);
    }
    let (_, token) = call(&stage, "make_token", &session, make("backup", "positions:read why:read", 7)).await;
    let token = token.as_str().unwrap();
    assert!(token.starts_with("axp_") && token.len() == 47, "{token}");
    assert_eq!(accounts(&stage, token).await, StatusCode::OK);
    let (_, told) = call(&stage, "tokens", &session, json!({})).await;
    assert_eq!(told["tokens"][0]["name"], "backup");
    assert_eq!(told["tokens"][0]["last_used_at"], stage.now().unix_ms());
    assert!(!told.to_string().contains(&token[4..]), "it is shown once");
    let page = text(stage.get("/settings/tokens", &session).await).await;
    assert!(page.contains("backup") && page.contains("data-testid=\"make-token\""), "{page}");

    let (status, _) = call(&stage, "revoke_token", "", json!({ "id": told["tokens"][0]["id"] })).await;
    assert_ne!(status, StatusCode::OK);
    let (status, _) = call(&stage, "revoke_token", &session, json!({ "id": told["tokens"][0]["id"] })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(accounts(&stage, token).await, StatusCode::UNAUTHORIZED);

    let (_, short) = call(&stage, "make_token", &session, make("short", "positions:read", 1)).await;
    stage.clock.advance(Millis::DAY);
    assert_eq!(accounts(&stage, short.as_str().unwrap()).await, StatusCode::UNAUTHORIZED, "its day is over");
    let (_, fault) = call(&stage, "make_token", &session, make("late", "positions:read", 1)).await;
    assert_eq!(fault, "NotConfirmed");
}

#[tokio::test]
async fn a_program_is_seen_and_ended_by_its_person() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let (access, refresh) = signed_in(&stage).await;
    let (_, told) = call(&stage, "tokens", &session, json!({})).await;
    assert_eq!(
        (&told["clients"][0]["name"], &told["clients"][0]["scopes"]),
        (&json!("grafana"), &json!("positions:read"))
    );
    let (status, _) = call(&stage, "end_client", &session, json!({ "id": told["clients"][0]["id"] })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(accounts(&stage, &access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&stage, "refresh", json!({ "refresh_token": refresh })).await.0, StatusCode::UNAUTHORIZED);
    let strange = json!({ "id": uuid::Uuid::from_u128(5) });
    assert_ne!(call(&stage, "end_client", &session, strange).await.0, StatusCode::OK);
}

#[tokio::test]
async fn f75_no_get_signs_a_program_in_and_no_form_does() {
    let stage = Stage::set().await;
    for path in ["sign-in", "refresh", "revoke"] {
        let request = Request::builder().method(Method::GET).uri(format!("/api/v1/auth/{path}"));
        let answer = stage.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        for form in ["application/x-www-form-urlencoded", "text/plain"] {
            let request = Request::post(format!("/api/v1/auth/{path}")).header(header::CONTENT_TYPE, form);
            let answer = stage.ask(request.body(Body::from(json!({ "code": "axs_x" }).to_string())).unwrap()).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path} {form}");
        }
    }
}
