//! The guard's whole core on a virtual clock, against a paper exchange whose own ledger is the judge.
//!
//! One seed is one story: a rule, positions, a market, a trader's hand, and a network that loses, delays and lies. The
//! same seed tells the same story, whatever machine it is told on.

mod clock;
mod oracle;
mod plan;
mod processor;
mod program;
mod rescue;
mod story;
mod vigil;
mod wire;
mod world;

pub use oracle::Violation;
pub use processor::stay_on_a_core;
pub use rescue::{Contest, Crash, CrashError, Score, hold};
pub use story::{Report, Telling, tell};
pub use wire::Client;

use mimalloc::MiMalloc;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Beside, Store, StoreError};

/// As in the program itself.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// A busy machine is no outage: those come where the story has them.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database for stories told one after the other: each has an account and days of its own.
pub struct Library {
    store: Mutex<Arc<dyn Store>>,
    url: String,
    /// Where programs keep a journal beside the database; they have none without.
    journals: Option<PathBuf>,
    /// Whether the database is away.
    outage: Arc<AtomicBool>,
    _folder: tempfile::TempDir,
}

#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("no folder for the database")]
    Folder(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Library {
    /// In memory where the system has a folder for that; durability is what kill tests are for.
    pub async fn open() -> Result<Library, LibraryError> {
        let folder = folder()?;
        let url = format!("sqlite:{}", folder.path().join("stories.db").display());
        let store = Mutex::new(store::open(&url).await?);
        Ok(Library { store, url, journals: None, outage: Arc::default(), _folder: folder })
    }

    /// On SQLite or at `postgres://…`, with programs that can do without it for a while.
    pub async fn with_journals(postgres: Option<&str>) -> Result<Library, LibraryError> {
        let folder = folder()?;
        let sqlite = format!("sqlite:{}", folder.path().join("stories.db").display());
        let (url, journals) = (postgres.map_or(sqlite, str::to_owned), folder.path().to_owned());
        let outage = Arc::<AtomicBool>::default();
        let store = Mutex::new(open_beside(&url, &journals, &outage).await?);
        Ok(Library { store, url, journals: Some(journals), outage, _folder: folder })
    }

    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Nothing is left of a program that died but what is on disk.
    async fn forget_program(&self) -> Result<(), StoreError> {
        let Some(journals) = &self.journals else { return Ok(()) };
        self.outage.store(false, Ordering::SeqCst);
        let store = open_beside(&self.url, journals, &self.outage).await?;
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = store;
        Ok(())
    }

    fn cut(&self, is_away: bool) {
        self.outage.store(is_away && self.journals.is_some(), Ordering::SeqCst);
    }
}

async fn open_beside(url: &str, journals: &Path, outage: &Arc<AtomicBool>) -> Result<Arc<dyn Store>, StoreError> {
    let beside = Beside::in_folder(journals.to_owned()).with_outage(Arc::clone(outage)).with_patience(PATIENCE);
    store::open_beside(url, beside).await
}

fn folder() -> std::io::Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}
