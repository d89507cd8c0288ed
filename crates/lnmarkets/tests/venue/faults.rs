//! Calls that change something, while the way to the venue is broken.

use crate::support::{Setting, Stage, client, stage};
use axum::Router;
use axum::extract::State;
use domain::action::Change;
use domain::{Millis, PositionId, Sats, Timestamp};
use exchange::{Deadlines, Exchange, Outcome, Priority, Silence};
use paper::CallKind;
use paper::http::{Fault, Hold};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

const ADD: &str = "/v3/futures/isolated/trade/add-margin";
const RUNNING: &str = "/v3/futures/isolated/trades/running";
const IMPATIENT: Duration = Duration::from_millis(200);

/// Tops up under the fault; how it ended, and how many top-ups the venue carried out.
async fn top_up_under(fault: Fault) -> (Outcome<domain::Position>, usize) {
    let stage = stage().await;
    let id = stage.open_position().position.id;
    stage.faults.plan("POST", ADD, fault);
    let outcome = stage.account.add_margin(id, Sats::new(1_000)).await;
    assert_eq!(stage.faults.pending(), 0, "the call met its fault");
    (outcome, stage.calls(CallKind::AddMargin).len())
}

async fn check(fault: Fault, silence: Silence, carried_out: usize) {
    let described = format!("{fault:?}");
    assert_eq!(top_up_under(fault).await, (Outcome::Unknown(silence), carried_out), "{described}");
}

fn status(code: u16, body: &str, headers: &[(&str, &str)]) -> Fault {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Fault::Status { code, body: body.to_owned(), headers }
}

#[tokio::test]
async fn f01_a_top_up_whose_answer_is_late_is_unknown_and_sent_once() {
    let stage = stage().await;
    let id = stage.open_position().position.id;
    let before = stage.margin();
    let hold = Hold::default();
    stage.faults.plan("POST", ADD, Fault::HoldReply(hold.clone()));
    let account = stage.account_with(IMPATIENT);
    assert_eq!(account.add_margin(id, Sats::new(1_000)).await, Outcome::Unknown(Silence::TimedOut));
    hold.release();
    let seen = account.fetch_running(Priority::GuardRead).await.unwrap();
    assert_eq!(seen[0].margin, before.checked_add(Sats::new(1_000)).unwrap(), "reading back shows it");
    assert_eq!(stage.calls(CallKind::AddMargin).len(), 1);
}

/// Where others are in danger, an answer is not waited for as long as the client would.
#[tokio::test]
async fn f01_an_answer_that_nobody_can_wait_for_is_unknown_and_the_call_was_sent_once() {
    let stage = stage().await;
    let id = stage.open_position().position.id;
    let hold = Hold::default();
    stage.faults.plan("POST", ADD, Fault::HoldReply(hold.clone()));
    let deadlines = Deadlines { sign_by: Timestamp::from_unix_ms(i64::MAX), answer_within: Millis::new(100) };
    let change = Change::AddMargin { amount: Sats::new(1_000) };
    let outcome = stage.account.carry_out(id, change, deadlines);
    let in_time = tokio::time::timeout(Duration::from_secs(1), outcome).await;
    assert_eq!(in_time, Ok(Outcome::Unknown(Silence::TimedOut)), "the client alone would wait for longer");
    hold.release();
    assert_eq!(stage.calls(CallKind::AddMargin).len(), 1);
}

#[tokio::test]
async fn f01_a_top_up_whose_answer_is_lost_is_unknown_and_sent_once() {
    check(Fault::LoseReplyAfterAccept, Silence::ConnectionLost, 1).await;
}

#[tokio::test]
async fn f02_a_top_up_that_is_lost_on_the_way_is_unknown_and_not_repeated() {
    check(Fault::LoseRequest, Silence::ConnectionLost, 0).await;
    check(Fault::ResetConnection, Silence::ConnectionLost, 0).await;
}

#[tokio::test]
async fn f03_a_top_up_that_the_venue_carries_out_late_was_sent_once() {
    let stage = stage().await;
    let id = stage.open_position().position.id;
    let hold = Hold::default();
    stage.faults.plan("POST", ADD, Fault::HoldRequest(hold.clone()));
    let account = stage.account_with(IMPATIENT);
    let outcome = account.add_margin(id, Sats::new(1_000)).await;
    assert_eq!(outcome, Outcome::Unknown(Silence::TimedOut));
    assert_eq!(stage.calls(CallKind::AddMargin).len(), 0);
    let before = stage.margin();
    hold.release();
    wait_for_margin_above(&stage, before).await;
    assert_eq!(stage.calls(CallKind::AddMargin).len(), 1);
}

async fn wait_for_margin_above(stage: &Stage, before: Sats) {
    let risen = async {
        while stage.margin() <= before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), risen).await.unwrap();
}

