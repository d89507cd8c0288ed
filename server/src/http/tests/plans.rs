//! Plans on pages: granted by an admin, seen by whoever has one, and said where they are full.

use super::stage::{Stage, call, text};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn f81_a_full_plan_refuses_what_is_new_and_the_pages_say_so() {
    let stage = Stage::set().await;
    let admin = stage.sign_in().await;
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap().id;
    let term = json!({ "plan": "free", "until": null });
    let request = "00000000-0000-0000-0000-000000000001";
    let grant = json!({ "request": request, "user": ana, "term": term, "reason": "for the test" });
    for _ in 0..2 {
        let (status, said) = call(&stage, "grant_plan", &admin, grant.clone()).await;
        assert_eq!(status, StatusCode::OK, "{said}");
    }
    let add = async |name: &str| {
        call(&stage, "add_account", &admin, json!({ "name": name, "mode": "paper", "key": null })).await
    };
    assert_eq!(add("second").await.0, StatusCode::OK);
    let full = json!({ "Full": { "plan": "free", "of": "accounts", "limit": 2 } });
    assert_eq!(add("third").await, (StatusCode::CONFLICT, full));
    let page = text(stage.get("/settings/profile", &admin).await).await;
    for word in ["plan-term", "Free", "2 of 2"] {
        assert!(page.contains(word), "{word}");
    }
    let page = text(stage.get("/settings/people", &admin).await).await;
    assert!(page.contains("person-plan") && page.contains("plan-new-unlimited"));
}
