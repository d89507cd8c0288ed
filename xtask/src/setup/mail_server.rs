//! A real mail server for the tests of letters: aiosmtpd in a Python environment of its own, in the cache.

use super::step;
use crate::program::{Failure, program};
use crate::project::Project;
use std::path::PathBuf;

const WANTED: &str = "aiosmtpd==1.4.6";

/// The Python that has it.
pub fn ensure(project: &Project) -> Result<PathBuf, Failure> {
    let home = project.cache.join("mail-server");
    let interpreter = home.join("bin/python");
    step(
        "mail server",
        || program(&interpreter).args(["-c", "import aiosmtpd"]).read().is_ok(),
        "pip install aiosmtpd",
        || {
            let remedy = "check that there is a python3 with venv and that its package index can be reached";
            program("python3").args(["-m", "venv"]).args([&home]).or(remedy).run()?;
            program(&interpreter).args(["-m", "pip", "install", "--quiet", WANTED]).or(remedy).run()
        },
    )?;
    Ok(interpreter)
}
