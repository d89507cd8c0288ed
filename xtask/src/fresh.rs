//! Whether something built is newer than all that it was built from.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// True when `stamp` exists and nothing in `sources` (files, or folders with all in them) changed after it.
pub fn is_fresh(stamp: &Path, sources: &[impl AsRef<Path>]) -> bool {
    let Ok(built) = fs::metadata(stamp).and_then(|it| it.modified()) else { return false };
    sources.iter().filter_map(|source| newest(source.as_ref())).all(|changed| changed < built)
}

/// The last change in a file or folder; a folder changes, too, when an entry is taken away.
fn newest(path: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(path).ok()?;
    let own = metadata.modified().ok();
    if !metadata.is_dir() {
        return own;
    }
    let entries = fs::read_dir(path).ok()?.flatten();
    entries.filter_map(|entry| newest(&entry.path())).chain(own).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn touch(path: &Path, second: u64) {
        let file = fs::File::options().create(true).append(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(second)).unwrap();
    }

    #[test]
    fn a_build_is_stale_once_any_source_is_younger() {
        let folder = tempfile::tempdir().unwrap();
        let (stamp, source) = (folder.path().join("stamp"), folder.path().join("source"));
        touch(&source, 100);
        assert!(!is_fresh(&stamp, &[&source]), "never built");
        touch(&stamp, 101);
        assert!(is_fresh(&stamp, &[&source]));
        touch(&source, 102);
        assert!(!is_fresh(&stamp, &[&source]));
    }

    #[test]
    fn a_file_taken_out_of_a_folder_counts_as_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let (stamp, sources) = (folder.path().join("stamp"), folder.path().join("src"));
        fs::create_dir(&sources).unwrap();
        touch(&sources.join("old.rs"), 50);
        touch(&stamp, 100);
        fs::remove_file(sources.join("old.rs")).unwrap();
        assert!(!is_fresh(&stamp, &[&sources]));
    }
}
