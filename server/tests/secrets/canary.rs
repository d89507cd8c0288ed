//! F-40 and F-43: secrets that are looked for wherever the program leaves anything: database, files, logs at their most
//! talkative, the other system that the log is sent to, what commands print, pages, live streams, errors.

use crate::log_place::LogPlace;
use crate::program::{EMAIL, Program, on_both};
use crate::venue::Exchange;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::time::timeout;

on_both!(f40_f43_no_sink_holds_a_secret, no_sink);

const PATIENCE: Duration = Duration::from_secs(60);

/// The secret in every form that it might leak in.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    use base64::Engine;
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret);
    let hex = hex::encode(secret);
    let bytes = format!("{:?}", secret.as_bytes());
    [secret.to_owned(), hex.to_uppercase(), hex, base64, bytes.trim_matches(['[', ']']).to_owned()]
        .map(String::into_bytes)
        .into()
}

fn search(secrets: &[&str], place: &str, bytes: &[u8]) {
    for secret in secrets {
        for form in forms(secret) {
            let found = bytes.windows(form.len()).any(|window| window == form);
            assert!(!found, "a secret lies in {place}");
        }
    }
}

async fn no_sink(program: &Program) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exchange = Exchange::open().await;
    let (_, secret, passphrase) = Exchange::KEY;
    let mut sinks: Vec<(String, Vec<u8>)> = Vec::new();
    let added = program.add_account("main", Exchange::KEY).await;
    sinks.push(("account add".to_owned(), [added.stdout, added.stderr].concat()));
    let master = std::fs::read_to_string(program.data().join("master.key")).unwrap();

    let mut serving = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    serving.env("AXISOR_LOG", "trace,sqlx=trace").env("AXISOR_LNM_ENDPOINT", &exchange.endpoint);
    let elsewhere = LogPlace::open().await;
    serving.env("AXISOR_LOG_URL", elsewhere.url()).env("AXISOR_PRIVATE_HOSTS", "127.0.0.1");
    let mut serving = serving.stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = serving.stderr.take().unwrap();
    let log = tokio::spawn(async move {
        let mut log = Vec::new();
        stderr.read_to_end(&mut log).await.unwrap();
        log
    });
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let told = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
    let base = told.split_once(": ").unwrap().1.trim_end_matches('/').to_owned();
    let process = serving.id().unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "no core dump: {core}");

    for path in ["/", "/sign-in", "/health/ready", "/health/live", "/no-such-page"] {
        let body = reqwest::get(format!("{base}{path}")).await.unwrap().bytes().await.unwrap();
        sinks.push((path.to_owned(), body.to_vec()));
    }
    timeout(PATIENCE, async {
        while !reqwest::get(format!("{base}/health/ready")).await.unwrap().status().is_success() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await
    .expect("the account is served with its key");
    let sent = timeout(PATIENCE, async {
        loop {
            let sent = elsewhere.lines();
            if 100_000 < sent.len() {
                return sent;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    sinks.push(("the log in another system".to_owned(), sent.await.expect("the log is sent there")));
    serving.kill().await.unwrap();
    let log = log.await.unwrap();
    assert!(10_000 < log.len(), "the log was talkative: {} bytes", log.len());
    sinks.push(("the log".to_owned(), log));
    for arguments in [&["audit", "export", "--format", "json"][..], &["audit", "head"], &["keys", "rotate"]] {
        let output = program.run(arguments).await;
        sinks.push((arguments.join(" "), [output.stdout, output.stderr].concat()));
    }
    let kept = program.everything_kept().await;
    let is_kept = |word: &str| kept.iter().any(|(_, bytes)| bytes.windows(word.len()).any(|w| w == word.as_bytes()));
    assert!(is_kept(EMAIL), "the search finds what is there");
    sinks.extend(kept);
    for (place, bytes) in &sinks {
        search(&[secret, passphrase, master.trim(), LogPlace::PASSWORD], place, bytes);
    }
}
