use super::{Answer, ReplayArguments, ReplayFailure, answer, json, report};
use clap::Parser;
use domain::ledger::Limit;
use domain::{Reason, Sats};
use engine::replay::Fate;
use std::path::{Path, PathBuf};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    arguments: ReplayArguments,
}

/// Arguments that work, then those given; a later one replaces an earlier.
fn ask(candles: &Path, given: &[&str]) -> Result<Answer, ReplayFailure> {
    let candles = candles.to_str().unwrap();
    let usual = ["--side=long", "--quantity=5000", "--leverage=10", "--trigger=5", "--target=10"];
    let usual = usual.iter().filter(|usual| {
        let name = usual.split('=').next().unwrap();
        !given.iter().any(|given| given.starts_with(name))
    });
    let line = ["replay", "--candles", candles].iter().chain(usual).chain(given).copied().collect::<Vec<_>>();
    answer(&Line::try_parse_from(line).unwrap().arguments)
}

/// Real history beside the project; it can't ship, so a machine without it says so, except where all must be tested.
fn history(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/candles").join(name);
    let there = path.is_file();
    assert!(there || std::env::var_os("CI").is_none(), "{} is missing", path.display());
    if !there {
        eprintln!("SKIPPED: {} is missing", path.display());
    }
    there.then_some(path)
}

/// Minutes that fall from 100,000 to 80,000 in forty, and stay.
fn crash() -> tempfile::NamedTempFile {
    let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
    let price = |minute: i64| 100_000 - 500 * minute.min(40);
    for minute in 0..120 {
        let (open, close) = (price(minute), price(minute + 1));
        text += &format!("{},{open},{open},{close},{close},1\n", 1_700_000_040 + 60 * minute);
    }
    file(text.as_bytes())
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

#[test]
fn the_guard_keeps_open_what_would_have_been_liquidated() {
    let crash = crash();
    let limits = "--limits=per_action=500000,per_position=2000000,per_day=2000000";
    let answer = ask(crash.path(), &["--wallet=3000000", limits]).unwrap();
    assert_eq!((answer.none.fate, answer.guard.fate), (Fate::Liquidated, Fate::Open));
    assert_eq!(answer.stop_loss.fate, Fate::Closed);
    assert!(0 < answer.guard.top_ups && answer.none.top_ups == 0);
    let text = report::text(&answer);
    assert!(text.contains("Verdict: saved."), "{text}");
}

#[test]
fn limits_that_are_too_low_are_kept_to_and_said() {
    let crash = crash();
    let limits = "--limits=per_action=20000,per_position=50000,per_day=50000,cooldown=0s";
    let answer = ask(crash.path(), &["--wallet=3000000", limits]).unwrap();
    assert_eq!(answer.guard.fate, Fate::Liquidated);
    assert!(answer.guard.sats_added <= Sats::new(50_000));
    let text = report::text(&answer);
    assert!(text.contains("NOT saved") && text.contains("the limit per position is spent"), "{text}");
}

#[test]
fn real_crashes_end_open_with_the_guard_and_liquidated_without() {
    let limits = "--limits=per_action=5000000,per_position=20000000,per_day=20000000,cooldown=0s";
    let generous = ["--wallet=30000000", limits];
    for (name, more) in [
        ("binance_spot_1m_2021-11-11_2021-12-11.csv.gz", ["--from=2021-12-03", "--to=2021-12-06"]),
        ("binance_spot_1m_2021-09-17_2021-10-17.csv.gz", ["--from=2021-09-19", "--to=2021-09-22"]),
        ("binance_um_futures_5m_2022-06_2022-11.csv.gz", ["--from=2022-11-07", "--to=2022-11-11"]),
        ("binance_um_futures_5m_2023-01_2024-05.csv.gz", ["--from=2023-08-17", "--to=2023-08-19"]),
    ] {
        let Some(path) = history(name) else { continue };
        let answer =
            ask(&path, &[&generous[..], &more[..], &["--trigger=8", "--target=15", "--leverage=8"]].concat()).unwrap();
        assert_eq!((answer.none.fate, answer.guard.fate), (Fate::Liquidated, Fate::Open), "{name}");
        let low = "--limits=per_action=1000,per_position=2000,per_day=2000";
        let answer = ask(
            &path,
            &[&["--wallet=10000000", low, "--trigger=8", "--target=15", "--leverage=8"], &more[..]].concat(),
        )
        .unwrap();
        assert_eq!(answer.guard.fate, Fate::Liquidated, "{name}");
        assert!(answer.guard.sats_added <= Sats::new(2_000), "{name}");
        let stopped =
            |reason: &Reason| matches!(reason, Reason::LimitReached { limit: Limit::PerPosition | Limit::PerDay, .. });
        assert!(answer.guard.decisions.iter().any(|decision| stopped(&decision.reason)), "{name}");
    }
}

#[test]
fn gaps_are_counted_and_the_file_is_named_by_its_bytes() {
    let whole = crash();
    let mut text = std::fs::read_to_string(whole.path()).unwrap();
    let (before, after) = (text.find("\n1700001000").unwrap(), text.find("\n1700001300").unwrap());
    text.replace_range(before..after, "");
    let file = file(text.as_bytes());
    let answer = ask(file.path(), &[]).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json::text(&answer)).unwrap();
    assert_eq!(json["dataset"]["rows"], 115);
    assert_eq!(json["dataset"]["gaps"], 1);
    let sha256 = json["dataset"]["sha256"].as_str().unwrap();
    assert_eq!(sha256.len(), 64);
    assert_eq!(json["cases"].as_array().unwrap().len(), 3);
    for (case, name) in json["cases"].as_array().unwrap().iter().zip(["none", "guard", "stop_loss"]) {
        assert_eq!(case["name"], name);
        let mut keys: Vec<_> = case.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        let expected = [
            "at",
            "decisions",
            "equity_sats",
            "fate",
            "fees_sats",
            "funding_sats",
            "lowest_distance_bps",
            "name",
            "sats_added",
            "top_ups",
        ];
        assert_eq!(keys, expected);
    }
    assert!(report::text(&answer).contains("1 gap (5 candles missing, not filled)"));
}

