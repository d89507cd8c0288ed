use super::stage::{PASSWORD, Setting, Stage, cookie, sign_in, text};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode};
use domain::Millis;
use std::net::SocketAddr;

const EMAIL: &str = "ana@example.org";
const WRONG: &str = "wrong horse battery staple";

fn from(peer: &str, forwarded: &str, mut request: Request<Body>) -> Request<Body> {
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
    request
}

/// All that a stranger can see of an answer; nothing in it may differ by chance.
async fn seen(answer: Response<Body>) -> (StatusCode, Vec<(String, String)>, String) {
    let headers = answer.headers().iter();
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    headers.sort();
    (answer.status(), headers, text(answer).await)
}

async fn opens(stage: &Stage, answer: &Response<Body>) -> bool {
    let session = cookie(answer).unwrap_or_default();
    stage.get(&format!("/live/{}", stage.account), &session).await.status() == StatusCode::OK
}

#[tokio::test]
async fn f73_an_unknown_e_mail_and_a_wrong_password_look_alike() {
    let stage = Stage::set().await;
    for turn in 0..7 {
        let known = seen(stage.ask(sign_in(EMAIL, WRONG, "")).await).await;
        let unknown = seen(stage.ask(sign_in("bob@example.org", WRONG, "")).await).await;
        assert_eq!(known, unknown, "attempt {turn}");
    }
}

#[tokio::test]
async fn f74_who_is_signed_in_does_not_feel_that_a_stranger_guesses() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for _ in 0..20 {
        stage.ask(sign_in(EMAIL, WRONG, "")).await;
    }
    assert!(!opens(&stage, &stage.ask(sign_in(EMAIL, PASSWORD, "")).await).await, "further sign-ins wait");
    assert_eq!(stage.get("/", &session).await.status(), StatusCode::OK);
    stage.clock.advance(Millis::MINUTE);
    assert!(opens(&stage, &stage.ask(sign_in(EMAIL, PASSWORD, "")).await).await, "the lock is soft");
}

#[tokio::test]
async fn f85_a_header_that_anyone_can_write_changes_no_address() {
    let stage = Stage::set().await;
    for turn in 0..30 {
        let guess = sign_in(&format!("{turn}@example.org"), WRONG, "");
        stage.ask(from("192.0.2.9:1000", &format!("198.51.100.{turn}"), guess)).await;
    }
    let right = || sign_in(EMAIL, PASSWORD, "");
    assert!(!opens(&stage, &stage.ask(from("192.0.2.9:1001", "203.0.113.1", right())).await).await);
    assert!(opens(&stage, &stage.ask(from("192.0.2.10:1001", "203.0.113.1", right())).await).await);
}

#[tokio::test]
async fn f85_behind_our_own_proxy_each_client_has_an_address_of_its_own() {
    let proxies = vec!["192.0.2.9/32".parse().unwrap()];
    let stage = Stage::set_with(Setting { proxies, ..Setting::default() }).await;
    for turn in 0..30 {
        let guess = sign_in(&format!("{turn}@example.org"), WRONG, "");
        stage.ask(from("192.0.2.9:1000", "127.0.0.1, 198.51.100.1", guess)).await;
    }
    let right = || sign_in(EMAIL, PASSWORD, "");
    assert!(!opens(&stage, &stage.ask(from("192.0.2.9:1000", "198.51.100.1", right())).await).await);
    assert!(opens(&stage, &stage.ask(from("192.0.2.9:1000", "198.51.100.2", right())).await).await);
}
