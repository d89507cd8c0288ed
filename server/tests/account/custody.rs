//! Accounts that come, get another key and go while the program runs.

use crate::stage::{KEY, SPARE, Stage, key, policy};
use bus::Bus;
use domain::brake::BreakerLimits;
use domain::live::{AccountSnapshot, LiveEvent};
use domain::{AccountId, GuardState, KeyFault, Mode};
use server::assembly::key_gate::LnMarketsGate;
use server::assembly::venues::{Ground, Venues};
use server::configuration::{PaperConfiguration, PaperSource, SecondOpinionSource};
use server::jobs::accounts::Accounts;
use server::system_clock::{SystemClock, SystemEntropy};
use service::{Caller, Clock, Confirmed, CustodyError, DeskError, ExchangeKey, Origin, Sealer, Services};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const PATIENCE: Duration = Duration::from_secs(30);

/// A program that serves accounts, beside the exchange of a stage.
struct House {
    services: Services,
    caller: Caller,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl House {
    async fn open(endpoint: &str) -> House {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&format!("sqlite:{}", folder.path().join("axisor.db").display())).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let sealer = Sealer::from_master_key(&[7; 32], Arc::new(SystemEntropy));
        let (at, time, chance) = (store.clone(), clock.clone(), Arc::new(SystemEntropy));
        let opened = Services::open(at, time, chance, sealer.clone(), Bus::default(), BreakerLimits::default()).await;
        let services = opened.unwrap();
        let gate = LnMarketsGate { live: Some(endpoint.to_owned()), signet: None, clock: clock.clone() };
        services.custody.examine_keys_at(Arc::new(gate));
        let token = services.identity.open_setup().await.unwrap().unwrap();
        let (password, origin) = ("correct horse battery staple", Origin::CommandLine);
        let user = services.identity.create_first_user(&token, "ana@example.org", password, &origin).await.unwrap();
        let stop = CancellationToken::new();
        serve(&services, store, clock, sealer, endpoint, &stop);
        House { services, caller: Caller { user, origin }, stop, _folder: folder }
    }

    fn confirmed(&self) -> Confirmed {
        self.services.confirmed(self.caller.clone(), Some(SystemClock.now())).unwrap()
    }

    async fn add(&self, name: &str, key: ExchangeKey) -> AccountId {
        self.services.custody.open(&self.caller, name, Mode::Live, Some(key)).await.unwrap().account
    }

    async fn watch(&self, account: AccountId) -> service::Watch {
        self.services.desk.watch(self.caller.user, account).await.unwrap()
    }
}

fn serve(
    services: &Services,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sealer: Sealer,
    endpoint: &str,
    stop: &CancellationToken,
) {
    let tasks = TaskTracker::new();
    let paper = PaperConfiguration {
        source: PaperSource::Scenario(paper::Scenario::Sideways),
        seed: 1,
        speed: NonZeroU32::MIN,
        start: None,
        balance: domain::Sats::new(1_000_000),
    };
    let venues = Venues::new(Ground {
        desk: services.desk.clone(),
        store: store.clone(),
        clock,
        entropy: Arc::new(SystemEntropy),
        sealer,
        live_endpoint: Some(endpoint.to_owned()),
        signet_endpoint: None,
        second_opinion: SecondOpinionSource::Nobody,
        sources: services.sources.clone(),
        paper,
        tasks: tasks.clone(),
        stop: stop.clone(),
    });
    let (desk, venues, stop) = (services.desk.clone(), Arc::new(venues), stop.clone());
    let accounts = Accounts { desk, store, venues, unserved: Arc::default(), tasks, stop };
    tokio::spawn(async move { accounts.run().await });
}

fn spare() -> ExchangeKey {
    ExchangeKey::typed(SPARE, &key().secret, &key().passphrase).unwrap()
}

async fn see(heard: &mut service::Watch, what: &str, is_it: impl Fn(&AccountSnapshot) -> bool) {
    let seen = async {
        loop {
            if let Some(LiveEvent::Account(account)) = heard.next().await
                && is_it(&account)
            {
                return;
            }
        }
    };
    timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("waited in vain: {what}"));
}

#[tokio::test]
async fn an_account_that_is_added_while_the_program_runs_is_guarded_at_once() {
    let stage = Stage::set().await;
    stage.open_position();
    let house = House::open(&stage.endpoint).await;
    let account = house.add("Main", key()).await;
    let mut heard = house.watch(account).await;
    let desk = &house.services.desk;
    desk.arm_guard(house.caller.user, account, policy(), GuardState::Live, 0).await.unwrap();
    see(&mut heard, "the position", |account| account.positions.len() == 1 && account.check_age.is_some()).await;
    stage.move_price(crate::stage::ENDANGERED);
    see(&mut heard, "the top-up", |account| account.positions.iter().any(|shown| shown.actions == 1)).await;
    assert_eq!(stage.adds(), 1);
}

#[tokio::test]
async fn a_new_key_is_used_at_once_and_a_removed_account_is_left_alone() {
    let stage = Stage::set().await;
    stage.open_position();
    let house = House::open(&stage.endpoint).await;
    let account = house.add("Main", key()).await;
    let mut heard = house.watch(account).await;
    see(&mut heard, "the account", |account| account.read_age.is_some()).await;
    stage.scopes.revoke(KEY);
    see(&mut heard, "that the key was revoked", |account| {
        account.alarm == Some(domain::live::Alarm::KeyUnfit(KeyFault::Refused))
    })
    .await;
    let custody = &house.services.custody;
    assert!(matches!(custody.test_key(house.caller.user, account).await, Err(CustodyError::Refused(_))));
    custody.replace_key(&house.confirmed(), account, spare()).await.unwrap();
    see(&mut heard, "the account by its new key", |account| account.alarm.is_none() && account.read_age.is_some())
        .await;

    custody.remove(&house.confirmed(), account).await.unwrap();
    let gone = async {
        while house.services.desk.list_served().contains(&account) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, gone).await.expect("the account is let go");
    let found = house.services.desk.find_snapshot(house.caller.user, account).await;
    assert!(matches!(found, Err(DeskError::NotFound)));
    assert!(custody.list(house.caller.user).await.unwrap().is_empty());
    let again = custody.open(&house.caller, "Main", Mode::Live, Some(spare())).await;
    again.expect("its name is free again");
}
