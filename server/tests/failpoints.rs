//! F-50: kill -9 at each fail point, once on each database. The program is the real binary, the exchange the paper server
//! over TCP: whatever point it dies at, after a restart nothing was added twice, and it guards again with no person's help.

#![cfg(test)]

#[path = "program/stage.rs"]
mod stage;

use domain::{ActionState, Bps, Reason};
use sqlx::{Connection, PgConnection, SqliteConnection};
use stage::Stage;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;
use store::failpoint::Point;
use tokio::time::timeout;

const KILLED: i32 = 9;
const DANGER: Bps = Bps::new(400);

#[tokio::test(flavor = "multi_thread")]
async fn f50_kill_9_at_each_fail_point_adds_nothing_twice_and_needs_nobody() {
    // Most of a story is waiting for a signature to run out.
    futures::future::join_all(Point::ALL.map(at_point)).await;
}

async fn at_point(point: Point) {
    let folder = tempfile::tempdir().unwrap();
    for database in stage::databases(folder.path()).await {
        killed_at(point, &database, folder.path()).await;
    }
}

async fn killed_at(point: Point, database: &str, data: &Path) {
    let stage = Stage::set(database).await;
    let mut program = if point.needs_outage() {
        let mut program = stage.start_program_to_die_at(database, data, point);
        let adopted = |entry: &domain::LedgerEntry| matches!(entry.reason, Reason::PositionAdopted { .. });
        stage.wait_for("the position is adopted", adopted).await;
        let lease = async || stage.store.find_lease(stage.account).await.unwrap().unwrap();
        let first = lease().await;
        stage.wait_until("it has looked whole", async || first.expires_at < lease().await.expires_at).await;
        let outage = Outage::begin(database).await;
        stage.exchange.set_price_to_distance(DANGER);
        if matches!(point, Point::BeforeMerge | Point::AfterMerge) {
            let calls = async || !stage.exchange.margin_calls().is_empty();
            stage.wait_until("it acts without a database", calls).await;
        } else {
            wait_for_death(point, &mut program).await;
        }
        outage.end().await;
        program
    } else {
        stage.exchange.set_price_to_distance(DANGER);
        stage.start_program_to_die_at(database, data, point)
    };
    wait_for_death(point, &mut program).await;

    let calls = stage.exchange.margin_calls().len();
    assert!(calls <= 1, "{point:?}: {calls} calls");
    let mut program = stage.start_program(database, data);
    let is_settled = async || {
        let states = stage.action_states().await;
        !states.is_empty() && states.iter().all(|state| matches!(state, ActionState::Proved | ActionState::Refuted))
    };
    let is_saved = async || is_settled().await && stage.exchange.margin_calls().len() == 1;
    stage.wait_until(&format!("{point:?}: one top-up, and all is settled"), is_saved).await;
    stage.exchange.set_price_to_distance(DANGER);
    let again = async || stage.exchange.margin_calls().len() == 2 && is_settled().await;
    stage.wait_until(&format!("{point:?}: it guards again"), again).await;
    let proved = stage.action_states().await.iter().filter(|state| **state == ActionState::Proved).count();
    assert_eq!(proved, 2, "{point:?}: as many as the exchange made");
    stage.exchange.check_books();
    program.kill().await.unwrap();
}

async fn wait_for_death(point: Point, program: &mut tokio::process::Child) {
    let ended = timeout(Duration::from_secs(60), program.wait()).await;
    let status = ended.unwrap_or_else(|_| panic!("{point:?} was never reached")).unwrap();
    assert_eq!(status.signal(), Some(KILLED), "{point:?}");
}

/// Another hand on the database that lets nobody write.
enum Outage {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Outage {
    async fn begin(database: &str) -> Outage {
        if database.starts_with("sqlite") {
            let mut connection = SqliteConnection::connect(database).await.unwrap();
            sqlx::query("begin immediate").execute(&mut connection).await.unwrap();
            return Outage::Sqlite(connection);
        }
        let mut connection = PgConnection::connect(database).await.unwrap();
        sqlx::query("begin").execute(&mut connection).await.unwrap();
        let lock = "lock table actions, ledger, leases, journals in access exclusive mode";
        sqlx::query(lock).execute(&mut connection).await.unwrap();
        Outage::Postgres(connection)
    }

    async fn end(self) {
        match self {
            Outage::Sqlite(mut connection) => drop(sqlx::query("rollback").execute(&mut connection).await.unwrap()),
            Outage::Postgres(mut connection) => drop(sqlx::query("rollback").execute(&mut connection).await.unwrap()),
        }
    }
}
