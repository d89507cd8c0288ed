//! F-55: a crowd that wants more than the machine has.

use crate::http::crowd::{Crowd, admit};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower::ServiceExt;

#[tokio::test]
async fn f55_more_requests_than_have_a_place_are_told_to_come_again() {
    let (begun, may_end) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (told, wait) = (Arc::clone(&begun), Arc::clone(&may_end));
    let slow = move || async move {
        told.add_permits(1);
        wait.acquire().await.unwrap().forget();
        "done"
    };
    let router = Router::new().route("/", get(slow)).layer(from_fn_with_state(Crowd::of(2), admit));
    let ask = || router.clone().oneshot(Request::get("/").body(Body::empty()).unwrap());
    let under_way = [tokio::spawn(ask()), tokio::spawn(ask())];
    begun.acquire_many(2).await.unwrap().forget();
    let refused = ask().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
    may_end.add_permits(3);
    for answer in under_way {
        assert_eq!(answer.await.unwrap().unwrap().status(), StatusCode::OK, "nobody loses a place");
    }
    assert_eq!(ask().await.unwrap().status(), StatusCode::OK, "and places are given back");
}
