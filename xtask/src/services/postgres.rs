//! A PostgreSQL cluster of its own, durable as in production, readable by no one else.

use super::{Daemon, Folder, free_port};
use crate::program::{Failure, Program, program};
use crate::setup::is_root;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of PostgreSQL's programs, the newest version that is installed.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path());
    versions.map(|path| path.join("bin")).filter(|path| path.join("postgres").is_file()).max_by_key(|path| major(path))
}

fn major(programs: &Path) -> Option<u32> {
    programs.parent()?.file_name()?.to_str()?.parse().ok()
}

pub(super) fn start() -> Result<Daemon, Failure> {
    let programs =
        programs().ok_or_else(|| Failure::new("PostgreSQL is not installed", "apt-get install postgresql"))?;
    let folder = Folder::new("postgres")?;
    let port = free_port()?.to_string();
    if is_root() {
        program("chown").args(["postgres:"]).args([&folder.0]).read()?;
    }
    let data = folder.0.join("data");
    let init = ["--username=axisor", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--pgdata"];
    as_owner(&folder, &programs.join("initdb")).args(init).args([&data]).read()?;
    let child = as_owner(&folder, &programs.join("postgres"))
        .args(["-p", &port, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"])
        // Tests kill programs, and never the machine: what PostgreSQL has taken is there with or without a sync.
        .args(["-c", "fsync=off", "-c"])
        .args([format!("unix_socket_directories={}", folder.0.display())])
        .args([Path::new("-D"), &data])
        .start(&folder.log())?;
    let url = format!("postgres://axisor@127.0.0.1:{port}/postgres");
    let ready = || program(programs.join("pg_isready")).args(["-q", "-h", "127.0.0.1", "-p", &port]).read().is_ok();
    Daemon { child, folder, url }.wait_until(ready)
}

/// PostgreSQL refuses to run as root; and it shall not outlive us, whatever ends us.
fn as_owner(folder: &Folder, binary: &Path) -> Program {
    let owner: &[&str] = if is_root() { &["--reuid=postgres", "--regid=postgres", "--init-groups"] } else { &[] };
    program("setpriv").args(owner).args(["--pdeathsig=INT", "--"]).args([binary]).dir(&folder.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_not_the_last_in_the_alphabet() {
        let nine = Path::new("/usr/lib/postgresql/9/bin");
        let fifteen = Path::new("/usr/lib/postgresql/15/bin");
        assert!(major(nine) < major(fifteen));
    }
}
