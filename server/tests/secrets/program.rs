//! A database, a data folder, and the program that is run on them.

use crate::venue::Exchange;
use domain::{Timestamp, UserId};
use sqlx::{AssertSqlSafe, Row};
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use store::User;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use uuid::Uuid;

pub const EMAIL: &str = "ana@example.org";

pub struct Program {
    pub folder: TempDir,
    pub database: String,
}

impl Program {
    pub async fn on_sqlite() -> Program {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("axisor.db").display());
        Program { folder, database }
    }

    pub async fn on_postgres() -> Option<Program> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("AXISOR_TEST_POSTGRES") else {
            assert!(std::env::var_os("CI").is_none(), "AXISOR_TEST_POSTGRES must be set where all is tested");
            eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set");
            return None;
        };
        let name = format!("secrets_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let pool = sqlx::PgPool::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("drop database if exists {name}"))).execute(&pool).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&pool).await.unwrap();
        let (server, _) = server.rsplit_once('/').unwrap();
        Some(Program { folder: tempfile::tempdir().unwrap(), database: format!("{server}/{name}") })
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
        command.args(arguments).arg("--data").arg(self.data()).args(["--database", &self.database]);
        command.env_remove("AXISOR_MASTER_KEY").env("RUST_BACKTRACE", "full").kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().await.unwrap()
    }

    /// Runs a command that must succeed; answers what it printed.
    pub async fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A user, and a live account with this key.
    pub async fn add_account(&self, name: &str, key: (&str, &str, &str)) -> Output {
        let store = store::open(&self.database).await.unwrap();
        if store.find_user_by_email(EMAIL).await.unwrap().is_none() {
            let user = User {
                id: UserId::from_uuid(Uuid::from_u128(9)),
                email: EMAIL.to_owned(),
                password_hash: "$none".to_owned(),
                created_at: Timestamp::from_unix_ms(1),
            };
            store.insert_user(&user).await.unwrap();
        }
        // The exchange is asked what the key may do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exchange = Exchange::open_with(key).await;
        let (key, secret, passphrase) = key;
        let arguments = ["account", "add", "--user", EMAIL, "--name", name, "--mode", "live", "--key", key];
        let mut adding = self.command(&arguments);
        adding.args(["--lnm-endpoint", &exchange.endpoint]).stdin(Stdio::piped());
        let mut adding = adding.spawn().unwrap();
        let lines = format!("{secret}\n{passphrase}\n");
        adding.stdin.take().unwrap().write_all(lines.as_bytes()).await.unwrap();
        let output = adding.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Runs a statement past the program.
    pub async fn by_hand(&self, statements: &[&str]) {
        for statement in statements {
            let statement = AssertSqlSafe((*statement).to_owned());
            if self.database.starts_with("sqlite") {
                let pool = sqlx::SqlitePool::connect(&self.database).await.unwrap();
                sqlx::query(statement).execute(&pool).await.unwrap();
            } else {
                let pool = sqlx::PgPool::connect(&self.database).await.unwrap();
                sqlx::query(statement).execute(&pool).await.unwrap();
            }
        }
    }

    /// Every byte of the data folder but the master key's file, and every row of a PostgreSQL database.
    pub async fn everything_kept(&self) -> Vec<(String, Vec<u8>)> {
        let mut kept = Vec::new();
        for entry in std::fs::read_dir(self.data()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && !path.ends_with("master.key") {
                kept.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
        if !self.database.starts_with("sqlite") {
            let pool = sqlx::PgPool::connect(&self.database).await.unwrap();
            let tables = sqlx::query("select tablename::text from pg_tables where schemaname = 'public'");
            for table in tables.fetch_all(&pool).await.unwrap() {
                let table: String = table.get(0);
                let rows = AssertSqlSafe(format!("select t::text from \"{table}\" t"));
                for row in sqlx::query(rows).fetch_all(&pool).await.unwrap() {
                    kept.push((format!("table {table}"), row.get::<String, _>(0).into_bytes()));
                }
            }
        }
        kept
    }
}

/// One test on each database.
macro_rules! on_both {
    ($name:ident, $story:path) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                $story(&$crate::program::Program::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                if let Some(program) = $crate::program::Program::on_postgres().await {
                    $story(&program).await;
                }
            }
        }
    };
}
pub(crate) use on_both;
