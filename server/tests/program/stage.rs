//! The real program, the paper exchange over TCP, and a database with one live account that outlives both.

#![cfg(test)]
#![expect(dead_code, reason = "each test of the program uses what it needs")]

#[path = "../venue.rs"]
mod venue;

use domain::guard_policy::GuardPolicyDraft;
use domain::{
    AccountId, ActionState, AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, LedgerEntry, Millis, Mode,
    Sats, UserId,
};
use server::system_clock::{SystemClock, SystemEntropy};
use service::ExchangeKey;
use service::{Clock, Desk, Sealer};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use store::failpoint::Point;
use store::{LedgerFilter, Store, User};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use venue::Exchange;

const MASTER_KEY: [u8; 32] = [7; 32];
/// Far longer than anything here takes, the fence of a signature included.
pub const PATIENCE: Duration = Duration::from_secs(120);
const PACE: Duration = Duration::from_millis(50);

/// A fresh database of each kind; PostgreSQL is passed over aloud where no server is given.
pub async fn databases(folder: &Path) -> Vec<String> {
    let sqlite = format!("sqlite:{}", folder.join("axisor.db").display());
    match std::env::var("AXISOR_TEST_POSTGRES") {
        Ok(server) => vec![sqlite, create_database(&server).await],
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "AXISOR_TEST_POSTGRES must be set where all is tested");
            eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set");
            vec![sqlite]
        }
    }
}

/// Named by chance. Programs serve every account of their database, and no test shall serve another's.
async fn create_database(server: &str) -> String {
    let mut random = [0; 10];
    service::Entropy::fill(&SystemEntropy, &mut random);
    let name = format!("program_{}", domain::id::time_ordered(SystemClock.now(), random).simple());
    let pool = sqlx::PgPool::connect(server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&pool).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

/// The paper exchange, a database with one live account and its armed guard, and the program that comes and goes.
pub struct Stage {
    pub exchange: Exchange,
    pub store: Arc<dyn Store>,
    pub account: AccountId,
}

impl Stage {
    pub async fn set(database: &str) -> Stage {
        let exchange = Exchange::open().await;
        let store = store::open(database).await.unwrap();
        let user = insert_user(&*store).await;
        let desk = Desk::new(store.clone(), Arc::new(SystemClock), Arc::new(SystemEntropy), bus::Bus::default());
        let sealer = Sealer::from_master_key(&MASTER_KEY, Arc::new(SystemEntropy));
        let (key, secret, passphrase) = Exchange::KEY;
        let key = ExchangeKey { key: key.to_owned(), secret: secret.to_owned(), passphrase: passphrase.to_owned() };
        let seal = |account| Some(key.seal(user, account, &sealer).unwrap());
        let account = desk.add_account(user, "Live", Mode::Live, seal).await.unwrap();
        desk.arm_guard(user, account, policy(), GuardState::Live, 0).await.unwrap();
        Stage { exchange, store, account }
    }

    pub fn start_program(&self, database: &str, data: &Path) -> Child {
        self.start_program_with(database, data, &[])
    }

    pub fn start_program_with(&self, database: &str, data: &Path, environment: &[(&str, &str)]) -> Child {
        let mut command = self.command(database, data, &["serve", "--listen", "127.0.0.1:0"]);
        command.envs(environment.iter().copied()).spawn().unwrap()
    }

    /// The same at this address, on a machine that gives it so few files.
    pub fn start_program_with_files(&self, database: &str, data: &Path, at: SocketAddr, files: u32) -> Child {
        let program = self.command(database, data, &["serve", "--listen", &at.to_string()]);
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]);
        command.arg(program.as_std().get_program()).args(program.as_std().get_args());
        command.envs(program.as_std().get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap()
    }

    /// The same, and it dies at a fail point as by kill -9.
    pub fn start_program_to_die_at(&self, database: &str, data: &Path, point: Point) -> Child {
        let mut command = self.command(database, data, &["serve", "--listen", "127.0.0.1:0"]);
        command.env("AXISOR_FAILPOINT", format!("{point:?}")).spawn().unwrap()
    }

    /// Runs a command that must succeed; answers what it printed.
    pub async fn run(&self, database: &str, data: &Path, arguments: &[&str]) -> String {
        let done = self.command(database, data, arguments).stdout(Stdio::piped()).output().await.unwrap();
        assert!(done.status.success(), "{arguments:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    pub fn command(&self, database: &str, data: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
        command.args(arguments).args(["--database", database, "--data"]).arg(data);
        command.env("AXISOR_MASTER_KEY", hex::encode(MASTER_KEY));
        command.env("AXISOR_LNM_ENDPOINT", &self.exchange.endpoint);
        command.stdout(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Newest first.
    pub async fn action_states(&self) -> Vec<ActionState> {
        self.store.list_actions(self.account, 10).await.unwrap().into_iter().map(|action| action.state).collect()
    }

    /// Whether so many actions are proved and none is open. Beside them there may be some that were foreseen, and never
    /// sent since the exchange told something else.
    pub async fn are_proved(&self, count: usize) -> bool {
        let states = self.action_states().await;
        let is_settled = |state: &ActionState| matches!(state, ActionState::Proved | ActionState::Refuted);
        states.iter().all(is_settled) && states.iter().filter(|state| **state == ActionState::Proved).count() == count
    }

    pub async fn wait_for(&self, what: &str, wanted: impl Fn(&LedgerEntry) -> bool) {
        let ledger = async || self.store.list_ledger(self.account, LedgerFilter::newest(100)).await.unwrap();
        self.wait_until(what, async || ledger().await.iter().any(&wanted)).await;
    }

    pub async fn wait_until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let waited = timeout(PATIENCE, async {
            while !holds().await {
                tokio::time::sleep(PACE).await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("waited in vain: {what}"));
    }
}

/// Named by chance: a PostgreSQL database may hold what other tests left.
async fn insert_user(store: &dyn Store) -> UserId {
    let mut random = [0; 10];
    service::Entropy::fill(&SystemEntropy, &mut random);
    let now = SystemClock.now();
    let id = UserId::from_uuid(domain::id::time_ordered(now, random));
    let email = format!("{id}@example.org");
    store.insert_user(&User { id, email, password_hash: "$none".to_owned(), created_at: now }).await.unwrap();
    id
}

fn policy() -> GuardPolicy {
    GuardPolicy::new(GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits: GuardLimits {
            per_action: Sats::new(200_000),
            per_position: Sats::new(800_000),
            per_day: Sats::new(800_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::ZERO,
            max_actions: 10,
        },
        at_limit: AtLimit::AlertOnly,
    })
    .unwrap()
}
