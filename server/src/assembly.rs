//! What the program is made of, put together once at start.

pub mod guard_thread;
pub mod key_gate;
pub mod lnmarkets_side;
mod mail;
pub mod paper_side;
pub mod past;
pub mod venues;
pub mod watch;

use crate::breached_file::BreachedFile;
use crate::configuration::{Configuration, RedisPlace, Storage};
use crate::jobs::accounts::Accounts;
use crate::jobs::{heartbeat, outbox, sessions, watchdog};
use crate::master_key::{self, MasterKeyError, MasterKeyPlace};
use crate::redis_sessions::RedisSessions;
use crate::siren::{self, Siren};
use crate::system_clock::{SystemClock, SystemEntropy};
use bus::Bus;
use guard_thread::GuardThread;
use key_gate::LnMarketsGate;
use notify::{AddressError, Alarms, Courier, Heartbeat, LetterCarrier};
use service::{AuditError, Clock, Entropy, KeySource, Outbox, Sealer, Services};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;
use store::{Beside, Store, StoreError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use venues::{Ground, Venues};

/// What is under way at a stop may take so long: a look, with its one call to the exchange.
const LAST_LOOKS: Duration = Duration::from_secs(20);

#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    #[error("the database cannot be opened")]
    Store(#[from] StoreError),
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    #[error(transparent)]
    Audit(#[from] AuditError),
    #[error("alarms cannot be sent")]
    Alarms(#[from] AddressError),
    #[error("Redis cannot be used")]
    Redis(#[from] fred::error::Error),
    #[error("the list of breached passwords cannot be used")]
    Breached(#[source] std::io::Error),
    #[error("the system gives no thread for the guards")]
    Thread(#[from] std::io::Error),
}

/// The program's parts, ready to run.
pub struct Assembly {
    pub services: Services,
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub venues: Arc<Venues>,
    pub unserved: Arc<AtomicUsize>,
    pub stop: CancellationToken,
    pub alarms: Alarms,
    couriers: Vec<Courier>,
    heartbeat: Option<Heartbeat>,
    letters: Option<LetterCarrier>,
    bus: Bus,
    guards: GuardThread,
    tasks: TaskTracker,
}

impl Assembly {
    pub async fn build(configuration: &Configuration, stop: CancellationToken) -> Result<Assembly, AssemblyError> {
        let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
        let beside = Beside::in_folder(configuration.storage.data.clone());
        let store = store::open_beside(configuration.storage.database.as_str(), beside).await?;
        let sealer = sealer(&configuration.storage, Arc::clone(&entropy))?;
        let bus = Bus::default();
        let (at, time, chance) = (Arc::clone(&store), Arc::clone(&clock), Arc::clone(&entropy));
        let services = Services::open(at, time, chance, sealer.clone(), bus.clone(), configuration.breaker).await?;
        if let Some(RedisPlace { url, tls }) = &configuration.redis {
            let sessions = RedisSessions::at(url.expose(), tls.as_ref(), Arc::clone(&store), Arc::clone(&clock))?;
            sessions.wait_a_moment().await;
            services.sessions.keep_in(Arc::new(sessions));
        }
        if let Some(path) = &configuration.breached_passwords {
            services.identity.refuse_breached(Arc::new(BreachedFile::open(path).map_err(AssemblyError::Breached)?));
        }
        let (alarms, couriers) = siren::ways(&configuration.storage.data, &configuration.alarms)?;
        let heartbeat = siren::heartbeat(&configuration.alarms)?;
        let letters = configuration.mail.clone().map(|smtp| mail::begin(&services.post, smtp));
        services.desk.sound_alarms_on(Arc::new(Siren(alarms.clone())));
        services.custody.examine_keys_at(Arc::new(LnMarketsGate {
            live: configuration.live_endpoint.clone(),
            signet: configuration.signet_endpoint.clone(),
            clock: Arc::clone(&clock),
        }));
        let tasks = TaskTracker::new();
        let venues = Venues::new(Ground {
            desk: Arc::clone(&services.desk),
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            entropy,
            sealer,
            live_endpoint: configuration.live_endpoint.clone(),
            signet_endpoint: configuration.signet_endpoint.clone(),
            second_opinion: configuration.second_opinion.clone(),
            sources: Arc::clone(&services.sources),
            paper: configuration.paper.clone(),
            tasks: tasks.clone(),
            stop: stop.clone(),
        });
        let (venues, unserved, guards) = (Arc::new(venues), Arc::default(), GuardThread::start()?);
        Ok(Assembly {
            services,
            store,
            clock,
            venues,
            unserved,
            stop,
            alarms,
            couriers,
            heartbeat,
            letters,
            bus,
            guards,
            tasks,
        })
    }

    /// Starts everything that runs beside the web.
    pub fn start_jobs(&mut self) {
        self.start_alarms();
        let accounts = Accounts {
            desk: Arc::clone(&self.services.desk),
            store: Arc::clone(&self.store),
            venues: Arc::clone(&self.venues),
            unserved: Arc::clone(&self.unserved),
            tasks: self.tasks.clone(),
            stop: self.stop.clone(),
        };
        self.guards.spawn(self.tasks.track_future(async move { accounts.run().await }));
        let outbox = Outbox::new(Arc::clone(&self.store), Arc::clone(&self.clock), self.bus.clone());
        let stop = self.stop.clone();
        self.tasks.spawn(async move { outbox::run(&outbox, &stop).await });
        let (desk, stop) = (Arc::clone(&self.services.desk), self.stop.clone());
        self.tasks.spawn(async move { watchdog::run(&desk, &stop).await });
        let (store, clock, stop) = (Arc::clone(&self.store), Arc::clone(&self.clock), self.stop.clone());
        self.tasks.spawn(async move { sessions::run(&*store, &*clock, &stop).await });
    }

    fn start_alarms(&mut self) {
        for courier in self.couriers.drain(..) {
            let stop = self.stop.clone();
            self.tasks.spawn(async move { courier.run(&stop).await });
        }
        if let Some(carrier) = self.letters.take() {
            let stop = self.stop.clone();
            self.tasks.spawn(async move { carrier.run(&stop).await });
        }
        if let Some(signal) = self.heartbeat.take() {
            let (desk, stop) = (Arc::clone(&self.services.desk), self.stop.clone());
            self.tasks.spawn(async move { heartbeat::run(&desk, &signal, &stop).await });
        }
    }

    /// Waits until what is under way has finished.
    pub async fn finish(&self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(LAST_LOOKS, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                "tasks that did not finish in time are cut; what they left open is looked up at the next start"
            );
            return;
        }
        if let Err(error) = self.services.desk.retire().await {
            tracing::warn!(error = crate::told(&error), "the accounts were not handed over; their leases run out");
        }
    }
}

/// The sealer of every secret under the configured master keys; a key that is new in their file is found by itself.
pub fn sealer(storage: &Storage, entropy: Arc<dyn Entropy>) -> Result<Sealer, MasterKeyError> {
    let keys = master_key::load(storage.master_key_file.as_deref(), &storage.data, &*entropy)?;
    let place = MasterKeyPlace::find(storage.master_key_file.as_deref(), &storage.data);
    let source: KeySource = Box::new(move || match place.read() {
        Ok(keys) => Some(keys),
        Err(error) => {
            tracing::error!(error = crate::told(&error), "the master keys cannot be read anew");
            None
        }
    });
    Ok(Sealer::new(keys, Some(source), entropy))
}
