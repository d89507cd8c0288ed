//! What the program takes of the machine: memory, as many files as it may have, and threads of the web that give way to
//! guards.

use mimalloc::MiMalloc;
use std::io;
use tokio::runtime::{Builder, Runtime};

/// A page is made of many small pieces, and a fifth of its time went into the system's allocator.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// Further connections wait in the kernel, so that those which are open, the guards and the database keep their files.
const MOST_CONNECTIONS: u64 = 2_000;
const FEWEST_CONNECTIONS: u64 = 16;
/// How far pages, sign-ins and replays stand back where they and the guards want the same core.
#[cfg(target_os = "linux")]
const NICE: i32 = 5;

/// The runtime of everything but the guards, who have a thread of their own.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().on_thread_start(stand_back).build()
}

#[cfg(target_os = "linux")]
fn stand_back() {
    // Linux counts this for each thread. One that may not stand back is as fast as the guards.
    let _ = rustix::process::nice(NICE);
}

#[cfg(not(target_os = "linux"))]
fn stand_back() {}

/// Asks for all the files that this user may have open.
#[cfg(unix)]
pub fn open_as_many_files_as_may_be() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Whoever refuses leaves what there was.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

#[cfg(not(unix))]
pub fn open_as_many_files_as_may_be() {}

/// How many connections browsers may have at once: half of the files are kept for the guards and the database.
pub fn most_connections() -> usize {
    let files = open_files().unwrap_or(u64::MAX);
    usize::try_from((files / 2).clamp(FEWEST_CONNECTIONS, MOST_CONNECTIONS)).unwrap_or(0)
}

#[cfg(unix)]
fn open_files() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn open_files() -> Option<u64> {
    None
}
