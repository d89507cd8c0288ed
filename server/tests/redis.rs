//! The real program whose Redis is flushed and lost in the middle of a top-up: the guard does not notice.

#![cfg(test)]

#[path = "program/redis.rs"]
#[expect(dead_code, reason = "each test uses what it needs")]
mod redis;
#[path = "program/stage.rs"]
mod stage;

use domain::{Bps, Reason};
use paper::http::{Fault, Hold};
use redis::Redis;
use stage::Stage;
use std::collections::BTreeSet;
use tokio::time::timeout;

const ADD_MARGIN: &str = "/v3/futures/isolated/trade/add-margin";

#[tokio::test(flavor = "multi_thread")]
async fn f15_a_redis_that_is_flushed_and_lost_costs_no_rescue_and_tells_nothing_twice() {
    let Some(redis) = Redis::open(6).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("axisor.db").display());
    let (stage, relay) = (Stage::set(&database).await, redis.relay().await);
    let mut program = stage.start_program_with(&database, folder.path(), &[("AXISOR_REDIS", &relay.url)]);
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;

    let hold = Hold::default();
    stage.exchange.faults.plan("POST", ADD_MARGIN, Fault::HoldReply(hold.clone()));
    stage.exchange.set_price_to_distance(Bps::new(400));
    timeout(stage::PATIENCE, hold.reached()).await.expect("the top-up reaches the exchange");
    redis.flush().await;
    relay.cut();
    hold.release();
    stage.wait_until("the top-up is proved", async || stage.are_proved(1).await).await;

    stage.exchange.set_price_to_distance(Bps::new(400));
    stage.wait_until("and so is the next", async || stage.are_proved(2).await).await;
    assert_eq!(stage.exchange.margin_calls().len(), 2);
    let pool = sqlx::SqlitePool::connect(&database).await.unwrap();
    let waiting = "select count(*) from notices where delivered_at is null";
    let told = async || sqlx::query_scalar::<_, i64>(waiting).fetch_one(&pool).await.unwrap() == 0;
    stage.wait_until("every notice is delivered", told).await;
    let twice =
        "select count(*) from (select entry from notices group by entry having count(*) > 1 or max(attempts) > 1)";
    assert_eq!(sqlx::query_scalar::<_, i64>(twice).fetch_one(&pool).await.unwrap(), 0, "a notice an entry, taken once");
    let alarms = std::fs::read_to_string(folder.path().join("alarms.jsonl")).unwrap_or_default();
    let different: BTreeSet<&str> = alarms.lines().collect();
    assert_eq!(different.len(), alarms.lines().count(), "{alarms}");
    stage.exchange.check_books();
    program.kill().await.unwrap();
}
