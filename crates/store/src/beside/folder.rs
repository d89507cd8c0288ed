//! The folder of journals: one's own, and those that other programs left.

use super::{Beside, Journal, JournalFile, Line, decode};
use crate::{Result, StoreError};
use domain::InstanceId;

const SUFFIX: &str = ".log";

impl Beside {
    /// Opens the journal of this program, with its reserve.
    pub fn open_journal(&self, instance: InstanceId) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if self.stands_in() {
            return Ok(());
        }
        let file =
            JournalFile::open(&folder.join(self.name(instance))).map_err(|error| StoreError::Database(error.into()))?;
        self.state().journal = Some((instance, Journal::new(Box::new(file))));
        Ok(())
    }

    /// Whether a program that journals in this folder runs, or only stands still.
    pub fn is_alive(&self, instance: InstanceId) -> bool {
        let Some(path) = self.folder.as_ref().map(|folder| folder.join(self.name(instance))) else { return false };
        let locked = |file: std::fs::File| matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock));
        std::fs::File::open(path).is_ok_and(locked)
    }

    /// Ends with the program: what the database holds whole needs no file.
    pub fn close_journal(&self) {
        let closed = self.state().journal.take_if(|(_, journal)| journal.unmerged().is_empty());
        if let Some((instance, journal)) = closed {
            drop(journal);
            self.remove_journal(instance);
        }
    }

    /// What another program journaled, where its journal lies in this folder.
    pub fn read_journal(&self, instance: InstanceId) -> Option<Vec<Line>> {
        let path = self.folder.as_ref()?.join(self.name(instance));
        std::fs::read(path).ok().map(|bytes| decode(&bytes))
    }

    /// A journal that is merged, of a program that has ended, is not kept.
    pub fn remove_journal(&self, instance: InstanceId) {
        let Some(path) = self.folder.as_ref().map(|folder| folder.join(self.name(instance))) else { return };
        let is_free = std::fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if is_free && let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(%error, path = %path.display(), "a journal that is merged cannot be removed");
        }
    }

    /// Journals in the folder, but for this program's own.
    pub fn list_journals(&self) -> Vec<InstanceId> {
        let own = self.state().journal.as_ref().map(|(instance, _)| *instance);
        let entries = self.folder.as_ref().and_then(|folder| std::fs::read_dir(folder).ok());
        let names = entries.into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let prefix = self.prefix();
        let instances = names.filter_map(|name| name.strip_prefix(&prefix)?.strip_suffix(SUFFIX)?.parse().ok());
        instances.filter(|instance| Some(*instance) != own).collect()
    }

    fn prefix(&self) -> String {
        format!("journal-{}-", self.database)
    }

    fn name(&self, instance: InstanceId) -> String {
        format!("{}{instance}{SUFFIX}", self.prefix())
    }
}
