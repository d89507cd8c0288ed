//! `axisor paper` as a program of its own: what was traded outlives a kill.
#![cfg(test)]

use domain::position::NewPosition;
use domain::{Leverage, Quantity, Sats, Side};
use exchange::{Exchange, Outcome, Priority};
use serde_json::Value;
use server::assembly::lnmarkets_side::LnMarkets;
use server::system_clock::SystemClock;
use service::Clock;
use service::ExchangeKey;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Longer than the venue takes to be kept.
const PATIENCE: Duration = Duration::from_secs(30);
const PACE: Duration = Duration::from_millis(50);

struct Program {
    child: Child,
    told: Value,
}

impl Program {
    async fn start(arguments: &[&str]) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
        command.args(["paper", "--port", "0", "--json", "--no-rate-limit"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("the program says where it is");
        Program { child, told: serde_json::from_str(&line).unwrap() }
    }

    fn keys(&self) -> &[Value] {
        self.told["keys"].as_array().unwrap()
    }

    fn account(&self, number: usize) -> Arc<dyn Exchange> {
        let text = |name: &str| self.keys()[number][name].as_str().unwrap().to_owned();
        let key = ExchangeKey { key: text("key"), secret: text("secret"), passphrase: text("passphrase") };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let side = LnMarkets::reach_unlimited(self.told["rest"].as_str().unwrap(), &clock).unwrap();
        side.open_account(&key).unwrap()
    }
}

async fn balance(account: &dyn Exchange) -> Sats {
    account.fetch_wallet(Priority::Guard).await.unwrap().balance
}

async fn wait_until_kept(folder: &Path, trade: &str) {
    let kept = async {
        while !std::fs::read_to_string(folder.join("venue.json")).is_ok_and(|text| text.contains(trade)) {
            tokio::time::sleep(PACE).await;
        }
    };
    tokio::time::timeout(PATIENCE, kept).await.expect("the venue is kept within a second or so");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_wallets_and_trades_outlive_a_kill() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let arguments = ["--state", state, "--keys", "2", "--balance", "500000"];
    let mut program = Program::start(&arguments).await;
    let (first, second) = (program.account(0), program.account(1));
    let new = NewPosition {
        side: Side::Long,
        quantity: Quantity::new(100).unwrap(),
        leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
        stop_loss: None,
        take_profit: None,
    };
    let Outcome::Done(opened) = first.open_position(new).await else { panic!("the order is filled") };
    assert_eq!(balance(&*second).await, Sats::new(500_000), "each key has a wallet of its own");
    let left = balance(&*first).await;
    wait_until_kept(folder.path(), &opened.id.to_string()).await;
    program.child.kill().await.unwrap();

    let again = Program::start(&arguments).await;
    assert_eq!(again.keys(), program.keys());
    let first = again.account(0);
    assert_eq!(balance(&*first).await, left);
    let running = first.fetch_running(Priority::Guard).await.unwrap();
    assert_eq!((running.len(), running[0].id, running[0].margin), (1, opened.id, opened.margin));
    assert!(matches!(first.close_position(opened.id).await, Outcome::Done(_)));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_what_to_change() {
    for (arguments, reason) in [
        (["--source", "moon"], "the paper source must be"),
        (["--balance", "0"], "the paper balance must be"),
        (["--faults", "/no/such/file"], "/no/such/file can't be read"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
        let output = command.args(["paper", "--port", "0"]).args(arguments).output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.contains(reason)), (Some(2), true), "{said}");
    }
}
