use super::stage::{Stage, call, is_redirect_to, text};
use axum::http::{StatusCode, header};
use domain::{AuditAction, UserId};
use serde_json::json;
use service::audit::SignedHead;
use service::{Deed, Origin};
use uuid::Uuid;

const EVE: UserId = UserId::from_uuid(Uuid::from_u128(7));

async fn record(stage: &Stage, actor: UserId, subject: &str) {
    let origin = Origin::web("192.0.2.7".parse().ok(), "=cmd|' /C calc'!A0");
    stage.services.audit.record(Deed::new(Some(actor), &origin, AuditAction::GuardSaved, subject)).await.unwrap();
}

#[tokio::test]
async fn f79_a_person_sees_their_own_entries_and_the_first_user_all() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    stage.clock.advance(domain::Millis::from_secs(1));
    stage.strangers_account().await;
    record(&stage, EVE, "account of eve").await;
    let own = stage.services.list_audit(EVE, None, None, 100).await.unwrap();
    assert!(!own.is_whole);
    assert_eq!(own.entries.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), ["account of eve"]);
    let (_, told) = call(&stage, "find_audit", &session, json!({ "action": null, "before": null })).await;
    assert_eq!(told["is_whole"], true);
    assert_eq!(told["entries"][0]["subject"], "account of eve");
    let (_, told) = call(&stage, "find_audit", &session, json!({ "action": "signed_in", "before": null })).await;
    assert!(told["entries"].as_array().unwrap().iter().all(|entry| entry["action"] == "signed_in"));
    let before = json!({ "action": null, "before": told["entries"][0]["seq"] });
    let (_, older) = call(&stage, "find_audit", &session, before).await;
    assert!(older["entries"].as_array().unwrap().iter().all(|entry| entry["action"] != "guard_saved"));
    let (status, _) = call(&stage, "find_audit", "", json!({ "action": null, "before": null })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    for path in ["/settings/audit/export?format=csv", "/settings/audit/head"] {
        assert_eq!(stage.get(path, "").await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    assert!(is_redirect_to(&stage.get("/settings/audit", "").await, "/sign-in"));
    assert!(text(stage.get("/settings/audit", &session).await).await.contains("data-testid=\"audit-entry\""));
}

#[tokio::test]
async fn f77_an_export_from_the_page_holds_no_formula_and_every_entry() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for turn in 0..3 {
        record(&stage, EVE, ["=1+1", "@SUM(A1)", "\t=1"][turn]).await;
    }
    let answer = stage.get("/settings/audit/export?format=csv&action=guard_saved", &session).await;
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    assert!(answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    let csv = text(answer).await;
    assert_eq!(csv.matches("\r\n").count(), 4, "{csv}");
    assert!(csv.contains("\"'=1+1\"") && csv.contains("\"'@SUM(A1)\"") && csv.contains("\"'\t=1\""), "{csv}");
    let lines = text(stage.get("/settings/audit/export?format=json", &session).await).await;
    assert_eq!(lines.lines().count(), stage.services.audit.list(0, 500).await.unwrap().len());
    for nonsense in ["format=xls", "", "format=csv&user=1"] {
        let answer = stage.get(&format!("/settings/audit/export?{nonsense}"), &session).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn f67_a_head_from_the_page_is_signed_and_agrees_later() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let head: SignedHead =
        serde_json::from_str(&text(stage.get("/settings/audit/head", &session).await).await).unwrap();
    assert_eq!(head.check(), Ok(()));
    record(&stage, EVE, "later").await;
    let verdict = stage.services.audit.verify(&[head]).await.unwrap();
    assert!(matches!(verdict, service::audit::Verdict::Whole { .. }));
}
