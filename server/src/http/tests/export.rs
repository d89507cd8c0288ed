//! The activity as a file.

use super::stage::{Stage, decision, text};
use axum::http::{StatusCode, header};
use domain::{LedgerEntry, LedgerOutcome, Millis, Reason, iso8601};
use service::Clock;
use store::NewEntry;

async fn say(stage: &Stage, outcome: LedgerOutcome, detail: &str) {
    let reason = Reason::ExchangeUnreadable { detail: detail.to_owned() };
    let entry = LedgerEntry { outcome, reason, ..decision(stage.account, stage.clock.now()) };
    stage.store.append_entries(&[NewEntry { entry, notify: false }]).await.unwrap();
}

#[tokio::test]
async fn f77_the_activity_is_exported_to_its_owner_as_the_filters_say_and_no_cell_is_a_formula() {
    let stage = Stage::set().await;
    let noon = stage.clock.now();
    say(&stage, LedgerOutcome::Alarmed, "=HYPERLINK(\"http://evil\")").await;
    stage.clock.advance(Millis::DAY);
    for _ in 0..501 {
        say(&stage, LedgerOutcome::Noted, "more than a page").await;
    }
    let path = |rest: &str| format!("/activity/export?account={}&format={rest}", stage.account);
    assert_eq!(stage.get(&path("csv"), "").await.status(), StatusCode::UNAUTHORIZED);
    let session = stage.sign_in().await;
    let answer = stage.get(&path("csv"), &session).await;
    let name = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(name.contains("axisor-activity.csv") && answer.headers()[header::CACHE_CONTROL] == "no-store");
    let csv = text(answer).await;
    assert!(csv.lines().count() >= 503, "every page is in it: {}", csv.lines().count());
    assert!(csv.contains("HYPERLINK") && !csv.contains("\"=HYPERLINK"), "{csv}");

    let until = iso8601::write(noon.plus(Millis::HOUR));
    let early: Vec<LedgerEntry> = serde_json::from_str(
        &text(stage.get(&path(&format!("json&outcome=alarmed&until={until}")), &session).await).await,
    )
    .unwrap();
    assert_eq!(early.len(), 1);
    let late = path(&format!("json&outcome=alarmed&from={until}&position="));
    assert_eq!(text(stage.get(&late, &session).await).await, "[]");
    for nonsense in ["xml", "csv&outcome=perhaps", "csv&from=yesterday", "csv&position=1"] {
        assert_eq!(stage.get(&path(nonsense), &session).await.status(), StatusCode::BAD_REQUEST, "{nonsense}");
    }
    let stranger = stage.strangers_account().await;
    let other = format!("/activity/export?account={stranger}&format=csv");
    assert_eq!(stage.get(&other, &session).await.status(), StatusCode::NOT_FOUND);
}
