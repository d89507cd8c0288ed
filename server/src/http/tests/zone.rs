//! Times and amounts as their reader wants them, whichever device they come with.

use super::stage::{Stage, call, text};
use axum::http::StatusCode;
use serde_json::json;

async fn save(stage: &Stage, session: &str, zone: &str) -> (StatusCode, serde_json::Value) {
    let profile = json!({ "name": "Ana", "language": "en", "time_zone": zone });
    call(stage, "save_profile", session, profile).await
}

/// When this session began, as the list of sessions says it.
async fn page(stage: &Stage, cookies: &str) -> String {
    text(stage.get("/settings/security", cookies).await).await
}

fn said(stage: &Stage, zone: &str) -> String {
    let now = stage.now();
    let minutes = service::zone::offset(zone, now).unwrap();
    let there = domain::iso8601::write(now.plus(domain::Millis::new(minutes * 60_000)));
    there[..16].replace('T', " ")
}

#[tokio::test]
async fn a_reader_sees_times_in_the_zone_they_chose_on_every_device() {
    let stage = Stage::set().await;
    let (session, other) = (stage.sign_in().await, stage.sign_in().await);
    assert!(page(&stage, &session).await.contains(&said(&stage, "UTC")), "nobody has said anything yet");
    let from_berlin = format!("{session}; zone=Asia/Kathmandu");
    let seen = page(&stage, &from_berlin).await;
    assert!(seen.contains(&said(&stage, "Asia/Kathmandu")), "what the browser said");
    assert!(seen.contains("data-zone=\"Asia/Kathmandu\""));
    assert_eq!(save(&stage, &session, "America/Sao_Paulo").await.0, StatusCode::OK);
    for cookies in [&session, &other, &from_berlin] {
        let seen = page(&stage, cookies).await;
        assert!(seen.contains(&said(&stage, "America/Sao_Paulo")) && seen.contains("data-zone=\"America/Sao_Paulo\""));
    }
    assert_eq!(call(&stage, "find_profile", &other, json!({})).await.1["time_zone"], "America/Sao_Paulo");
}

#[tokio::test]
async fn a_zone_that_does_not_exist_is_neither_kept_nor_painted() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for nonsense in ["Mars/Olympus", "\"><script>", "../UTC"] {
        let (status, fault) = save(&stage, &session, nonsense).await;
        assert_eq!((status, fault), (StatusCode::UNPROCESSABLE_ENTITY, json!({ "Invalid": "TimeZone" })));
    }
    let seen = page(&stage, &format!("{session}; zone=Mars/Olympus")).await;
    assert!(!seen.contains("data-zone"));
}

#[tokio::test]
async fn a_reader_sees_amounts_in_the_unit_they_chose_on_every_device() {
    let stage = Stage::set().await;
    let (session, other) = (stage.sign_in().await, stage.sign_in().await);
    assert!(page(&stage, &other).await.contains("data-units=\"sats\""));
    assert_eq!(call(&stage, "save_units", &session, json!({ "units": "btc" })).await.0, StatusCode::OK);
    assert!(page(&stage, &other).await.contains("data-units=\"btc\""));
    let later = page(&stage, &format!("{other}; units=usd")).await;
    assert!(later.contains("data-units=\"btc\""), "their own word goes before that of an old cookie");
}
