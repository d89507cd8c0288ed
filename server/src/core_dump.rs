//! Secrets are in memory while they are used: a crash must not write memory to a disk.

/// Forbids core dumps, and reading this process's memory from another of the same user.
#[cfg(target_os = "linux")]
pub fn forbid() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // A system that refuses this is no worse than before.
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

#[cfg(not(target_os = "linux"))]
pub fn forbid() {}