#[tokio::test]
async fn f05_an_html_page_after_a_top_up_is_an_unknown_outcome() {
    let html = "<html><body>Bad gateway</body></html>";
    for code in [500, 502, 503, 504, 520] {
        check(status(code, html, &[("content-type", "text/html")]), Silence::Status(code), 0).await;
    }
    check(status(200, html, &[("content-type", "text/html")]), Silence::Unreadable, 0).await;
    check(status(403, html, &[("content-type", "text/html")]), Silence::Status(403), 0).await;
}

#[tokio::test]
async fn f05_an_answer_that_is_not_whole_is_an_unknown_outcome() {
    check(Fault::TruncateJson, Silence::Unreadable, 1).await;
    check(status(200, "", &[("content-type", "application/json")]), Silence::Unreadable, 0).await;
    check(status(200, "{}", &[("content-type", "application/json")]), Silence::Unreadable, 0).await;
    check(status(204, "", &[]), Silence::Unreadable, 0).await;
}

#[tokio::test]
async fn f05_a_definite_status_without_the_venues_words_is_an_unknown_outcome() {
    let other = r#"{"error":"denied"}"#;
    check(status(400, other, &[("content-type", "application/json")]), Silence::Status(400), 0).await;
    let words = r#"{"code":"SERVICE_UNAVAILABLE","message":"Trading engine is temporarily unavailable"}"#;
    check(status(503, words, &[("content-type", "application/json")]), Silence::Status(503), 0).await;
    check(status(408, words, &[("content-type", "application/json")]), Silence::Status(408), 0).await;
}

#[tokio::test]
async fn an_answer_about_another_position_proves_nothing() {
    let stage = stage().await;
    let [asked, other] = [stage.open_position().position.id, stage.open_position().position.id];
    let account = &stage.account;
    let Outcome::Done(_) = account.add_margin(other, Sats::new(1)).await else { panic!("the other one") };
    let answer = stage.venue.lock().running(stage.owner).len();
    assert_eq!(answer, 2);
    let trade = serde_json::json!({
        "id": other, "side": "buy", "quantity": 100, "margin": 1, "leverage": 1, "price": 1, "liquidation": 1,
        "createdAt": "2026-04-22T11:07:19.867Z", "running": true
    });
    stage.faults.plan("POST", ADD, status(200, &trade.to_string(), &[("content-type", "application/json")]));
    assert_eq!(account.add_margin(asked, Sats::new(1)).await, Outcome::Unknown(Silence::Unreadable));
}

#[tokio::test]
async fn f08_a_429_is_a_no_in_the_venues_own_words_only() {
    let words = r#"{"code":"TOO_MANY_REQUESTS","message":"Too many requests"}"#;
    let json = ("content-type", "application/json");
    let (outcome, carried_out) = top_up_under(status(429, words, &[json, ("retry-after", "1")])).await;
    assert!(matches!(outcome, Outcome::Rejected(refusal) if refusal.status == 429));
    assert_eq!(carried_out, 0);
    check(status(429, "slow down", &[("retry-after", "1")]), Silence::Status(429), 0).await;
}

#[tokio::test]
async fn f11_a_clock_that_is_forty_seconds_off_signs_by_the_venues_time() {
    for skew in [-40, 40] {
        let stage = Setting { skew: Millis::from_secs(skew), ..Setting::default() }.open().await;
        let id = stage.open_position().position.id;
        stage.account.fetch_running(Priority::GuardRead).await.unwrap();
        let offset = stage.client.market().clock_offset().unwrap().get();
        assert!((offset - skew * 1_000).abs() < 500, "{offset}");
        assert!(matches!(stage.account.add_margin(id, Sats::new(1)).await, Outcome::Done(_)));
    }
}

#[tokio::test]
async fn a_top_up_without_a_connection_was_never_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let account = client(&endpoint).account(crate::support::key());
    let outcome = account.add_margin(PositionId::from_uuid(uuid::Uuid::nil()), Sats::new(1)).await;
    let Outcome::Rejected(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!((refusal.status, refusal.code.as_str()), (0, "NOT_SENT"));
}

#[tokio::test]
async fn f26_a_venue_that_never_finishes_its_greeting_was_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let account = client(&endpoint).account(crate::support::key());
    let outcome = account.add_margin(PositionId::from_uuid(uuid::Uuid::nil()), Sats::new(1)).await;
    assert!(matches!(outcome, Outcome::Rejected(refusal) if refusal.status == 0));
    drop(listener);
}

#[tokio::test]
async fn f27_a_redirect_is_not_followed() {
    let visits = Arc::new(AtomicUsize::new(0));
    let count = |State(visits): State<Arc<AtomicUsize>>| async move {
        visits.fetch_add(1, Ordering::SeqCst);
        "{}"
    };
    let elsewhere = Router::new().fallback(count).with_state(visits.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let location = format!("http://{}/v3/stolen", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, elsewhere).await });
    for code in [301, 302, 303, 307, 308] {
        check(status(code, "", &[("location", &location)]), Silence::Status(code), 0).await;
        let stage = stage().await;
        stage.faults.plan_times(3, "GET", RUNNING, status(code, "", &[("location", &location)]));
        assert!(stage.account.fetch_running(Priority::GuardRead).await.is_err());
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}
