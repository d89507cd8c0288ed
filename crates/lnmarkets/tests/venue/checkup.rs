//! The checkup on a venue that behaves as it is taken to.

use crate::support::{NOON, Setting, Stage, key, price, tick};
use domain::{Candle, Millis, Sats};
use exchange::{Exchange, Outcome};
use lnmarkets::{Checkup, Finding, RateLimits, Verdict};
use paper::CallKind;
use paper::http::{Fault, RatePolicy};
use std::time::Duration;

const README: &str = include_str!("../../README.md");

/// A venue with three days of bars and a position that ran for an hour.
async fn stage(rate: Option<RatePolicy>) -> Stage {
    let start = NOON.minus(Millis::new(3 * 86_400_000));
    let bar = |minute: i64| {
        let open = price(90_000 + minute);
        let at = start.plus(Millis::new(minute * 60_000));
        Candle { at, open, high: open, low: open, close: open, volume: minute }
    };
    let history = (0..3 * 1_440).map(bar).collect();
    let limits = if rate.is_some() { RateLimits::default() } else { RateLimits::UNLIMITED };
    let stage = Setting { history, rate, ..Setting::default() }.open().await.with_stream(limits);
    let ran = stage.open_position();
    stage.market.push(tick(3_600, 100_000));
    let Outcome::Done(_) = stage.account.close_position(ran.position.id).await else { panic!("it is closed") };
    stage
}

async fn look(stage: &Stage, has_key: bool, may_trade: bool) -> Vec<Finding> {
    let key = has_key.then(key);
    let listen = Duration::from_millis(300);
    let mut told = Vec::new();
    let checkup = Checkup { client: &stage.client, other: None, key, may_trade, listen };
    let findings = checkup.run(|finding| told.push(finding.clone())).await;
    assert_eq!(told, findings);
    findings
}

fn verdict(findings: &[Finding], behaviour: &str) -> Verdict {
    let found = findings.iter().find(|finding| finding.behaviour.contains(behaviour));
    found.unwrap_or_else(|| panic!("{behaviour}")).verdict
}

#[tokio::test]
async fn every_row_of_the_table_is_looked_at_and_the_paper_exchange_passes() {
    let stage = stage(Some(RatePolicy::default())).await;
    let findings = look(&stage, true, true).await;
    let rows = README.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let rows: Vec<&str> = rows.filter(|row| *row != "behaviour").collect();
    assert_eq!(findings.iter().map(|finding| finding.behaviour).collect::<Vec<_>>(), rows);
    let left_out: Vec<&str> =
        findings.iter().filter(|finding| finding.verdict != Verdict::Ok).map(|finding| finding.behaviour).collect();
    let not_here = [
        "408, 5xx and broken answers say nothing",
        "synthetic balances are dollars with decimals",
        "the unit of a swap from dollars",
        "a geo-block's status",
        "`ping` over the stream is answered while the stream tells",
        "a subscription to a topic that the key may not hear",
        "a revoked key, and a key without a scope, in REST and stream",
    ];
    assert_eq!(left_out, not_here, "{findings:#?}");
    assert!(findings.iter().all(|finding| finding.verdict != Verdict::Differs && !finding.seen.is_empty()));
    assert!(stage.venue.lock().running(stage.owner).is_empty(), "the position of one dollar is closed again");
    stage.venue.lock().check_conservation().unwrap();
}

#[tokio::test]
async fn without_leave_nothing_is_changed_and_without_a_key_only_the_public_is_looked_at() {
    let stage = stage(None).await;
    let calls = || stage.calls(CallKind::AddMargin).len() + stage.calls(CallKind::Open).len();
    let before = calls();
    let findings = look(&stage, true, false).await;
    assert_eq!(verdict(&findings, "a 429 with"), Verdict::NotChecked);
    assert_eq!(verdict(&findings, "a signature is accepted"), Verdict::Ok);
    let findings = look(&stage, false, true).await;
    for behaviour in ["a signature covers", "a signature is accepted", "a 429 with", "`whoami`", "no event"] {
        assert_eq!(verdict(&findings, behaviour), Verdict::NotChecked, "{behaviour}");
    }
    for behaviour in ["candles and settlements", "sizes in", "a key of another", "the stream sends a first"] {
        assert_eq!(verdict(&findings, behaviour), Verdict::Ok, "{behaviour}");
    }
    assert_eq!(calls(), before);
    assert_eq!(stage.account.fetch_running(exchange::Priority::Interface).await.unwrap().len(), 0);
    assert!(Sats::ZERO < stage.account.fetch_wallet(exchange::Priority::Interface).await.unwrap().balance);
}

#[tokio::test]
async fn what_is_otherwise_is_said_with_what_was_seen() {
    let stage = stage(None).await;
    let body = r#"{"code":"UNAUTHORIZED","message":"Who are you?"}"#.to_owned();
    let refusal = Fault::Status { code: 401, body, headers: vec![("content-type".into(), "application/json".into())] };
    stage.faults.plan("GET", "/v3/account", refusal);
    let findings = look(&stage, true, false).await;
    let first = findings.first().unwrap();
    assert_eq!((first.verdict, first.seen.contains("Who are you?")), (Verdict::Differs, true), "{}", first.seen);
}
