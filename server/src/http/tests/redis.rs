//! Sessions in a real Redis: lost, flushed, brought back, and written by others.

use super::redis_server::Redis;
use super::stage::{PASSWORD, Setting, Stage, call, cookie, is_redirect_to, sign_in};
use axum::http::StatusCode;
use domain::{Millis, UserId};
use serde_json::{Value, json};
use std::time::Duration;
use store::Session;
use tokio::time::timeout;

async fn stage_at(url: String) -> Stage {
    Stage::set_with(Setting { redis: Some(url), ..Setting::default() }).await
}

async fn status(stage: &Stage, session: &str) -> StatusCode {
    stage.get(&format!("/live/{}", stage.account), session).await.status()
}

async fn rows(stage: &Stage) -> Vec<Session> {
    let user = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap();
    stage.store.list_sessions(user.id, stage.now()).await.unwrap()
}

#[tokio::test]
async fn f15_f71_sessions_in_redis_are_listed_and_ended_at_once_with_their_streams() {
    let Some(redis) = Redis::open(1).await else { return };
    let stage = stage_at(redis.url()).await;
    let (mine, other, third) = (stage.sign_in().await, stage.sign_in().await, stage.sign_in().await);
    assert_eq!(redis.dump().await.len(), 3, "what they hold is in Redis");
    assert!(rows(&stage).await.iter().all(|row| row.data.is_empty()), "and not in the database");
    let stream = stage.get(&format!("/live/{}", stage.account), &other).await;
    let (_, told) = call(&stage, "security", &mine, json!({})).await;
    let sessions = told["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions[0]["is_this_one"], json!(true));
    assert_eq!(sessions[0]["signed_in_at"], json!(stage.now().unix_ms()));
    for session in [&sessions[1]["id"], &sessions[2]["id"]] {
        call(&stage, "end_session", &mine, json!({ "id": session })).await;
    }
    timeout(Duration::from_millis(1_500), axum::body::to_bytes(stream.into_body(), 1 << 20))
        .await
        .expect("an end")
        .unwrap();
    for ended in [&other, &third] {
        assert_eq!(status(&stage, ended).await, StatusCode::UNAUTHORIZED);
        assert!(is_redirect_to(&stage.get("/", ended).await, "/sign-in"));
    }
    assert_eq!(status(&stage, &mine).await, StatusCode::OK);
    let fourth = stage.sign_in().await;
    assert_eq!(call(&stage, "end_other_sessions", &mine, json!({})).await.1, 1);
    assert_eq!(status(&stage, &fourth).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&stage, &mine).await, StatusCode::OK);
}

#[tokio::test]
async fn f15_a_flushed_redis_signs_nobody_in() {
    let Some(redis) = Redis::open(2).await else { return };
    let stage = stage_at(redis.url()).await;
    let session = stage.sign_in().await;
    assert_eq!(status(&stage, &session).await, StatusCode::OK);
    redis.flush().await;
    assert_eq!(status(&stage, &session).await, StatusCode::UNAUTHORIZED);
    let again = stage.sign_in().await;
    assert_eq!(status(&stage, &again).await, StatusCode::OK);
    let (_, told) = call(&stage, "security", &again, json!({})).await;
    assert_eq!(told["sessions"].as_array().unwrap().len(), 1, "what was forgotten is not listed");
}

#[tokio::test]
async fn f15_f71_what_a_stale_redis_brings_back_opens_nothing() {
    let Some(redis) = Redis::open(3).await else { return };
    let stage = stage_at(redis.url()).await;
    let (mine, ended, left) = (stage.sign_in().await, stage.sign_in().await, stage.sign_in().await);
    let before = redis.dump().await;
    call(&stage, "sign_out", &left, Value::Null).await;
    assert_eq!(call(&stage, "end_other_sessions", &mine, json!({})).await.1, 1);
    redis.restore(&before).await;
    for session in [&ended, &left] {
        assert_eq!(status(&stage, session).await, StatusCode::UNAUTHORIZED);
        assert!(is_redirect_to(&stage.get("/", session).await, "/sign-in"), "nor does its use bring it back");
        assert_eq!(status(&stage, session).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(status(&stage, &mine).await, StatusCode::OK);
    stage.clock.advance(Millis::new(31 * Millis::DAY.get()));
    assert_eq!(status(&stage, &mine).await, StatusCode::UNAUTHORIZED, "a copy without an end ends all the same");
}

#[tokio::test]
async fn f15_who_can_write_into_redis_is_not_signed_in_by_it() {
    let Some(redis) = Redis::open(4).await else { return };
    let stage = stage_at(redis.url()).await;
    let (session, user) = (stage.sign_in().await, rows(&stage).await[0].user.unwrap());
    let eve = UserId::from_uuid(uuid::Uuid::from_u128(7));
    stage.strangers_account().await;
    let [(key, content)] = &redis.dump().await[..] else { panic!("one session") };
    // Another's name in a session of one's own, and a session that the database does not know.
    let theirs = content.replace(&user.to_string(), &eve.to_string());
    assert_ne!(&theirs, content);
    redis.restore(&[(key.clone(), theirs)]).await;
    assert_eq!(status(&stage, &session).await, StatusCode::UNAUTHORIZED);
    redis.restore(&[(key.clone(), content.clone())]).await;
    assert_eq!(status(&stage, &session).await, StatusCode::OK);
    stage.store.delete_session(key.rsplit(':').next().unwrap()).await.unwrap();
    assert_eq!(status(&stage, &session).await, StatusCode::UNAUTHORIZED);
    redis.restore(&[(key.clone(), "nonsense".to_owned())]).await;
    assert_eq!(status(&stage, &session).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn f15_while_redis_is_lost_people_come_in_by_the_database() {
    let Some(redis) = Redis::open(5).await else { return };
    let relay = redis.relay().await;
    let stage = stage_at(relay.url.clone()).await;
    let before = stage.sign_in().await;
    assert_eq!(status(&stage, &before).await, StatusCode::OK);
    relay.cut();
    assert_eq!(status(&stage, &before).await, StatusCode::UNAUTHORIZED, "nobody vouches for it");
    let answer = stage.ask(sign_in("ana@example.org", PASSWORD, &before)).await;
    let session = cookie(&answer).expect("a session");
    assert_eq!(status(&stage, &session).await, StatusCode::OK);
    let (_, told) = call(&stage, "security", &session, json!({})).await;
    assert_eq!(told["sessions"].as_array().unwrap().len(), 2, "the other may come back, so it is shown");
    assert_eq!(call(&stage, "end_other_sessions", &session, json!({})).await.1, 1);
    assert_eq!(status(&stage, &session).await, StatusCode::OK);
    assert_eq!(rows(&stage).await.len(), 1);
}

#[tokio::test]
async fn f71_a_session_ends_after_thirty_days_however_often_it_is_used() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for _ in 0..29 {
        stage.clock.advance(Millis::DAY);
        assert_eq!(status(&stage, &session).await, StatusCode::OK);
    }
    stage.clock.advance(Millis::DAY);
    assert_eq!(status(&stage, &session).await, StatusCode::UNAUTHORIZED);
}
