//! A rule on the market's past, as the guard's editor asks for it.

use super::stage::{Stage, call};
use axum::http::StatusCode;
use domain::guard_policy::GuardPolicyDraft;
use domain::{
    AtLimit, Bps, Candle, GuardLimits, GuardScope, HistorySource, Interval, Millis, Price, Sats, Span, Timestamp,
};
use serde_json::{Value, json};

fn rule() -> GuardPolicyDraft {
    GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(300),
        target: Bps::new(800),
        limits: GuardLimits {
            per_action: Sats::new(500_000),
            per_position: Sats::new(3_000_000),
            per_day: Sats::new(3_000_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::ZERO,
            max_actions: 50,
        },
        at_limit: AtLimit::AlertOnly,
    }
}

fn asked(stage: &Stage, wallet: i64, days: u16) -> Value {
    json!({ "account": stage.account, "side": "long", "quantity": 1_000, "leverage": 10_000_000, "wallet": wallet,
        "policy": rule(), "days": days })
}

/// Three days of minutes, of which the last falls by a fifth.
async fn keep_a_fall(stage: &Stage) {
    let minutes = 3 * 1_440;
    let from = Timestamp::from_unix_ms(1_700_000_040_000 / 60_000 * 60_000);
    let at = |minute: i64| from.plus(Millis::new(minute * Millis::MINUTE.get()));
    let bar = |minute: i64| {
        let depth = (minute - 2 * 1_440).max(0) * 28;
        let price = |ticks: i64| Price::from_ticks(ticks).unwrap();
        let (open, low) = (price(200_000 - depth), price(200_000 - depth - 28));
        Candle { at: at(minute), open, high: open, low, close: low, volume: 0 }
    };
    let bars: Vec<Candle> = (0..minutes).map(bar).collect();
    let span = Span::new(from, at(minutes));
    stage.store.insert_candles(HistorySource::LnMarkets, Interval::MINUTE, span, &bars).await.unwrap();
}

#[tokio::test]
async fn a_rule_is_replayed_on_what_is_kept_beside_a_stop_and_nothing() {
    let stage = Stage::set().await;
    keep_a_fall(&stage).await;
    let session = stage.sign_in().await;
    let (status, told) = call(&stage, "replay", &session, asked(&stage, 5_000_000, 3)).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let fates = ["guard", "stop_loss", "none"].map(|case| told[case]["fate"].as_str().unwrap().to_owned());
    assert_eq!(fates, ["open", "closed", "liquidated"]);
    assert_eq!((&told["bars"], &told["missing"]), (&json!(4_320), &json!(0)));
    assert!(told["guard"]["top_ups"].as_i64().unwrap() > 0);
    let (_, short) = call(&stage, "replay", &session, asked(&stage, 5_000_000, 1)).await;
    assert_eq!(short["bars"], 1_440, "the newest day alone");

    let (status, fault) = call(&stage, "replay", &session, asked(&stage, 1_000, 3)).await;
    assert_eq!((status, &fault["WalletTooSmall"]["wallet"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(1_000)));
    let (status, fault) = call(&stage, "replay", "", asked(&stage, 5_000_000, 3)).await;
    assert_eq!((status, fault), (StatusCode::UNAUTHORIZED, json!("SignedOut")));
    let stranger = stage.strangers_account().await;
    let mut other = asked(&stage, 5_000_000, 3);
    other["account"] = json!(stranger);
    assert_eq!(call(&stage, "replay", &session, other).await.0, StatusCode::NOT_FOUND);
}

/// The bytes of the past that a browser is given.
async fn past(stage: &Stage, path: &str, session: &str) -> (StatusCode, Vec<u8>) {
    let answer = stage.get(path, session).await;
    let status = answer.status();
    (status, axum::body::to_bytes(answer.into_body(), 4 * 1024 * 1024).await.unwrap().to_vec())
}

#[tokio::test]
async fn a_browser_is_given_the_past_that_the_server_replays_and_says_the_same_of_it() {
    let stage = Stage::set().await;
    keep_a_fall(&stage).await;
    let session = stage.sign_in().await;
    let path = format!("/past/{}?days=3", stage.account);
    let (status, bytes) = past(&stage, &path, &session).await;
    assert_eq!(status, StatusCode::OK);
    assert!(bytes.len() < 3 * 1_440 * 8, "{} bytes", bytes.len());
    let setup = asked(&stage, 5_000_000, 3);
    let here = replayer::Past::read(&bytes).unwrap().replay(&setup.to_string()).unwrap();
    let (_, there) = call(&stage, "replay", &session, setup).await;
    assert_eq!(serde_json::from_str::<Value>(&here).unwrap(), json!({ "Ok": there }));

    assert_eq!(past(&stage, &path, "").await.0, StatusCode::UNAUTHORIZED);
    let theirs = format!("/past/{}?days=3", stage.strangers_account().await);
    assert_eq!(past(&stage, &theirs, &session).await, (StatusCode::NOT_FOUND, Vec::new()));
    assert_eq!(past(&stage, "/past/nonsense?days=3", &session).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn f37_a_flood_of_replays_by_one_person_keeps_three_places_and_nobody_else_out() {
    let stage = Stage::set().await;
    keep_a_fall(&stage).await;
    let session = stage.sign_in().await;
    let flood = (0..40).map(|_| call(&stage, "replay", &session, asked(&stage, 5_000_000, 3)));
    let answers = futures::future::join_all(flood).await;
    let of = |wanted: StatusCode| answers.iter().filter(|(status, _)| *status == wanted).count();
    assert_eq!((of(StatusCode::OK), of(StatusCode::TOO_MANY_REQUESTS)), (3, 37), "{answers:?}");
    let (status, _) = call(&stage, "replay", &session, asked(&stage, 5_000_000, 3)).await;
    assert_eq!(status, StatusCode::OK, "the places are given back");
}

#[tokio::test]
async fn where_nothing_is_kept_the_markets_own_memory_is_replayed() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let (status, told) = call(&stage, "replay", &session, asked(&stage, 5_000_000, 30)).await;
    let is_told = status == StatusCode::OK && told["bars"].as_i64().is_some_and(|bars| 1 <= bars);
    assert!(is_told || told == "NoHistory", "{status} {told}");
}
