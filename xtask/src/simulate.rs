//! Puts the guard's core through seeded faults on a virtual clock.

use crate::program::Failure;
use crate::project::Project;

/// Tells seeds 0 to `seeds`, or one again with its transcript.
pub fn run(project: &Project, seeds: u64, seed: Option<u64>, broken: bool) -> Result<(), Failure> {
    let which = match seed {
        Some(seed) => ["--seed".to_owned(), seed.to_string()],
        None => ["--seeds".to_owned(), seeds.to_string()],
    };
    let simulate = project.cargo(["run", "--release", "--quiet", "--package", "simulation", "--bin", "simulate"]);
    let simulate = if broken { simulate.args(["--features", "resend_on_timeout"]) } else { simulate };
    simulate.args(["--"]).args(which).run()
}
