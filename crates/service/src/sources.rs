//! The sources of prices in use, and how each does.

use domain::source::SourceHealth;
use std::sync::{Arc, PoisonError, RwLock};

/// Tells how one source does now.
pub type Teller = Arc<dyn Fn() -> SourceHealth + Send + Sync>;

/// Every source of prices of the program.
#[derive(Default)]
pub struct Sources(RwLock<Vec<Teller>>);

impl Sources {
    pub fn add(&self, teller: Teller) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(teller);
    }

    /// In the order in which they were taken into use.
    pub fn list(&self) -> Vec<SourceHealth> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).iter().map(|tell| tell()).collect()
    }
}
