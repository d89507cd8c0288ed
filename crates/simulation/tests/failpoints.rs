//! F-50: death at each fail point within many stories: what the exchange did is what the journal says.

#![cfg(test)]

use simulation::{Library, Telling, stay_on_a_core, tell};
use sqlx::AssertSqlSafe;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::failpoint::Point;

/// How many stories a point is met in: on a build server, where that takes a quarter of an hour, and where somebody
/// waits. `AXISOR_FAILPOINT_SEEDS=1000` tells the whole thousand in hours.
const SEEDS: [u64; 2] = [100, 10];

fn seeds() -> u64 {
    let [on_a_build_server, here] = SEEDS;
    let usual = if std::env::var_os("CI").is_some() { on_a_build_server } else { here };
    std::env::var("AXISOR_FAILPOINT_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(usual)
}

/// So many points are met at once on PostgreSQL, where most of a story's time goes into waiting for answers.
const WORKERS: usize = 6;

/// Each worker takes the next point, on a database of its own.
fn at_each_point(workers: usize, database: impl Fn(usize) -> Option<String> + Sync) {
    let (next, seeds) = (AtomicUsize::new(0), seeds());
    let work = |worker: usize| {
        stay_on_a_core(worker);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let library = Library::with_journals(database(worker).as_deref()).await.unwrap();
            while let Some((index, point)) = Point::ALL.iter().enumerate().nth(next.fetch_add(1, Ordering::SeqCst)) {
                let first = u64::try_from(index).unwrap() * seeds;
                at_point(&library, *point, first..first + seeds).await;
            }
        });
    };
    std::thread::scope(|scope| (0..workers).for_each(|worker| drop(scope.spawn(move || work(worker)))));
}

async fn at_point(library: &Library, point: Point, seeds: Range<u64>) {
    let mut deaths = 0;
    // Each story has an account of its own, and days after all before it.
    for seed in seeds {
        let report = tell(library, Telling { death: Some(point), ..Telling::of(seed) }).await.unwrap();
        assert_eq!(report.violations, [], "{point:?}, seed {seed}");
        deaths += report.planned_deaths;
    }
    assert!(0 < deaths, "{point:?} was never reached");
}

#[test]
fn f50_death_at_each_fail_point_adds_nothing_twice_on_sqlite() {
    at_each_point(2, |_| None);
}

#[test]
fn f50_death_at_each_fail_point_adds_nothing_twice_on_postgres() {
    let Ok(server) = std::env::var("AXISOR_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "AXISOR_TEST_POSTGRES is not set");
        eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set; `cargo xtask test` sets it");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let urls: Vec<String> = (0..WORKERS).map(|worker| runtime.block_on(fresh_database(&server, worker))).collect();
    at_each_point(WORKERS, |worker| urls.get(worker).cloned());
}

async fn fresh_database(server: &str, worker: usize) -> String {
    let name = format!("failpoints_{}_{worker}", std::process::id());
    let pool = sqlx::PgPool::connect(server).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("drop database if exists {name}"))).execute(&pool).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&pool).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}
