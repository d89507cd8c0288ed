use super::stage::{PASSWORD, Setting, Stage, cookie, get, is_redirect_to, sign_in, text};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use domain::Millis;
use std::net::SocketAddr;

#[tokio::test]
async fn f71_the_session_has_a_new_id_after_signing_in() {
    let stage = Stage::set().await;
    let planted = "axisor=AAAAAAAAAAAAAAAAAAAAAQ";
    let answer = stage.ask(sign_in("ana@example.org", PASSWORD, planted)).await;
    let first = cookie(&answer).unwrap();
    assert_ne!(first, planted);
    assert_eq!(stage.get(&format!("/live/{}", stage.account), planted).await.status(), StatusCode::UNAUTHORIZED);
    let again = cookie(&stage.ask(sign_in("ana@example.org", PASSWORD, &first)).await).unwrap();
    assert_ne!(again, first);
    let path = format!("/live/{}", stage.account);
    assert_eq!(stage.get(&path, &first).await.status(), StatusCode::UNAUTHORIZED, "the old id is worth nothing");
    assert_eq!(stage.get(&path, &again).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_opens_nothing() {
    let stage = Stage::set().await;
    let answer = stage.ask(sign_in("ana@example.org", "wrong horse battery staple", "")).await;
    let session = cookie(&answer).unwrap_or_default();
    assert_eq!(stage.get(&format!("/live/{}", stage.account), &session).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_session_is_shown_the_door_and_nothing_is_lost() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    assert_eq!(stage.get("/", &session).await.status(), StatusCode::OK);
    stage.clock.advance(Millis::new(15 * Millis::DAY.get()));
    assert!(is_redirect_to(&stage.get("/", &session).await, "/sign-in"));
    assert_eq!(stage.get(&format!("/live/{}", stage.account), &session).await.status(), StatusCode::UNAUTHORIZED);
    let session = stage.sign_in().await;
    assert!(text(stage.get("/", &session).await).await.contains("Paper"));
}

#[tokio::test]
async fn a_session_in_use_lives_on() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for _ in 0..2 {
        stage.clock.advance(Millis::new(12 * Millis::DAY.get()));
        assert_eq!(stage.get("/", &session).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_cookie_is_bound_to_the_host_over_tls() {
    let plain = Stage::set().await;
    let answer = plain.ask(sign_in("ana@example.org", PASSWORD, "")).await;
    let set = answer.headers().get(header::SET_COOKIE).unwrap().to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    let secure = Stage::set_with(Setting { secure: true, ..Setting::default() }).await;
    let answer = secure.ask(sign_in("ana@example.org", PASSWORD, "")).await;
    let set = answer.headers().get(header::SET_COOKIE).unwrap().to_str().unwrap().to_owned();
    assert!(set.starts_with("__Host-axisor=") && set.contains("Secure"), "{set}");
    assert_eq!(answer.headers()[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
}

#[tokio::test]
async fn hosts_below_ours_are_bound_to_tls_only_where_the_operator_says_so() {
    let setting = Setting { secure: true, hsts_subdomains: true, ..Setting::default() };
    let answer = Stage::set_with(setting).await.get("/health/live", "").await;
    assert_eq!(answer.headers()[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000; includeSubDomains");
    let setting = Setting { hsts_subdomains: true, ..Setting::default() };
    let answer = Stage::set_with(setting).await.get("/health/live", "").await;
    assert!(!answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), "never without TLS");
}

#[tokio::test]
async fn f40_a_stolen_database_opens_no_session() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let id = session.split_once('=').unwrap().1;
    let mut files = std::fs::read_dir(stage.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let leaked =
        files.any(|path| path.is_file() && String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains(id));
    assert!(!leaked);
}

#[tokio::test]
async fn f75_what_another_site_sends_is_refused() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post("/api/sign_out")
            .header(header::HOST, "127.0.0.1:13010")
            .header(header::COOKIE, &session)
            .header(name, value)
            .body(Body::empty())
            .unwrap();
        assert_eq!(stage.ask(request).await.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert_eq!(stage.get("/", &session).await.status(), StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn f75_a_get_changes_nothing() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for path in ["/api/sign_out", "/api/save_guard", "/api/set_up"] {
        let status = stage.get(path, &session).await.status();
        assert!(status == StatusCode::METHOD_NOT_ALLOWED || status == StatusCode::NOT_FOUND, "{path}: {status}");
    }
    assert_eq!(stage.get("/", &session).await.status(), StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn the_demo_lets_in_browsers_of_this_machine_alone() {
    let demo = Stage::set_with(Setting { demo: true, ..Setting::default() }).await;
    let from = |peer: &str| {
        let peer: SocketAddr = peer.parse().unwrap();
        get("/", "").extension(ConnectInfo(peer)).body(Body::empty()).unwrap()
    };
    let answer = demo.ask(from("127.0.0.1:5000")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let session = cookie(&answer).unwrap();
    assert_eq!(demo.get(&format!("/live/{}", demo.account), &session).await.status(), StatusCode::OK);
    assert_eq!(cookie(&demo.ask(from("192.0.2.1:5000")).await), None);
    let usual = Stage::set().await;
    let answer = usual.ask(from("127.0.0.1:5000")).await;
    assert!(is_redirect_to(&answer, "/sign-in"));
    assert_eq!(cookie(&answer), None);
}
