//! A service that is started for one test, and ended with it.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

pub struct Daemon(Child);

impl Daemon {
    /// Runs until it says that it is `ready`, on either of its outputs. It does not outlive the test, whatever ends that.
    pub fn start(owner: &[&str], binary: &Path, arguments: &[String], ready: &str) -> Daemon {
        let mut command = Command::new("setpriv");
        command.args(owner).args(["--pdeathsig=INT", "--"]).arg(binary).args(arguments).current_dir("/");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (said, heard) = std::sync::mpsc::channel();
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let said = said.clone();
            // Read to its end, so that it never waits for a reader.
            thread::spawn(move || {
                BufReader::new(output).lines().map_while(Result::ok).for_each(|line| drop(said.send(line)))
            });
        }
        drop(said);
        let daemon = Daemon(child);
        let mut log = Vec::new();
        while let Ok(line) = heard.recv() {
            let is_ready = line.contains(ready);
            log.push(line);
            if is_ready {
                return daemon;
            }
        }
        panic!("{} did not start:\n{}", binary.display(), log.join("\n"));
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // An interrupt lets PostgreSQL take its own children along.
        let asked = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// A port of the loopback address that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// `None`, said aloud, where the service is not installed; a build server must have it.
pub fn installed(service: &str, found: Option<PathBuf>) -> Option<PathBuf> {
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{service} must be installed where all is tested");
        eprintln!("SKIPPED on {service}: it is not installed");
    }
    found
}
