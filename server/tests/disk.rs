//! F-14: the real program on a disk that is full, and on one that cannot be written. The disk is a small one in memory,
//! which only root may make: elsewhere these tests say so and end.

#![cfg(test)]

#[path = "program/stage.rs"]
mod stage;

use domain::{Bps, Reason};
use stage::Stage;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system of its own for as long as it is held.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None`, said aloud, where this user may not make one.
    fn of(size: &str) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "axisor-test"])
            .arg(folder.path())
            .status();
        if made.is_ok_and(|status| status.success()) {
            return Some(Disk(folder));
        }
        eprintln!("SKIPPED: this user may not mount a small disk");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes until nothing more goes in.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("fill");
        let mut file = File::create(&path).unwrap();
        for size in [65_536, 512, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }

    fn forbid_writing(&self) {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(self.path()).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Also where a program that was killed has not let go of it yet.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f14_on_a_full_disk_the_reserved_space_holds_the_intent_and_all_is_taken_in_later() {
    let Some(disk) = Disk::of("24m") else { return };
    let database = format!("sqlite:{}", disk.path().join("axisor.db").display());
    let stage = Stage::set(&database).await;
    let mut program = stage.start_program(&database, disk.path());
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;

    let filling = disk.fill();
    stage.exchange.set_price_to_distance(Bps::new(400));
    stage.wait_until("the top-up is sent", async || stage.exchange.margin_calls().len() == 1).await;
    std::fs::remove_file(filling).unwrap();
    stage.wait_until("what was journaled is in the database", async || stage.are_proved(1).await).await;
    assert!(program.try_wait().unwrap().is_none(), "the program goes on");

    stage.exchange.set_price_to_distance(Bps::new(400));
    stage.wait_until("the guard watches as before", async || stage.are_proved(2).await).await;
    assert_eq!(stage.exchange.margin_calls().len(), 2);
    stage.exchange.check_books();
    program.kill().await.unwrap();
}

#[test]
fn f14_on_a_disk_that_cannot_be_written_the_program_does_not_start_and_says_why() {
    let Some(disk) = Disk::of("24m") else { return };
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
        command.args(arguments).arg("--database").arg(format!("sqlite:{}", disk.path().join("axisor.db").display()));
        command.arg("--data").arg(disk.path()).env("AXISOR_MASTER_KEY", "07".repeat(32)).output().unwrap()
    };
    let made = run(&["resume", "--breaker"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    disk.forbid_writing();
    let refused = run(&["serve", "--listen", "127.0.0.1:0"]);
    let words = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && words.contains("the database cannot be opened"), "{words}");
}