#[test]
fn bad_input_is_refused_with_what_to_do() {
    let crash = crash();
    for (given, said) in [
        ("--target=4", "at least 0.50% above the trigger"),
        ("--trigger=0", "the trigger must be from"),
        ("--trigger=NaN", "--trigger must be a percentage"),
        ("--trigger=-5", "--trigger must be a percentage"),
        ("--quantity=0", "--quantity"),
        ("--quantity=1e9", "--quantity"),
        ("--leverage=101", "--leverage"),
        ("--leverage=NaN", "--leverage"),
        ("--wallet=-1", "--wallet"),
        ("--wallet=1000", "--wallet"),
        ("--limits=per_action=0", "the limit per action"),
        ("--limits=per_action=-1", "whole number"),
        ("--limits=per_action=NaN", "whole number"),
        ("--limits=per_action=1e9", "whole number"),
        ("--limits=per_action=1000000001", "the limit per action"),
        ("--limits=max_actions=0", "the number of actions"),
        ("--limits=max_actions=1000000000", "the number of actions"),
        ("--stop-loss=200000", "losing side"),
        ("--stop-loss=NaN%", "losing side"),
        ("--from=yesterday", "--from"),
        ("--from=2030-01-01", "no candles between --from and --to"),
    ] {
        let error = crate::told(&ask(crash.path(), &[given]).unwrap_err());
        assert!(error.contains(said), "{given}: {error}");
        assert_eq!(error.lines().count(), 1, "{given}: {error}");
    }
}

#[test]
fn a_candle_file_that_cannot_be_trusted_is_refused() {
    let crash = crash();
    let good = std::fs::read_to_string(crash.path()).unwrap();
    let mut lines: Vec<&str> = good.lines().collect();
    lines.swap(5, 6);
    let unsorted = file(format!("{}\n", lines.join("\n")).as_bytes());
    let truncated = file(&good.as_bytes()[..good.len() - 20]);
    let negative = file(good.replacen(",100000,", ",-100000,", 1).as_bytes());
    let page = file(b"<html>not found</html>");
    let cases = [(&unsorted, "sorted"), (&truncated, "cut off"), (&page, "no candle file"), (&negative, "negative")];
    for (file, said) in cases {
        let error = crate::told(&ask(file.path(), &[]).unwrap_err());
        assert!(error.contains(said), "{said}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let missing = crate::told(&ask(Path::new("/nowhere.csv"), &[]).unwrap_err());
    assert!(missing.contains("/nowhere.csv"), "{missing}");
}

#[test]
fn funding_is_paid_where_it_is_given() {
    let crash = crash();
    let funding = file(b"timestamp,funding_rate\n1700000040,0.001\n1700001000,0.001\n");
    let given = format!("--funding={}", funding.path().display());
    let answer = ask(crash.path(), &[&given]).unwrap();
    assert!(Sats::ZERO < answer.none.funding);
    let broken = file(b"timestamp,funding_rate\n1700000040,lots\n");
    let given = format!("--funding={}", broken.path().display());
    assert!(crate::told(&ask(crash.path(), &[&given]).unwrap_err()).contains("line 2"));
}
