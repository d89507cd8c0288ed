//! Runs other programs, and turns a failure into something that a person can act on.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What went wrong, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{what}\n  What to do: {remedy}")]
pub struct Failure {
    what: String,
    remedy: String,
}

impl Failure {
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }

    /// A file or folder that could not be read or written.
    pub fn on_path(doing: &str, path: &Path, cause: &std::io::Error) -> Self {
        Self::new(
            format!("could not {doing} {}: {cause}", path.display()),
            "check that the path exists, is yours, and that the disk is not full",
        )
    }
}

/// A program with its arguments, and what to do when it fails.
pub struct Program {
    command: Command,
    remedy: String,
}

/// The program `name`, found on the PATH, without the variables that `cargo run` set for this one.
pub fn program(name: impl AsRef<OsStr>) -> Program {
    let mut command = Command::new(name);
    for (variable, _) in std::env::vars_os() {
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if ours.iter().any(|prefix| variable.to_string_lossy().starts_with(prefix)) {
            command.env_remove(&variable);
        }
    }
    Program { command, remedy: "read its message above".to_owned() }
}

impl Program {
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    pub fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn envs<V: AsRef<OsStr>>(mut self, pairs: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        self.command.envs(pairs);
        self
    }

    /// What to tell the person when this program fails.
    pub fn or(mut self, remedy: &str) -> Self {
        remedy.clone_into(&mut self.remedy);
        self
    }

    /// Runs to the end on this terminal.
    pub fn run(mut self) -> Result<(), Failure> {
        let status = self.command.status().map_err(|cause| self.missing(&cause))?;
        if status.success() { Ok(()) } else { Err(self.failed(&status.to_string())) }
    }

    /// Runs to the end and gives what it printed; its errors are kept for the failure.
    pub fn read(mut self) -> Result<String, Failure> {
        let output = self.command.stdin(Stdio::null()).output().map_err(|cause| self.missing(&cause))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(self.failed(&format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr))))
    }

    /// Runs to the end, shows each line as it comes and hands it to `hear`; says whether the program succeeded.
    pub fn overhear(mut self, mut hear: impl FnMut(&str)) -> Result<bool, Failure> {
        let mut child = self.command.stdout(Stdio::piped()).spawn().map_err(|cause| self.missing(&cause))?;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                println!("{line}");
                hear(&line);
            }
        }
        let status = child.wait().map_err(|cause| self.missing(&cause))?;
        Ok(status.success())
    }

    /// Starts it in the background, its output into the file `log`.
    pub fn start(mut self, log: &Path) -> Result<Child, Failure> {
        let open = || std::fs::File::options().create(true).append(true).open(log);
        let out = open().map_err(|cause| Failure::on_path("write", log, &cause))?;
        let err = open().map_err(|cause| Failure::on_path("write", log, &cause))?;
        self.command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().map_err(|cause| self.missing(&cause))
    }

    /// Becomes that program: signals such as Ctrl-C then reach it, and nobody else. Returns only on failure.
    pub fn become_it(mut self) -> Failure {
        use std::os::unix::process::CommandExt;
        let cause = self.command.exec();
        self.missing(&cause)
    }

    fn words(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
    }

    fn missing(&self, cause: &std::io::Error) -> Failure {
        Failure::new(format!("`{}` could not be started: {cause}", self.words()), self.remedy.as_str())
    }

    fn failed(&self, how: &str) -> Failure {
        Failure::new(format!("`{}` failed: {how}", self.words()), self.remedy.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_its_errors_and_the_remedy() {
        let failure = program("sh").args(["-c", "echo broken >&2; exit 3"]).or("mend it").read().unwrap_err();
        let text = failure.to_string();
        assert!(text.contains("sh -c") && text.contains("broken") && text.contains("mend it"), "{text}");
    }

    #[test]
    fn a_program_that_is_not_there_says_so() {
        let text = program("no-such-program-here").or("install it").run().unwrap_err().to_string();
        assert!(text.contains("could not be started") && text.contains("install it"), "{text}");
    }

    #[test]
    fn every_line_is_overheard_even_when_the_program_fails() {
        let mut lines: Vec<String> = Vec::new();
        let succeeded =
            program("sh").args(["-c", "echo one; echo two; exit 1"]).overhear(|line| lines.push(line.to_owned()));
        assert!(!succeeded.unwrap());
        assert_eq!(lines, ["one", "two"]);
    }
}
