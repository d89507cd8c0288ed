//! Accounts and keys as the page adds, tests, replaces and removes them.

use super::stage::{PASSWORD, Stage, call, text};
use async_trait::async_trait;
use axum::http::StatusCode;
use domain::{Millis, Mode};
use serde_json::{Value, json};
use service::{ExchangeKey, KeyGate, KeyObjection, KeyRefusal, KeyReport};
use std::sync::Arc;

const SECRET: &str = "hush-0c9b";

/// An exchange that knows keys by their names.
struct Gate;

#[async_trait]
impl KeyGate for Gate {
    async fn examine(&self, _mode: Mode, key: &ExchangeKey) -> Result<KeyReport, KeyRefusal> {
        let refused = |objection, words: &str| Err(KeyRefusal { objection, words: words.to_owned() });
        let report = |granted: &[&str], missing: &[&str]| {
            let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
            Ok(KeyReport { granted: owned(granted), missing: owned(missing) })
        };
        match key.key.as_str() {
            "good" => report(&["account:read"], &[]),
            "reading" => report(&["account:read"], &["futures:isolated:write"]),
            "withdrawing" => refused(KeyObjection::MayWithdraw, "it may withdraw"),
            _ => refused(KeyObjection::NotAccepted, "LN Markets does not accept this key: unknown"),
        }
    }
}

async fn stage() -> (Stage, String) {
    let stage = Stage::set().await;
    stage.services.custody.examine_keys_at(Arc::new(Gate));
    let session = stage.sign_in().await;
    (stage, session)
}

fn typed(key: &str) -> Value {
    json!({ "key": key, "secret": SECRET, "passphrase": SECRET })
}

fn live(name: &str, key: &str) -> Value {
    json!({ "name": name, "mode": "live", "key": typed(key) })
}

async fn list(stage: &Stage, session: &str) -> Vec<Value> {
    let (_, accounts) = call(stage, "accounts", session, json!({})).await;
    accounts.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_key_that_may_withdraw_or_is_unknown_is_not_kept() {
    let (stage, session) = stage().await;
    let (status, fault) = call(&stage, "add_account", &session, live("Main", "withdrawing")).await;
    assert_eq!((status, fault), (StatusCode::UNPROCESSABLE_ENTITY, json!("MayWithdraw")));
    let (_, fault) = call(&stage, "add_account", &session, live("Main", "stranger")).await;
    assert!(fault["NotAccepted"].as_str().unwrap().contains("unknown"), "{fault}");
    let (_, fault) =
        call(&stage, "add_account", &session, json!({ "name": "Main", "mode": "live", "key": null })).await;
    assert_eq!(fault, json!("NoKey"));
    assert_eq!(list(&stage, &session).await.len(), 1, "the paper account alone");
}

#[tokio::test]
async fn what_a_key_lacks_is_told_when_it_is_added_and_whenever_it_is_tested() {
    let (stage, session) = stage().await;
    let (status, added) = call(&stage, "add_account", &session, live(" Main ", "reading")).await;
    assert_eq!((status, &added["missing"]), (StatusCode::OK, &json!(["futures:isolated:write"])));
    let (_, scopes) = call(&stage, "test_key", &session, json!({ "account": added["account"] })).await;
    assert_eq!(scopes, json!({ "granted": ["account:read"], "missing": ["futures:isolated:write"] }));
    let (status, fault) = call(&stage, "add_account", &session, live("Main", "good")).await;
    assert_eq!((status, fault), (StatusCode::CONFLICT, json!("NameTaken")));
    let change = json!({ "account": added["account"], "key": typed("good") });
    assert_eq!(call(&stage, "replace_key", &session, change).await, (StatusCode::OK, json!([])));
    let (_, scopes) = call(&stage, "test_key", &session, json!({ "account": added["account"] })).await;
    assert_eq!(scopes["missing"], json!([]), "the other key is in use");
}

#[tokio::test]
async fn a_key_never_comes_back() {
    let (stage, session) = stage().await;
    let (_, added) = call(&stage, "add_account", &session, live("Main", "good")).await;
    let (_, scopes) = call(&stage, "test_key", &session, json!({ "account": added["account"] })).await;
    let page = text(stage.get("/settings/accounts", &session).await).await;
    assert_eq!(page.matches("data-testid=\"account-row\"").count(), 2, "{page}");
    let told = format!("{page}{scopes}{:?}{added}", list(&stage, &session).await);
    assert!(!told.contains(SECRET));
    let audit = stage.store.list_audit(0, 100).await.unwrap();
    let told = |row: &store::AuditRow| format!("{} {:?} {:?}", row.subject, row.before, row.after);
    assert!(audit.iter().any(|row| row.action == "account_added"));
    assert!(!audit.iter().any(|row| told(row).contains(SECRET)));
}

#[tokio::test]
async fn keys_are_changed_only_by_who_has_just_shown_who_they_are() {
    let (stage, session) = stage().await;
    let (_, added) = call(&stage, "add_account", &session, live("Main", "good")).await;
    let account = &added["account"];
    stage.clock.advance(Millis::from_secs(301));
    let deeds = [
        ("add_account", live("Second", "good")),
        ("replace_key", json!({ "account": account, "key": typed("good") })),
        ("remove_account", json!({ "account": account })),
    ];
    for (function, asked) in &deeds {
        let (_, fault) = call(&stage, function, &session, asked.clone()).await;
        assert_eq!(fault, json!({ "Who": "NotConfirmed" }), "{function}");
        let (status, fault) = call(&stage, function, "", asked.clone()).await;
        assert_eq!((status, fault), (StatusCode::UNAUTHORIZED, json!({ "Who": "SignedOut" })), "{function}");
    }
    assert_eq!(call(&stage, "asks_code", &session, json!({})).await, (StatusCode::OK, json!(false)));
    let paper = json!({ "name": "Practice", "mode": "paper", "key": null });
    assert_eq!(call(&stage, "add_account", &session, paper).await.0, StatusCode::OK, "play money needs no proof");
    call(&stage, "step_up", &session, json!({ "password": PASSWORD, "code": "" })).await;
    for (function, asked) in deeds {
        assert_eq!(call(&stage, function, &session, asked).await.0, StatusCode::OK, "{function}");
    }
    assert_eq!(list(&stage, &session).await.len(), 3, "two of paper, and the second");
}

#[tokio::test]
async fn another_persons_account_is_not_there() {
    let (stage, session) = stage().await;
    let account = stage.strangers_account().await;
    for (function, asked) in [
        ("test_key", json!({ "account": account })),
        ("replace_key", json!({ "account": account, "key": typed("good") })),
        ("remove_account", json!({ "account": account })),
    ] {
        let answer = call(&stage, function, &session, asked).await;
        assert_eq!(answer, (StatusCode::NOT_FOUND, json!("NotFound")), "{function}");
    }
}
