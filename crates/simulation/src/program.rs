//! Who lives in a story, and the programs that guard them.

use crate::plan::Plan;
use crate::vigil::Heard;
use crate::wire::{Client, PublicWire, Wire};
use crate::world::World;
use domain::brake::BreakerLimits;
use domain::{AccountId, GuardState, Millis, Mode, Sats, Timestamp, UserId};
use exchange::Exchange;
use paper::{Chance, PaperAccount};
use service::{Clock, Desk, Entropy, MarginGuard};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Store, StoreError, User};

/// An account with its rule, and its way to the exchange.
pub struct Resident {
    pub account: AccountId,
    pub plan: Plan,
    pub wire: Arc<Wire>,
}

impl Resident {
    /// Opens the account and its positions, for a user of its own.
    pub async fn move_in(
        world: &Arc<World>,
        store: Arc<dyn Store>,
        account: AccountId,
        plan: Plan,
        client: Client,
    ) -> Result<Resident, StoreError> {
        insert_owner(&*store, world.clock.now(), account).await?;
        open_positions(world, account, &plan).await;
        let inner = PaperAccount::new(world.venue.clone(), account);
        let (world, sent) = (Arc::clone(world), Mutex::default());
        world.vigil().houses.push((account, plan.policy.trigger()));
        Ok(Resident {
            account,
            plan,
            wire: Arc::new(Wire { world, account, store: Mutex::new(store), inner, client, sent }),
        })
    }

    /// The journal is read where the program of now keeps it.
    pub fn read_in(&self, store: Arc<dyn Store>) {
        *self.wire.store.lock().unwrap_or_else(PoisonError::into_inner) = store;
    }

    pub async fn arm(&self, desk: &Desk) -> Result<(), StoreError> {
        let armed = desk.arm_guard(owner_of(self.account), self.account, self.plan.policy, GuardState::Live, 0).await;
        armed.map(drop).map_err(|_| StoreError::Conflict)
    }
}

/// A program that runs, with a guard for each resident.
pub struct Program {
    pub desk: Arc<Desk>,
    pub guards: Vec<MarginGuard>,
    pub has_looked: bool,
}

/// How a program's looks ended.
pub enum Looked {
    /// When to look again at the latest.
    Whole(Millis),
    Died,
}

impl Program {
    pub async fn start(
        world: &Arc<World>,
        store: Arc<dyn Store>,
        entropy: Arc<dyn Entropy>,
        residents: &[Resident],
        heard: &Arc<Heard>,
    ) -> Result<Program, StoreError> {
        let limits = BreakerLimits { adds_per_minute: u32::MAX, sats_per_hour: Sats::new(i64::MAX) };
        let clock = world.clock.clone();
        let desk = Desk::new(Arc::clone(&store), clock, entropy, bus::Bus::default()).with_breaker(limits);
        desk.sound_alarms_on(heard.clone());
        let mut guards = Vec::new();
        for resident in residents {
            let account = store.find_account(resident.account).await?.ok_or(StoreError::Conflict)?;
            let market = Arc::new(PublicWire(Arc::clone(world)));
            guards.push(desk.open_account(account, resident.wire.clone(), market, world.prices.subscribe()));
        }
        Ok(Program { desk: Arc::new(desk), guards, has_looked: false })
    }

    /// Each guard looks once, unless the program dies of it.
    pub async fn look(&mut self, world: &World) -> Looked {
        let mut pace = Millis::MINUTE;
        for guard in &mut self.guards {
            // Who only watches reads nothing.
            if self.desk.count_guarded_elsewhere() == 0 {
                world.begin_look(guard.account());
            }
            tokio::select! {
                biased;
                wanted = guard.look_again() => pace = pace.min(wanted),
                () = world.death.notified() => return Looked::Died,
            }
        }
        self.has_looked = true;
        Looked::Whole(pace)
    }

    /// Whether something has asked for a look meanwhile.
    pub fn is_called(&self) -> bool {
        let is_called = |guard: &MarginGuard| std::pin::pin!(guard.wake().notified_owned()).enable();
        // Each call is taken, so none is left out.
        self.guards.iter().filter(|guard| is_called(guard)).count() != 0
    }
}

/// An account's user bears its name, so that a story needs to remember one of them.
fn owner_of(account: AccountId) -> UserId {
    UserId::from_uuid(account.uuid())
}

pub async fn insert_owner(store: &dyn Store, created_at: Timestamp, account: AccountId) -> Result<(), StoreError> {
    let id = owner_of(account);
    let (email, password_hash) = (format!("{id}@example.org"), "$none".to_owned());
    store.insert_user(&User { id, email, password_hash, created_at }).await?;
    let (name, sealed_key) = ("Paper".to_owned(), None);
    store
        .insert_account(&store::Account { id: account, user: id, name, mode: Mode::Paper, sealed_key, created_at })
        .await
}

async fn open_positions(world: &World, account: AccountId, plan: &Plan) {
    let opened = world.venue.lock().open_account(account, plan.wallet, 0);
    let exchange = PaperAccount::new(world.venue.clone(), account);
    for order in plan.orders.iter().filter(|_| opened.is_ok()) {
        // What the wallet can't pay for is not opened.
        drop(exchange.open_position(*order).await);
    }
}

/// A name for an account, by the seed of its story and its place in it.
pub fn account_of(seed: u64, place: u64) -> AccountId {
    AccountId::from_uuid(Chance::seeded(!seed ^ place).uuid())
}
