//! One request budget a key, under a venue that counts.

use crate::support::{Setting, key, stage};
use domain::{Millis, Sats};
use exchange::{Exchange, Outcome, Priority, ReadError};
use lnmarkets::RateLimits;
use paper::http::{Fault, RatePolicy};
use std::time::Duration;
use tokio::time::Instant;

const ACCOUNT: &str = "/v3/account";

#[tokio::test]
async fn a_flood_of_reads_neither_delays_a_top_up_nor_meets_the_venues_limit() {
    let setting = Setting { rate: Some(RatePolicy::default()), limits: RateLimits::default(), ..Setting::default() };
    let stage = setting.open().await;
    let id = stage.open_position().position.id;
    stage.account.fetch_wallet(Priority::Interface).await.unwrap();
    let reads: Vec<_> = (0..8)
        .map(|_| {
            let same_key = stage.client.account(key());
            tokio::spawn(async move { same_key.fetch_wallet(Priority::Interface).await })
        })
        .collect();
    for _ in 0..2 {
        let asked = Instant::now();
        let outcome = stage.account.add_margin(id, Sats::new(1)).await;
        assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
        assert!(asked.elapsed() < Duration::from_millis(700), "{:?}", asked.elapsed());
    }
    for read in reads {
        let read = read.await.unwrap();
        assert!(matches!(&read, Ok(_) | Err(ReadError::Unavailable(_))), "never asked to slow down: {read:?}");
    }
}

fn too_many(retry_after: &str) -> Fault {
    let words = r#"{"code":"TOO_MANY_REQUESTS","message":"Too many requests"}"#.to_owned();
    let headers = [("content-type", "application/json"), ("retry-after", retry_after)];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Fault::Status { code: 429, body: words, headers }
}

#[tokio::test]
async fn f08_a_429_holds_the_reads_of_its_key_and_lets_the_guard_probe() {
    let stage = stage().await;
    let id = stage.open_position().position.id;
    stage.faults.plan("GET", ACCOUNT, too_many("3"));
    let asked = Instant::now();
    let read = stage.account.fetch_wallet(Priority::GuardRead).await;
    assert_eq!(read, Err(ReadError::RateLimited { retry_after: Some(Millis::from_secs(3)) }));
    let held = tokio::spawn({
        let account = stage.account.clone();
        async move { account.fetch_wallet(Priority::Interface).await }
    });
    let hasty = stage.account.add_margin(id, Sats::new(1)).await;
    assert!(matches!(hasty, Outcome::Rejected(refusal) if refusal.status == 0), "not sent rather than sent late");
    tokio::time::sleep_until(asked + Duration::from_millis(1_500)).await;
    assert!(matches!(stage.account.add_margin(id, Sats::new(1)).await, Outcome::Done(_)));
    assert!(asked.elapsed() < Duration::from_secs(3), "the guard waits two seconds at most");
    assert!(held.await.unwrap().is_ok());
    assert!(Duration::from_secs(3) <= asked.elapsed());
}
