//! `axisor doctor` as a program of its own, against a paper exchange over TCP.
#![cfg(test)]

use serde_json::Value;
use std::process::{Output, Stdio};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

/// The paper exchange, and what it said of itself.
async fn paper() -> (Child, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
    command.args(["paper", "--port", "0", "--json", "--no-rate-limit", "--balance", "1000000"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("the program says where it is");
    (child, serde_json::from_str(&line).unwrap())
}

/// The doctor with these arguments and this key.
async fn doctor(arguments: &[&str], key: &Value) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
    command.args(["doctor", "--listen", "1"]).args(arguments).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let secrets = format!("{}\n{}\n", key["secret"].as_str().unwrap(), key["passphrase"].as_str().unwrap());
    let mut input = child.stdin.take().unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = input.write_all(secrets.as_bytes()).await;
    drop(input);
    child.wait_with_output().await.unwrap()
}

#[tokio::test]
async fn a_person_with_a_key_sees_each_behaviour_with_what_was_seen() {
    let (_exchange, told) = paper().await;
    let (endpoint, key) = (told["rest"].as_str().unwrap(), &told["keys"][0]);
    let name = key["key"].as_str().unwrap();
    let seen = doctor(&["--signet", "--endpoint", endpoint, "--key", name, "--json"], key).await;
    let text = String::from_utf8(seen.stdout).unwrap();
    let findings: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    assert!(findings.iter().all(|finding| finding["verdict"] != "differs"), "{text}");
    let verdict = |behaviour: &str| {
        let found = findings.iter().find(|finding| finding["behaviour"].as_str().unwrap().contains(behaviour));
        found.unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    for behaviour in ["a signature covers", "a signature is accepted", "sizes in", "a key of another", "`whoami`"] {
        assert_eq!(verdict(behaviour), "ok", "{behaviour}: {text}");
    }
    assert_eq!(verdict("no event for top-ups"), "not checked", "nothing is traded without leave");
    assert!(!text.contains(key["secret"].as_str().unwrap()) && !text.contains(key["passphrase"].as_str().unwrap()));
}

#[tokio::test]
async fn the_live_exchange_is_never_traded_on() {
    let key = serde_json::json!({ "secret": "s", "passphrase": "p" });
    for arguments in [&["--live", "--key", "k", "--may-trade"][..], &["--key", "k"], &["--live", "--signet"]] {
        let refused = doctor(arguments, &key).await;
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(refused.stdout.is_empty());
    }
}
