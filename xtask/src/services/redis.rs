//! A Redis that keeps everything in memory.

use super::{Daemon, Folder, free_port};
use crate::program::{Failure, program};

pub(super) fn start() -> Result<Daemon, Failure> {
    let folder = Folder::new("redis")?;
    let port = free_port()?.to_string();
    let child = program("setpriv")
        .args(["--pdeathsig=TERM", "--", "redis-server", "--bind", "127.0.0.1", "--port", &port])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .dir(&folder.0)
        .or("apt-get install redis-server")
        .start(&folder.log())?;
    let url = format!("redis://127.0.0.1:{port}");
    let ready = || program("redis-cli").args(["-p", &port, "ping"]).read().is_ok_and(|said| said.trim() == "PONG");
    Daemon { child, folder, url }.wait_until(ready)
}
