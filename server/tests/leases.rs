//! Two programs on one database, and a person at the switch. The programs are the real binary, the exchange the paper
//! server over TCP.

#![cfg(test)]

#[path = "program/stage.rs"]
mod stage;

use domain::{Bps, Reason};
use server::system_clock::SystemClock;
use service::Clock;
use stage::Stage;
use std::path::Path;
use tokio::process::{Child, Command};

#[tokio::test(flavor = "multi_thread")]
async fn f51_a_leader_that_is_stopped_for_longer_than_its_lease_and_goes_on_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for database in stage::databases(folder.path()).await {
        stopped_leader(&database, folder.path()).await;
    }
}

async fn stopped_leader(database: &str, data: &Path) {
    let stage = Stage::set(database).await;
    let mut first = stage.start_program(database, data);
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;
    let owner = async || stage.store.find_lease(stage.account).await.unwrap().unwrap();
    let before = owner().await;
    let mut second = stage.start_program(database, data);
    stage.wait_until("the first knows of the second", async || !owner().await.alone).await;
    stand_still(&stage, &first).await;
    stage.wait_until("the second takes over", async || owner().await.epoch == before.epoch + 1).await;
    stage.exchange.set_price_to_distance(Bps::new(400));
    stage.wait_for("the second guards", |entry| matches!(entry.reason, Reason::MarginAdded { .. })).await;
    stage.exchange.set_price_to_distance(Bps::new(400));
    signal(&first, "-CONT").await;
    stage.wait_until("the second guards on", async || stage.exchange.margin_calls().len() == 2).await;
    first.kill().await.unwrap();
    let after = owner().await;
    assert_ne!(after.owner, before.owner, "the first did not come back as an owner");
    assert_eq!(stage.exchange.margin_calls().len(), 2, "each danger was met once");
    stage.exchange.check_books();
    second.kill().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn f61_a_stop_at_the_shell_holds_a_running_guard_back_until_it_is_released() {
    let folder = tempfile::tempdir().unwrap();
    for database in stage::databases(folder.path()).await {
        stopped_by_hand(&database, folder.path()).await;
    }
}

async fn stopped_by_hand(database: &str, data: &Path) {
    let stage = Stage::set(database).await;
    let mut program = stage.start_program(database, data);
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;
    let account = stage.account.to_string();
    let told = stage.run(database, data, &["stop", "--account", &account, "--guards"]).await;
    assert!(
        told.contains("1 positions") && told.contains("wait at the exchange: 0"),
        "the shell says what stays open: {told}"
    );
    stage.exchange.set_price_to_distance(Bps::new(400));
    stage.wait_for("it is held back", |entry| matches!(entry.reason, Reason::HeldByStop { .. })).await;
    stage.wait_for("what stays open is told", |entry| matches!(entry.reason, Reason::StopPulled { open: 1, .. })).await;
    assert!(stage.exchange.margin_calls().is_empty());
    stage.run(database, data, &["resume", "--account", &account, "--guards"]).await;
    stage.wait_for("it guards again", |entry| matches!(entry.reason, Reason::MarginAdded { .. })).await;
    assert_eq!(stage.exchange.margin_calls().len(), 1);
    program.kill().await.unwrap();
    let audit = stage.run(database, data, &["audit", "export", "--format", "csv"]).await;
    for (deed, times) in [("stop_pulled", 2), ("stop_released", 2)] {
        assert_eq!(audit.matches(deed).count(), times, "{audit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_thawed_at_the_shell_is_thawed_together_with_the_audits_entry() {
    let folder = tempfile::tempdir().unwrap();
    for database in stage::databases(folder.path()).await {
        let stage = Stage::set(&database).await;
        let position = stage.exchange.position();
        stage.store.freeze_position(stage.account, position, SystemClock.now(), &[]).await.unwrap();
        let (account, named) = (stage.account.to_string(), position.to_string());
        let thaw = ["thaw", "--account", &account, "--position", &named, "--happened"];
        stage.run(&database, folder.path(), &thaw).await;
        assert_eq!(stage.store.list_freezes(stage.account).await.unwrap(), []);
        let audit = async || stage.run(&database, folder.path(), &["audit", "export", "--format", "csv"]).await;
        let told = audit().await;
        assert!(told.contains("position_thawed") && told.contains(&named), "{told}");
        // Nothing was frozen any more: nothing is done, and nothing told.
        let again = stage.command(&database, folder.path(), &thaw).output().await.unwrap();
        assert!(!again.status.success());
        assert_eq!(audit().await, told);
    }
}

/// Stops a program, though not while it holds SQLite's lock, which would hold up everybody.
async fn stand_still(stage: &Stage, program: &Child) {
    loop {
        signal(program, "-STOP").await;
        if stage.store.forget_attempts("nobody").await.is_ok() {
            return;
        }
        signal(program, "-CONT").await;
    }
}

async fn signal(program: &Child, signal: &str) {
    let id = program.id().expect("the program runs").to_string();
    assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
}
