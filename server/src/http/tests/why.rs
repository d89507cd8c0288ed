use super::stage::{Stage, decision, text};
use axum::http::StatusCode;
use domain::why::{Run, Sight, Why};
use domain::{AccountId, LedgerEntry, Millis, PositionId, iso8601};
use service::Clock;
use store::NewEntry;
use uuid::Uuid;

/// A decision about a position, repeated for a minute.
async fn decided(stage: &Stage, account: AccountId) -> PositionId {
    let position = PositionId::from_uuid(Uuid::from_u128(0xB0A7));
    let entry = LedgerEntry { position: Some(position), ..decision(account, stage.clock.now()) };
    let seqs = stage.store.append_entries(&[NewEntry { entry, notify: false }]).await.unwrap();
    let at = stage.clock.now();
    let first = Sight { at, market_at: at, price: None, price_age: None, distance: None, rule: None };
    let last = Sight { at: at.plus(Millis::MINUTE), ..first };
    stage.store.save_runs(&[Run { entry: seqs[0], first, last, looks: 31, closest: None }]).await.unwrap();
    position
}

#[tokio::test]
async fn f79_why_is_answered_to_the_owner_alone() {
    let stage = Stage::set().await;
    let position = decided(&stage, stage.account).await;
    let path = format!("/api/v1/why?account={}&position={position}", stage.account);
    assert_eq!(stage.get(&path, "").await.status(), StatusCode::UNAUTHORIZED);
    let session = stage.sign_in().await;
    let answer = stage.get(&path, &session).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers().get("cache-control").unwrap(), "no-store");
    let why: Why = serde_json::from_str(&text(answer).await).unwrap();
    assert_eq!(why.moment.unwrap().run.unwrap().looks, 31);

    let stranger = stage.strangers_account().await;
    decided(&stage, stranger).await;
    let unknown = PositionId::from_uuid(Uuid::from_u128(9));
    for path in [
        format!("/api/v1/why?account={stranger}&position={position}"),
        format!("/api/v1/why?account={}&position={unknown}", stage.account),
        format!("/api/v1/why?account=nonsense&position={position}"),
        format!("/api/v1/why?account={}&position=nonsense", stage.account),
    ] {
        assert_eq!(stage.get(&path, &session).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn why_takes_a_time_and_refuses_what_it_does_not_know() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let position = decided(&stage, stage.account).await;
    let ask = async |more: &str| {
        let path = format!("/api/v1/why?account={}&position={position}{more}", stage.account);
        stage.get(&path, &session).await
    };
    let late = iso8601::write(stage.clock.now().plus(Millis::from_secs(600)));
    let why: Why = serde_json::from_str(&text(ask(&format!("&at={late}")).await).await).unwrap();
    assert!(why.is_gap, "nothing is known of ten minutes later");
    assert_eq!(ask("&at=yesterday").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(ask("&user=1").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_page_why_shows_the_decision_and_what_it_was_made_on() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let position = decided(&stage, stage.account).await;
    let page = text(stage.get(&format!("/positions/{position}/why"), &session).await).await;
    assert!(page.contains("why-facts") && page.contains("Decided 31 times"), "{page}");
    let unknown = PositionId::from_uuid(Uuid::from_u128(9));
    let page = text(stage.get(&format!("/positions/{unknown}/why"), &session).await).await;
    assert!(!page.contains("why-facts"));
}
