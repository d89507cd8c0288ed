use super::stage::{Setting, Stage, get, text};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use domain::Millis;
use std::net::SocketAddr;

#[tokio::test]
async fn f86_f87_every_answer_carries_the_headers_that_guard_it() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let account = stage.account;
    let live = format!("/live/{account}");
    let too_large = "x".repeat(100_000);
    for (method, path, body) in [
        (Method::GET, "/", ""),
        (Method::GET, "/sign-in", ""),
        (Method::GET, "/setup?token=x", ""),
        (Method::GET, "/positions", ""),
        (Method::GET, "/guard", ""),
        (Method::GET, "/activity", ""),
        (Method::GET, "/sign-in/code", ""),
        (Method::GET, "/settings/security", ""),
        (Method::GET, "/settings/market", ""),
        (Method::GET, "/no-such-page", ""),
        (Method::GET, "/health/live", ""),
        (Method::GET, "/health/ready", ""),
        (Method::GET, live.as_str(), ""),
        (Method::GET, "/live/nonsense", ""),
        (Method::POST, "/api/overview", "{\"account\":null}"),
        (Method::POST, "/api/no_such_function", ""),
        (Method::POST, "/api/sign_in", too_large.as_str()),
        (Method::DELETE, "/", ""),
    ] {
        let request = Request::builder().method(&method).uri(path).header(header::COOKIE, &session);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let answer = stage.ask(request.body(Body::from(body.to_owned())).unwrap()).await;
        let value = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
        assert_eq!(value("x-content-type-options"), "nosniff", "{method} {path}");
        assert_eq!(value("x-frame-options"), "DENY", "{method} {path}");
        assert_eq!(value("referrer-policy"), "same-origin", "{method} {path}");
        assert_eq!(value("cross-origin-opener-policy"), "same-origin", "{method} {path}");
        assert!(value("permissions-policy").contains("camera=()"), "{method} {path}");
        assert!(value("content-security-policy").contains("frame-ancestors 'none'"), "{method} {path}");
        assert_eq!(value("cache-control"), "no-store", "{method} {path}");
    }
}

#[tokio::test]
async fn f76_a_page_runs_its_own_scripts_and_no_others() {
    let stage = Stage::set().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let answer = stage.get("/sign-in", "").await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let allowed = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
        assert!(!allowed.contains("'unsafe-inline'") && !allowed.contains("'unsafe-eval'"), "{allowed}");
        let page = text(answer).await;
        for (at, _) in page.match_indices("<script") {
            let (tag, rest) = page[at..].split_once('>').unwrap();
            let content = rest.split("</script>").next().unwrap();
            let may_run = tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("src=");
            // The texts' library leaves an empty element where it has nothing to send along; it runs nothing.
            assert!(may_run || content.is_empty(), "{tag}>{content}");
        }
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn f76_a_name_is_text_and_never_markup() {
    let name = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";
    let stage = Stage::set_with(Setting { account_name: name, ..Setting::default() }).await;
    let session = stage.sign_in().await;
    let page = text(stage.get("/", &session).await).await;
    assert!(!page.contains("<script>alert(1)") && !page.contains("<img src=x"), "{page}");
}

#[tokio::test]
async fn f82_a_body_that_is_too_large_is_refused() {
    let stage = Stage::set().await;
    let request = Request::post("/api/sign_in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, "10000000")
        .body(Body::from("email=a"))
        .unwrap();
    assert_eq!(stage.ask(request).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_wrong_method_is_named_so() {
    let stage = Stage::set().await;
    for (method, path) in [
        (Method::POST, "/health/live"),
        (Method::DELETE, "/health/ready"),
        (Method::POST, "/live/x"),
        (Method::PUT, "/sign-in"),
        (Method::GET, "/api/sign_in"),
        (Method::TRACE, "/"),
        (Method::TRACE, "/health/live"),
        (Method::TRACE, "/api/v1/why"),
    ] {
        let request = Request::builder().method(&method).uri(path).body(Body::empty()).unwrap();
        assert_eq!(stage.ask(request).await.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_off_is_told_to_this_machine_alone() {
    let stage = Stage::set_with(Setting { proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Setting::default() }).await;
    stage.clock.advance(Millis::from_secs(60));
    assert!(text(stage.health().await).await.contains("no fresh price"));
    for (peer, forwarded) in
        [("192.0.2.9:1", None), ("127.0.0.1:1", Some("198.51.100.1")), ("10.0.0.1:1", Some("198.51.100.1"))]
    {
        let mut request = get("/health/ready", "").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        if let Some(forwarded) = forwarded {
            request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
        }
        let answer = stage.ask(request).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(text(answer).await, "{\"ready\":false}", "{peer} {forwarded:?}");
    }
}

#[tokio::test]
async fn files_of_the_site_are_kept_and_precompressed() {
    let stage = Stage::set().await;
    let script = "/pkg/axisor.abc.js";
    let answer = stage.get(script, "").await;
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert!(!answer.headers().contains_key(header::SET_COOKIE));
    assert_eq!(text(answer).await, "let plain;");
    let answer = stage.ask(get(script, "").header(header::ACCEPT_ENCODING, "br").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.headers()[header::CONTENT_ENCODING], "br");
    assert_eq!(text(answer).await, "brotli");
    let icon = stage.get("/favicon.svg", "").await;
    assert_eq!(icon.headers()[header::CACHE_CONTROL], "no-cache");
    let policy = icon.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{policy}");
    let missing = stage.get("/pkg/axisor.old.js", "").await;
    assert_eq!(
        (missing.status(), &missing.headers()[header::CACHE_CONTROL]),
        (StatusCode::NOT_FOUND, &"no-store".parse().unwrap())
    );
}

#[tokio::test]
async fn f76_the_worker_runs_wasm_of_our_own_and_nothing_that_is_written_at_run_time() {
    let stage = Stage::set().await;
    let worker = stage.get("/replay-worker.js", "").await;
    assert_eq!(worker.headers()[header::CACHE_CONTROL], "no-cache");
    let policy = worker.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';") && policy.starts_with("default-src 'self';"));
    assert!(!policy.contains("'unsafe-eval'") && !policy.contains("'unsafe-inline'"), "{policy}");
    let module = stage.get("/replay/abc.wasm", "").await;
    assert_eq!(module.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn f86_no_path_leads_out_of_the_site() {
    let stage = Stage::set().await;
    for path in [
        "/../secret.txt",
        "/pkg/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/pkg/%2e%2e%2f%2e%2e%2fsecret.txt",
    ] {
        assert!(!text(stage.get(path, "").await).await.contains("not for the web"), "{path}");
    }
}

#[tokio::test]
async fn health_says_what_is_off() {
    let stage = Stage::set().await;
    assert_eq!(stage.get("/health/live", "").await.status(), StatusCode::OK);
    assert_eq!(stage.get("/health/ready", "").await.status(), StatusCode::OK);
    stage.clock.advance(Millis::from_secs(60));
    let answer = stage.health().await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let said: serde_json::Value = serde_json::from_str(&text(answer).await).unwrap();
    assert_eq!(said["ready"], false);
    assert_eq!(said["database"], "ok");
    assert_eq!(said["feeds"][0]["state"], "off");
    assert_eq!(said["off"][0], "no fresh price: paper");
    stage.tick(100_001);
    assert_eq!(stage.get("/health/ready", "").await.status(), StatusCode::OK);
    assert_eq!(stage.get("/health/live", "").await.status(), StatusCode::OK);
}
