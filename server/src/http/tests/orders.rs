use super::stage::{Stage, call, text};
use axum::http::StatusCode;
use domain::ActionId;
use serde_json::{Value, json};
use uuid::Uuid;

fn key(number: u128) -> ActionId {
    ActionId::from_uuid(Uuid::from_u128(number))
}

fn close(account: impl serde::Serialize, position: Value) -> Value {
    json!({ "account": account, "key": key(1), "position": position, "change": "close" })
}

#[tokio::test]
async fn f79_nobody_trades_on_anothers_account_nor_without_signing_in() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let stranger = stage.strangers_account().await;
    let (status, fault) = call(&stage, "carry_out", &session, close(stranger, json!(key(2)))).await;
    assert_eq!((status, fault), (StatusCode::NOT_FOUND, json!("NotFound")));
    let (status, _) = call(&stage, "find_fate", &session, json!({ "account": stranger, "key": key(1) })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, fault) = call(&stage, "carry_out", "", close(stage.account, json!(key(2)))).await;
    assert_eq!((status, fault), (StatusCode::UNAUTHORIZED, json!("SignedOut")));
    let (status, _) = call(&stage, "find_fate", "", json!({ "account": stage.account, "key": key(1) })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(stage.store.find_action(stage.account, key(1)).await.unwrap(), None);
}

#[tokio::test]
async fn f31_what_no_page_would_ask_for_is_refused_and_leaves_no_trace() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let opening = |quantity: i64, leverage: i64| {
        let position = json!({
            "side": "long", "quantity": quantity, "leverage": leverage, "stop_loss": null, "take_profit": null,
        });
        let change = json!({ "open": { "order": { "position": position, "limit": null } } });
        json!({ "account": stage.account, "key": key(1), "position": null, "change": change })
    };
    let amount = |sats: i64| {
        let change = json!({ "add_margin": { "amount": sats } });
        json!({ "account": stage.account, "key": key(1), "position": key(2), "change": change })
    };
    let withdrawal = json!({ "account": stage.account, "key": key(1), "position": key(2), "change": "withdraw" });
    for nonsense in [
        close(stage.account, Value::Null),
        opening(0, 10_000_000),
        opening(500_001, 10_000_000),
        opening(1_000, 100_000_001),
        opening(1_000, 0),
        amount(0),
        amount(-1),
        withdrawal,
    ] {
        let (status, answer) = call(&stage, "carry_out", &session, nonsense.clone()).await;
        assert!(!status.is_success(), "{nonsense}: {status} {answer}");
    }
    assert_eq!(stage.store.list_actions(stage.account, 9).await.unwrap(), []);
}

#[tokio::test]
async fn the_trade_page_comes_whole_with_its_ticket() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let page = text(stage.get("/trade", &session).await).await;
    for part in ["ticket-quantity", "ticket-open", "trade-chart", "hand-dialog", "study-rsi", "mode-badge"] {
        assert!(page.contains(&format!("data-testid=\"{part}\"")), "{part}: {page}");
    }
}
