//! F-12: kill -9 between the call and the commit. The program is the real binary, the exchange the paper server over
//! TCP, and the database outlives the program.

#![cfg(test)]

mod venue;

use domain::guard_policy::GuardPolicyDraft;
use domain::{
    AccountId, ActionState, AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, LedgerEntry, Millis, Mode,
    Reason, Sats, UserId,
};
use paper::http::{Fault, Hold};
use server::assembly::exchange_key::ExchangeKey;
use server::system_clock::{SystemClock, SystemEntropy};
use service::{Clock, Desk, Sealer};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use store::{LedgerFilter, Store, User};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use venue::Exchange;

const MASTER_KEY: [u8; 32] = [7; 32];
const ADD_MARGIN: &str = "/v3/futures/isolated/trade/add-margin";
/// Far longer than anything here takes, the fence of a signature included.
const PATIENCE: Duration = Duration::from_secs(120);
const PACE: Duration = Duration::from_millis(50);

#[tokio::test(flavor = "multi_thread")]
async fn f12_kill_9_between_call_and_commit_never_adds_twice() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("axisor.db").display());
    story(&sqlite, folder.path()).await;
    match std::env::var("AXISOR_TEST_POSTGRES") {
        Ok(postgres) => story(&postgres, folder.path()).await,
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "AXISOR_TEST_POSTGRES must be set where all is tested");
            eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set");
        }
    }
}

async fn story(database: &str, data: &Path) {
    let stage = Stage::set(database).await;
    let exchange = &stage.exchange;
    let hold = Hold::default();

    let mut program = stage.start_program(database, data);
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;
    exchange.faults.plan("POST", ADD_MARGIN, Fault::HoldReply(hold.clone()));
    exchange.set_price_to_distance(Bps::new(400));
    timeout(PATIENCE, hold.reached()).await.expect("the top-up reaches the exchange");
    program.kill().await.unwrap();
    hold.release();
    assert_eq!(exchange.margin_calls().len(), 1, "the exchange did it");
    assert_eq!(stage.action_states().await, [ActionState::Intent], "the program never heard of it");

    let mut program = stage.start_program(database, data);
    let looked_up = |entry: &LedgerEntry| matches!(entry.reason, Reason::LookedUp { happened: true, .. });
    stage.wait_for("the lost top-up is looked up", looked_up).await;
    assert_eq!(stage.action_states().await, [ActionState::Proved]);
    assert_eq!(exchange.margin_calls().len(), 1, "it is not sent again");

    exchange.set_price_to_distance(Bps::new(400));
    stage.wait_until("the guard watches again", async || stage.action_states().await.len() == 2).await;
    stage.wait_until("its next top-up is proved", async || stage.action_states().await[0] == ActionState::Proved).await;
    assert_eq!(exchange.margin_calls().len(), 2);
    exchange.check_books();
    program.kill().await.unwrap();
}

/// The paper exchange, a database with one live account and its armed guard, and the program that comes and goes.
struct Stage {
    exchange: Exchange,
    store: Arc<dyn Store>,
    account: AccountId,
}

impl Stage {
    async fn set(database: &str) -> Stage {
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

    fn start_program(&self, database: &str, data: &Path) -> Child {
        Command::new(env!("CARGO_BIN_EXE_axisor"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database, "--data"])
            .arg(data)
            .env("AXISOR_MASTER_KEY", hex::encode(MASTER_KEY))
            .env("AXISOR_LNM_ENDPOINT", &self.exchange.endpoint)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// Newest first.
    async fn action_states(&self) -> Vec<ActionState> {
        self.store.list_actions(self.account, 10).await.unwrap().into_iter().map(|action| action.state).collect()
    }

    async fn wait_for(&self, what: &str, wanted: impl Fn(&LedgerEntry) -> bool) {
        let ledger = async || self.store.list_ledger(self.account, LedgerFilter::newest(100)).await.unwrap();
        self.wait_until(what, async || ledger().await.iter().any(&wanted)).await;
    }

    async fn wait_until(&self, what: &str, holds: impl AsyncFn() -> bool) {
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
