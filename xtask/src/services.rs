//! PostgreSQL and Redis for the tests: started for one run, on free ports, and always stopped.

pub mod postgres;
mod redis;

use crate::program::{Failure, program};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::Duration;

/// Both services; they end when this is dropped, or when this process dies.
pub struct Services {
    postgres: Daemon,
    redis: Daemon,
}

impl Services {
    pub fn start() -> Result<Self, Failure> {
        let services = Self { postgres: postgres::start()?, redis: redis::start()? };
        println!("[services] {} and {}", services.postgres.url, services.redis.url);
        Ok(services)
    }

    /// What tells the tests where the services are.
    pub fn env(&self) -> [(&'static str, String); 2] {
        [("AXISOR_TEST_POSTGRES", self.postgres.url.clone()), ("AXISOR_TEST_REDIS", self.redis.url.clone())]
    }
}

/// A background program with a folder of its own, both gone once dropped.
struct Daemon {
    child: Child,
    folder: Folder,
    url: String,
}

impl Daemon {
    /// Waits up to thirty seconds for `answers`; shows the log if it never does.
    fn wait_until(mut self, answers: impl Fn() -> bool) -> Result<Self, Failure> {
        for _ in 0..300 {
            if answers() {
                return Ok(self);
            }
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.log()).unwrap_or_default();
        Err(Failure::new(format!("{} did not start:\n{log}", self.url), "read its log above"))
    }
}

impl Daemon {
    fn ends_within(&mut self, patience: Duration) -> bool {
        let pace = Duration::from_millis(50);
        let looks = patience.as_millis() / pace.as_millis();
        (0..looks).any(|_| {
            let ended = !matches!(self.child.try_wait(), Ok(None));
            if !ended {
                thread::sleep(pace);
            }
            ended
        })
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // An interrupt lets PostgreSQL take its own children along; a plain kill would leave them behind. But who runs this
        // may have interrupts switched off, and a program may inherit that.
        let asked = program("kill").args(["-INT", &self.child.id().to_string()]).read();
        if asked.is_err() || !self.ends_within(Duration::from_secs(5)) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// A temporary folder, removed with all in it once dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("axisor-test-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).map_err(|cause| Failure::on_path("make", &path, &cause))?;
        Ok(Self(path))
    }

    fn log(&self) -> PathBuf {
        self.0.with_extension("log")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_file(self.log());
    }
}

/// A port of the loopback address that nobody uses now.
fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|cause| Failure::new(format!("no free port on 127.0.0.1: {cause}"), "end programs that hold ports"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_daemon_and_its_folder_are_gone_once_dropped() {
        let folder = Folder::new("sleeper").unwrap();
        let path = folder.0.clone();
        let child = program("sleep").args(["600"]).start(&folder.log()).unwrap();
        let process = format!("/proc/{}", child.id());
        assert!(Path::new(&process).exists());
        drop(Daemon { child, folder, url: String::new() });
        assert!(!Path::new(&process).exists());
        assert!(!path.exists());
    }

    #[test]
    fn a_daemon_that_ends_at_once_fails_with_its_log() {
        let folder = Folder::new("broken").unwrap();
        let child = program("sh").args(["-c", "echo no memory; exit 1"]).start(&folder.log()).unwrap();
        let daemon = Daemon { child, folder, url: "broken://".into() };
        let text = daemon.wait_until(|| false).err().unwrap().to_string();
        assert!(text.contains("no memory"), "{text}");
    }
}
