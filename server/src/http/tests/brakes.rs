use super::stage::{PASSWORD, Stage, call, text};
use axum::http::StatusCode;
use domain::Millis;
use domain::brake::{StopScope, Stopped};
use serde_json::json;

#[tokio::test]
async fn f61_a_switch_is_pulled_at_once_and_released_only_by_who_shows_again_who_they_are() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    stage.clock.advance(Millis::from_secs(600));
    let pull = json!({ "account": stage.account, "stopped": "guards", "keep_orders": false });
    let (status, _) = call(&stage, "pull_stop", &session, pull).await;
    assert_eq!(status, StatusCode::OK, "stopping asks for nothing");
    let stops = stage.store.list_stops(stage.account).await.unwrap();
    assert_eq!(stops.iter().map(|stop| stop.stopped).collect::<Vec<_>>(), [Stopped::Guards]);

    let release = json!({ "account": stage.account, "stopped": "guards" });
    let (status, fault) = call(&stage, "release_stop", &session, release.clone()).await;
    assert!(status != StatusCode::OK && fault == "NotConfirmed", "{fault}");
    assert_eq!(stage.store.list_stops(stage.account).await.unwrap().len(), 1);
    let (status, fault) = call(&stage, "rearm_breaker", &session, json!({})).await;
    assert!(status != StatusCode::OK && fault == "NotConfirmed", "{fault}");

    let (status, _) = call(&stage, "step_up", &session, json!({ "password": PASSWORD, "code": "" })).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = call(&stage, "release_stop", &session, release).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(stage.store.list_stops(stage.account).await.unwrap(), []);
    let audit = stage.store.list_audit(0, 100).await.unwrap();
    let deeds: Vec<_> = audit.iter().map(|row| row.action.as_str()).collect();
    assert!(deeds.contains(&"stop_pulled") && deeds.contains(&"stop_released"), "{deeds:?}");
}

#[tokio::test]
async fn f79_nobody_moves_anothers_switch() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let stranger = stage.strangers_account().await;
    let pull = json!({ "account": stranger, "stopped": "trading", "keep_orders": false });
    let (status, fault) = call(&stage, "pull_stop", &session, pull.clone()).await;
    assert_eq!((status, fault), (StatusCode::NOT_FOUND, json!("NotFound")));
    assert_eq!(stage.store.list_stops(stranger).await.unwrap(), []);
    for function in ["pull_stop", "release_stop", "find_brakes"] {
        let (status, _) = call(&stage, function, "", pull.clone()).await;
        assert_ne!(status, StatusCode::OK, "{function} for who is not signed in");
    }
}

#[tokio::test]
async fn f61_every_page_says_what_is_stopped_and_where_it_is_lifted() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    assert!(!text(stage.get("/", &session).await).await.contains("brake-banner"));
    let pull = json!({ "account": null, "stopped": "trading", "keep_orders": true });
    let (status, _) = call(&stage, "pull_stop", &session, pull).await;
    assert_eq!(status, StatusCode::OK, "the first user stops everything");
    assert_eq!(stage.store.list_stops(stage.account).await.unwrap()[0].scope, StopScope::Everything);
    for path in ["/", "/positions", "/guard", "/activity", "/settings/security", "/stop"] {
        let page = text(stage.get(path, &session).await).await;
        assert!(page.contains("brake-banner") && page.contains("href=\"/stop\""), "{path}: {page}");
    }
    let page = text(stage.get("/stop", &session).await).await;
    for part in ["pull-trading", "pull-guards", "release-all-trading", "pull-all-guards", "stays-open"] {
        assert!(page.contains(&format!("data-testid=\"{part}\"")), "{part}: {page}");
    }
}
