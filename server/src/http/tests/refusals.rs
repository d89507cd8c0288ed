//! What was refused is in the log: to whom, from where, and no secret.

use super::stage::{PASSWORD, Stage, call, get, sign_in};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use domain::Millis;
use serde_json::json;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// The log of one test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn refused(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().filter(|line| line.contains("refused")).map(str::to_owned).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    (log, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn f75_f79_who_asks_for_what_is_anothers_or_goes_around_a_wall_is_in_the_log() {
    let stage = Stage::set().await;
    let (session, stranger) = (stage.sign_in().await, stage.strangers_account().await);
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap().id.to_string();
    let (log, _guard) = listen();
    assert_eq!(stage.get(&format!("/live/{stranger}?after=7"), &session).await.status(), StatusCode::NOT_FOUND);
    let told = log.refused();
    assert_eq!(told.len(), 1, "{told:?}");
    for part in [&ana, &stranger.to_string(), "404", "GET"] {
        assert!(told[0].contains(part), "{part}: {}", told[0]);
    }
    assert!(!told[0].contains("after=7") && !told[0].contains(session.split_once('=').unwrap().1), "{}", told[0]);

    let mut request = Request::post("/api/sign_out")
        .header(header::HOST, "127.0.0.1:13010")
        .header(header::ORIGIN, "https://evil.example")
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([198, 51, 100, 7], 1))));
    assert_eq!(stage.ask(request).await.status(), StatusCode::FORBIDDEN);
    assert!(log.refused()[1].contains("198.51.100.7") && log.refused()[1].contains("403"), "{:?}", log.refused());

    assert_eq!(call(&stage, "accounts", "", json!({})).await.0, StatusCode::UNAUTHORIZED);
    stage.ask(sign_in("ana@example.org", "not the password", "")).await;
    assert!(log.refused().iter().all(|line| !line.contains("not the password") && !line.contains(PASSWORD)));
    let before = log.refused().len();
    assert_eq!(stage.get("/no-such-page", "").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(log.refused().len(), before, "what a stranger does not find is nobody's");
}

#[tokio::test]
async fn f74_a_flood_of_refusals_is_counted_and_fills_no_log() {
    let stage = Stage::set().await;
    let (log, _guard) = listen();
    let ask = async || stage.ask(get("/live/x", "").body(Body::empty()).unwrap()).await;
    for _ in 0..70 {
        assert_eq!(ask().await.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(log.refused().len(), 60);
    stage.clock.advance(Millis::from_secs(60));
    ask().await;
    let told = log.refused();
    assert!(told.len() == 61 && told[60].contains("untold=10"), "{:?}", told.last());
}
