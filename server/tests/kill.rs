//! F-12: kill -9 between the call and the commit. The program is the real binary, the exchange the paper server over
//! TCP, and the database outlives the program.

#![cfg(test)]

#[path = "program/stage.rs"]
mod stage;

use domain::{ActionState, Bps, LedgerEntry, Reason};
use paper::http::{Fault, Hold};
use stage::Stage;
use std::path::Path;
use std::time::Duration;
use tokio::time::timeout;

const PATIENCE: Duration = stage::PATIENCE;
const ADD_MARGIN: &str = "/v3/futures/isolated/trade/add-margin";

#[tokio::test(flavor = "multi_thread")]
async fn f12_kill_9_between_call_and_commit_never_adds_twice() {
    let folder = tempfile::tempdir().unwrap();
    for database in stage::databases(folder.path()).await {
        story(&database, folder.path()).await;
    }
}

async fn story(database: &str, data: &Path) {
    let stage = Stage::set(database).await;
    let exchange = &stage.exchange;
    let hold = Hold::default();

    let mut program = stage.start_program(database, data);
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;
    exchange.faults.plan("POST", ADD_MARGIN, Fault::HoldReply(hold.clone()));
    exchange.set_price_to_distance(Bps::new(400));
    timeout(PATIENCE, hold.reached()).await.expect("the top-up reaches the exchange");
    program.kill().await.unwrap();
    hold.release();
    assert_eq!(exchange.margin_calls().len(), 1, "the exchange did it");
    assert_eq!(stage.action_states().await, [ActionState::Intent], "the program never heard of it");

    let mut program = stage.start_program(database, data);
    let looked_up = |entry: &LedgerEntry| matches!(entry.reason, Reason::LookedUp { happened: true, .. });
    stage.wait_for("the lost top-up is looked up", looked_up).await;
    stage.wait_until("it is proved", async || stage.are_proved(1).await).await;
    assert_eq!(exchange.margin_calls().len(), 1, "it is not sent again");

    exchange.set_price_to_distance(Bps::new(400));
    stage.wait_until("the guard watches again", async || stage.are_proved(2).await).await;
    assert_eq!(exchange.margin_calls().len(), 2);
    exchange.check_books();
    program.kill().await.unwrap();
}
