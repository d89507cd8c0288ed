//! `axisor paper`, started for one run on a free port and always stopped.

use crate::program::Failure;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub struct Exchange {
    child: Child,
    /// Addresses and keys, as the program told them.
    told: Value,
}

const REMEDY: &str = "run `axisor paper --json` by hand and read what it says";

impl Exchange {
    /// Waits until it says where it is.
    pub fn start(program: &Path, keys: usize) -> Result<Exchange, Failure> {
        let mut command = Command::new(program);
        command.args(["paper", "--port", "0", "--json", "--no-rate-limit", "--speed", "60", "--keys"]);
        let spawned = command.arg(keys.to_string()).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|cause| Failure::on_path("start", program, &cause))?;
        let mut line = String::new();
        let read = child.stdout.take().map(|stdout| BufReader::new(stdout).read_line(&mut line));
        match serde_json::from_str(&line) {
            Ok(told) if read.is_some_and(|read| read.is_ok()) => Ok(Exchange { child, told }),
            _ => {
                end(&mut child);
                Err(Failure::new(format!("the paper exchange did not start; it said `{}`", line.trim()), REMEDY))
            }
        }
    }

    /// What tells a driver where the exchange is and who it is there.
    pub fn env(&self, number: usize) -> Result<[(&'static str, String); 5], Failure> {
        let told = |pointer: &str| {
            let text = self.told.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| Failure::new(format!("the paper exchange did not tell {pointer}"), REMEDY))
        };
        let key = |name: &str| told(&format!("/keys/{number}/{name}"));
        Ok([
            ("LNM_URL", told("/rest")?),
            ("LNM_WS_URL", told("/stream")?),
            ("LNM_KEY", key("key")?),
            ("LNM_SECRET", key("secret")?),
            ("LNM_PASSPHRASE", key("passphrase")?),
        ])
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
