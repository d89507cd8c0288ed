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

fn credentials() -> Value {
    json!({ "email": EMAIL, "password": PASSWORD, "client": "grafana", "scope": "positions:read" })
}

async fn signed_in(stage: &Stage) -> (String, String) {
    let (status, tokens) = post(stage, "sign-in", credentials()).await;
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
    for (field, value) in [("role", json!("admin")), ("user", json!("1")), ("verified", json!(true))] {
        let mut body = credentials();
        body[field] = value.clone();
        let (status, told) = post(&stage, "sign-in", body).await;
        assert_eq!((status, &told["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_body")), "{field}");
        let (status, _) = post(&stage, "refresh", json!({ "refresh_token": "axr_x", field: value })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{field}");
    }
    for scope in ["admin", "positions:write", ""] {
        let mut body = credentials();
        body["scope"] = json!(scope);
        assert_eq!(post(&stage, "sign-in", body).await.0, StatusCode::BAD_REQUEST, "{scope:?}");
    }
    let session = stage.sign_in().await;
    let path = format!("/api/v1/positions?account={}&user=1", stage.account);
    assert_eq!(stage.get(&path, &session).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn f74_a_program_guesses_no_faster_than_a_browser() {
    let stage = Stage::set().await;
    let mut wrong = credentials();
    wrong["password"] = json!("wrong horse battery staple");
    let mut unknown = wrong.clone();
    unknown["email"] = json!("bob@example.org");
    for turn in 0..5 {
        let (known, unknown) =
            (post(&stage, "sign-in", wrong.clone()).await, post(&stage, "sign-in", unknown.clone()).await);
        assert_eq!(known, unknown, "{turn}");
        assert_eq!(known.0, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(post(&stage, "sign-in", credentials()).await.0, StatusCode::TOO_MANY_REQUESTS);
    stage.clock.advance(Millis::MINUTE);
    assert_eq!(post(&stage, "sign-in", credentials()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn f72_a_program_needs_the_code_as_well() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let (_, new) = call(&stage, "begin_authenticator", &session, json!({})).await;
    let secret = totp_rs::Secret::try_from_base32(new["seed"].as_str().unwrap().replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("ana").build().unwrap();
    let code = |steps: i64| totp.generate(u64::try_from(stage.seconds() + 30 * steps).unwrap()).to_string();
    let finish = json!({ "version": new["version"], "sealed": new["sealed"], "code": code(0) });
    call(&stage, "finish_authenticator", &session, finish).await;
    let (status, told) = post(&stage, "sign-in", credentials()).await;
    assert_eq!((status, &told["error"]), (StatusCode::UNAUTHORIZED, &json!("code_required")));
    let coded = |code: String| {
        let mut body = credentials();
        body["code"] = json!(code);
        body
    };
    assert_eq!(post(&stage, "sign-in", coded(code(0))).await.1["error"], "wrong_code", "it was used");
    assert_eq!(post(&stage, "sign-in", coded(code(1))).await.0, StatusCode::OK);
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
            let answer = stage.ask(request.body(Body::from(credentials().to_string())).unwrap()).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path} {form}");
        }
    }
}
