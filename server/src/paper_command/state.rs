//! What the paper exchange keeps between two runs.

use super::PaperCommandError;
use super::keys::PaperKey;
use crate::assembly::paper_side::fresh_seed;
use domain::Sats;
use paper::{Chance, SharedVenue, Venue, VenueRules, snapshot};
use service::Entropy;
use std::path::{Path, PathBuf};

pub struct State {
    file: Option<PathBuf>,
    venue: Venue,
}

impl State {
    /// The venue of the last run, or a new one. Without a folder nothing is kept.
    pub fn open(folder: Option<&Path>, entropy: &dyn Entropy) -> Result<State, PaperCommandError> {
        let new = || Venue::new(VenueRules::default(), Chance::seeded(fresh_seed(entropy)));
        let Some(folder) = folder else { return Ok(State { file: None, venue: new() }) };
        let failed = |source| PaperCommandError::State { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let file = folder.join("venue.json");
        let venue = snapshot::read(&file)?.unwrap_or_else(new);
        Ok(State { file: Some(file), venue })
    }

    /// The venue with a wallet for every key; those that are new begin with the balance.
    pub fn venue(&self, keys: &[PaperKey], balance: Sats) -> SharedVenue {
        let mut venue = self.venue.clone();
        for key in keys {
            if venue.wallet(key.account).is_none() {
                // The account is new and the balance was checked, so nothing can be refused.
                let _ = venue.open_account(key.account, balance, 0);
            }
        }
        SharedVenue::new(venue)
    }

    /// Where the venue is kept.
    pub fn file(&self) -> Option<PathBuf> {
        self.file.clone()
    }
}
