//! F-50: death at each fail point within many stories: what the exchange did is what the journal says.

#![cfg(test)]

use simulation::{Library, Telling, tell};
use sqlx::AssertSqlSafe;
use store::failpoint::Point;

/// How many stories a point is met in: on a build server, and where somebody waits. The whole thousand is told by
/// `AXISOR_FAILPOINT_SEEDS=1000`, which takes hours.
const SEEDS: [u64; 2] = [100, 10];

fn seeds() -> u64 {
    let [on_a_build_server, here] = SEEDS;
    let usual = if std::env::var_os("CI").is_some() { on_a_build_server } else { here };
    std::env::var("AXISOR_FAILPOINT_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(usual)
}

async fn at_each_point(library: &Library, seeds: u64) {
    for (index, point) in (0..).zip(Point::ALL) {
        let mut deaths = 0;
        // Each story has an account of its own, and days after all before it.
        for seed in index * seeds..(index + 1) * seeds {
            let report = tell(library, Telling { death: Some(point), ..Telling::of(seed) }).await.unwrap();
            assert_eq!(report.violations, [], "{point:?}, seed {seed}");
            deaths += report.planned_deaths;
        }
        assert!(0 < deaths, "{point:?} was never reached");
    }
}

#[tokio::test]
async fn f50_death_at_each_fail_point_adds_nothing_twice_on_sqlite() {
    at_each_point(&Library::with_journals(None).await.unwrap(), seeds()).await;
}

#[tokio::test]
async fn f50_death_at_each_fail_point_adds_nothing_twice_on_postgres() {
    let Ok(server) = std::env::var("AXISOR_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "AXISOR_TEST_POSTGRES is not set");
        eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set; `cargo xtask test` sets it");
        return;
    };
    let name = format!("failpoints_{}", std::process::id());
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("drop database if exists {name}"))).execute(&pool).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&pool).await.unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    at_each_point(&Library::with_journals(Some(&url)).await.unwrap(), seeds()).await;
}
