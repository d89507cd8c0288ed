//! The guard's whole core on a virtual clock, against a paper exchange whose own ledger is the judge.
//!
//! One seed is one story: a rule, positions, a market, a trader's hand, and a network that loses, delays and lies. The
//! same seed tells the same story, whatever machine it is told on.

mod clock;
mod oracle;
mod plan;
mod story;
mod wire;
mod world;

pub use oracle::Violation;
pub use story::{Report, tell};
pub use wire::Client;

use std::sync::Arc;
use store::{Store, StoreError};

/// A database for stories told one after the other: each has an account and days of its own.
pub struct Library {
    pub store: Arc<dyn Store>,
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
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? };
        let store = store::open(&format!("sqlite:{}", folder.path().join("stories.db").display())).await?;
        Ok(Library { store, _folder: folder })
    }
}
