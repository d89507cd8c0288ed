use super::stage::{Setting, Stage, call, text};
use crate::http::listener;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use domain::Millis;
use futures::stream;
use serde_json::json;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

const FRIEND: &str = "https://charts.example.org";

async fn cross(stage: &Stage, method: Method, path: &str, origin: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "axisor.example.org");
    let request = request.header(header::ORIGIN, origin).header("sec-fetch-site", "cross-site");
    let request = request.header("access-control-request-method", "POST");
    let request = request.header("access-control-request-headers", "authorization,content-type");
    let request = request.header(header::CONTENT_TYPE, "application/json");
    stage.ask(request.body(Body::from("{}")).unwrap()).await
}

fn allowed(headers: &HeaderMap) -> Option<&str> {
    headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn f75_another_site_reads_nothing_unless_it_was_named_and_never_with_a_cookie() {
    let usual = Stage::set().await;
    for (method, path) in [(Method::GET, "/api/v1/accounts"), (Method::OPTIONS, "/api/v1/auth/refresh")] {
        assert_eq!(allowed(cross(&usual, method, path, FRIEND).await.headers()), None, "{path}");
    }
    let status = cross(&usual, Method::POST, "/api/v1/auth/refresh", FRIEND).await.status();
    assert_eq!(status, StatusCode::FORBIDDEN);

    let setting = Setting { api_origins: vec![FRIEND.parse().unwrap()], ..Setting::default() };
    let stage = Stage::set_with(setting).await;
    let answer = cross(&stage, Method::OPTIONS, "/api/v1/auth/refresh", FRIEND).await;
    assert_eq!(allowed(answer.headers()), Some(FRIEND));
    assert!(!answer.headers().contains_key("access-control-allow-credentials"));
    assert_eq!(allowed(cross(&stage, Method::GET, "/api/v1/accounts", FRIEND).await.headers()), Some(FRIEND));
    let status = cross(&stage, Method::POST, "/api/v1/auth/refresh", FRIEND).await.status();
    assert_eq!(status, StatusCode::BAD_REQUEST, "it is let through, and asked for a token");
    for stranger in
        ["https://evil.example", "https://charts.example.org.evil.example", "null", "http://charts.example.org"]
    {
        let answer = cross(&stage, Method::OPTIONS, "/api/v1/auth/refresh", stranger).await;
        assert_ne!(allowed(answer.headers()), Some(stranger), "{stranger}");
    }
    // What was named may ask as a program does, and never as the page does.
    for path in ["/api/sign_out", "/api/sign_in", "/api/overview"] {
        assert_eq!(cross(&stage, Method::POST, path, FRIEND).await.status(), StatusCode::FORBIDDEN, "{path}");
        assert_eq!(allowed(cross(&stage, Method::OPTIONS, path, FRIEND).await.headers()), None, "{path}");
    }
}

#[tokio::test]
async fn f82_a_body_that_never_ends_is_not_waited_for() {
    let stage = Stage::set().await;
    tokio::time::pause();
    for path in ["/api/v1/auth/sign-in", "/api/sign_in"] {
        let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        let answer = tokio::time::timeout(Duration::from_secs(30), stage.ask(request.body(body).unwrap())).await;
        assert_eq!(answer.expect("an answer in time").status(), StatusCode::GATEWAY_TIMEOUT, "{path}");
    }
}

#[tokio::test]
async fn f82_a_body_of_unknown_length_is_cut_at_the_limit() {
    let stage = Stage::set().await;
    let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b' '; 4_096])));
    let request = Request::post("/api/v1/auth/sign-in").header(header::CONTENT_TYPE, "application/json");
    let answer = stage.ask(request.body(Body::from_stream(chunks)).unwrap()).await;
    assert!(matches!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST), "{}", answer.status());
}

#[tokio::test]
async fn f82_headers_that_never_end_close_the_connection() {
    let stage = Stage::set().await;
    let (socket, address) = listener::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let stop = CancellationToken::new();
    let (router, end) = (stage.router.clone(), stop.clone());
    let serving = tokio::spawn(async move { listener::serve(socket, router, &end).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: a\r\nx-slow: ").await.unwrap();
    let mut told = Vec::new();
    // Longer than the limit of ten seconds, which is waited for: a connection is the kernel's, and so is its time.
    let read = tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut told)).await;
    assert!(read.is_ok(), "still open");
    stop.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn f74_one_address_asks_at_a_bearable_pace_and_others_do_not_feel_it() {
    let stage = Stage::set().await;
    let from = |peer: &str| {
        let mut request = Request::get("/api/v1/accounts").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        // What anyone can write changes nothing.
        request.headers_mut().insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
        request
    };
    let mut refused = None;
    for turn in 0..1_000 {
        let answer = stage.ask(from(&format!("192.0.2.9:{}", 1_000 + turn))).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((turn, answer));
            break;
        }
    }
    let (turn, answer) = refused.expect("a limit");
    assert_eq!(turn, 300);
    assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(stage.ask(from("192.0.2.10:1")).await.status(), StatusCode::UNAUTHORIZED);
    stage.clock.advance(Millis::new(50));
    assert_eq!(stage.ask(from("192.0.2.9:1")).await.status(), StatusCode::UNAUTHORIZED, "one more after a while");
    assert_eq!(stage.ask(from("192.0.2.9:1")).await.status(), StatusCode::TOO_MANY_REQUESTS);
    stage.clock.advance(Millis::new(-Millis::DAY.get()));
    stage.clock.advance(Millis::new(100));
    assert_eq!(stage.ask(from("192.0.2.9:1")).await.status(), StatusCode::UNAUTHORIZED, "a clock that was set back");
}

#[tokio::test]
async fn f80_a_page_s_question_gives_nobody_what_they_did_not_ask_for() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let make =
        json!({ "name": "x", "scopes": "why:read", "days": 1, "user": uuid::Uuid::from_u128(7), "role": "admin" });
    call(&stage, "make_token", &session, make).await;
    let stranger = domain::UserId::from_uuid(uuid::Uuid::from_u128(7));
    assert!(stage.store.list_api_tokens(stranger).await.unwrap().is_empty());
    let make = json!({ "name": "x", "scopes": "why:read admin", "days": 1 });
    assert_ne!(call(&stage, "make_token", &session, make).await.0, StatusCode::OK);
}

#[tokio::test]
async fn f87_no_address_in_a_request_leads_elsewhere() {
    let stage = Stage::set().await;
    for path in ["//evil.example", "/sign-in?next=https://evil.example", "/\\evil.example", "/%2f%2fevil.example"] {
        let answer = stage.get(path, "").await;
        let location = answer.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
        assert!(location.is_none_or(|location| location.starts_with("/sign-in")), "{path}");
        assert!(!text(answer).await.contains("href=\"https://evil.example"), "{path}");
    }
}
