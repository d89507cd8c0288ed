//! A fresh database, a clock that stands still, and chance that only counts.

use domain::{Millis, Timestamp};
use service::{Audit, Caller, Clock, Entropy, Origin, Sealer, Services};
use sqlx::AssertSqlSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::Store;

pub struct StillClock(AtomicI64);

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

impl StillClock {
    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by.get(), Ordering::SeqCst);
    }
}

/// Bytes that differ each time, and that is all that is asked of them here.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        bytes.iter_mut().zip(count.iter().rev().cycle()).for_each(|(byte, count)| *byte = *count);
    }
}

pub struct House {
    pub url: String,
    pub store: Arc<dyn Store>,
    pub clock: Arc<StillClock>,
    pub entropy: Arc<dyn Entropy>,
    pub sealer: Sealer,
    _folder: Option<tempfile::TempDir>,
}

pub const EMAIL: &str = "ana@example.org";
pub const PASSWORD: &str = "correct horse battery staple";

pub fn web() -> Origin {
    Origin::web("192.0.2.1".parse().ok(), "Firefox")
}

pub const MASTER_KEY: [u8; 32] = [0xA7; 32];

impl House {
    pub async fn on_sqlite() -> House {
        let folder = tempfile::tempdir().unwrap();
        House::at(format!("sqlite:{}", folder.path().join("axisor.db").display()), Some(folder)).await
    }

    /// `None`, said aloud, where no server is given; a build server must give one.
    pub async fn on_postgres() -> Option<House> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let Ok(server) = std::env::var("AXISOR_TEST_POSTGRES") else {
            assert!(std::env::var("CI").is_err(), "AXISOR_TEST_POSTGRES is not set");
            eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set; `cargo xtask test` sets it");
            return None;
        };
        let name = format!("identity_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let pool = sqlx::PgPool::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("drop database if exists {name}"))).execute(&pool).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&pool).await.unwrap();
        let (server, _) = server.rsplit_once('/').unwrap();
        Some(House::at(format!("{server}/{name}"), None).await)
    }

    async fn at(url: String, folder: Option<tempfile::TempDir>) -> House {
        let store = store::open(&url).await.unwrap();
        let clock = Arc::new(StillClock(AtomicI64::new(1_800_000_000_000)));
        let entropy: Arc<dyn Entropy> = Arc::new(Counter::default());
        let sealer = Sealer::from_master_key(&MASTER_KEY, Arc::clone(&entropy));
        House { url, store, clock, entropy, sealer, _folder: folder }
    }

    pub async fn audit(&self) -> Arc<Audit> {
        Arc::new(Audit::open(self.store.clone(), self.clock.clone(), &*self.entropy, &self.sealer).await.unwrap())
    }

    pub async fn services(&self) -> Services {
        let (store, clock, entropy) = (self.store.clone(), self.clock.clone(), self.entropy.clone());
        Services::open(
            store,
            clock,
            entropy,
            self.sealer.clone(),
            bus::Bus::default(),
            domain::brake::BreakerLimits::default(),
        )
        .await
        .unwrap()
    }

    /// The first user, who has signed in.
    pub async fn ana(&self, services: &Services) -> Caller {
        let token = services.identity.open_setup().await.unwrap().unwrap();
        let user = services.identity.create_first_user(&token, EMAIL, PASSWORD, &web()).await.unwrap();
        Caller { user, origin: web() }
    }

    /// From now on the database takes no entry of the audit.
    pub async fn fill_audit(&self) {
        self.by_hand(match self.url.starts_with("sqlite") {
            true => "create trigger audit_is_full before insert on audit begin select raise(abort, 'full'); end",
            false => "alter table audit add constraint audit_is_full check (seq < 0) not valid",
        })
        .await;
    }

    pub async fn empty_audit(&self) {
        self.by_hand(match self.url.starts_with("sqlite") {
            true => "drop trigger audit_is_full",
            false => "alter table audit drop constraint audit_is_full",
        })
        .await;
    }

    /// Runs a statement past the program and past the tables' own guards, as the owner of the database could.
    pub async fn by_hand(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        if self.url.starts_with("sqlite") {
            let pool = sqlx::SqlitePool::connect(&self.url).await.unwrap();
            let guards = ["audit_is_not_changed", "audit_is_not_deleted"];
            for guard in guards {
                let drop = AssertSqlSafe(format!("drop trigger if exists {guard}"));
                sqlx::query(drop).execute(&pool).await.unwrap();
            }
            sqlx::query(statement).execute(&pool).await.unwrap();
        } else {
            let pool = sqlx::PgPool::connect(&self.url).await.unwrap();
            sqlx::query("alter table audit disable trigger all").execute(&pool).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
    }
}

/// One test on each database.
macro_rules! on_both {
    ($name:ident, $story:path) => {
        mod $name {
            use super::*;

            #[tokio::test]
            async fn on_sqlite() {
                $story(&$crate::house::House::on_sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(house) = $crate::house::House::on_postgres().await {
                    $story(&house).await;
                }
            }
        }
    };
}
pub(crate) use on_both;
