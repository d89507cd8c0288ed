//! Chores of the project: sets the machine up, builds, runs, tests and measures.

mod advisories;
mod asvs;
mod bench;
mod budget;
mod build;
mod conformance;
mod faults;
mod fresh;
mod lint;
mod program;
mod project;
mod replayer;
mod run;
mod services;
mod setup;
mod simulate;
mod supply;
mod tally;
mod test;
mod vendor;

use clap::{Parser, Subcommand};
use program::Failure;
use project::Project;
use std::process::ExitCode;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Sets the machine up, builds, runs, tests and measures Axisor")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build all and open the demo on http://127.0.0.1:13010: paper exchange, SQLite, no keys
    Run {
        /// Handed on to `axisor serve`
        #[arg(last = true)]
        server_args: Vec<String>,
    },
    /// Build the program and its site into target/dist
    Build,
    /// Check, build and test everything; a word narrows it
    Test {
        #[arg(value_enum)]
        only: Option<test::Part>,
        /// Handed on to `cargo test` (unit) or `playwright test` (e2e)
        #[arg(last = true)]
        runner_args: Vec<String>,
    },
    /// Let LN Markets' official clients, unmodified, judge the paper exchange
    Conformance,
    /// Measure this machine's speed at what matters
    Bench {
        #[arg(value_enum)]
        what: bench::Subject,
        /// Where the candle files of the crashes are, for `rescue`
        #[arg(long, default_value = ".")]
        data: std::path::PathBuf,
    },
    /// Put the guard through seeded faults on a virtual clock, against the paper exchange's own ledger
    Simulate {
        /// How many seeds, beginning with 0
        #[arg(long, default_value_t = 10_000)]
        seeds: u64,
        /// This seed alone, with its transcript
        #[arg(long)]
        seed: Option<u64>,
        /// A build that sends again what was not answered, which must be caught
        #[arg(long)]
        broken: bool,
    },
    /// Write docs/faults.md: each fault, and the tests that inject it
    Faults,
    /// Write docs/asvs.md: each requirement of OWASP's ASVS, and how it stands
    Asvs,
    /// Write supply-chain.txt: other people's code that is compiled in, for a person to look at what is new
    Vet,
    /// Fail where a library has a flaw that is public for longer than SECURITY.md allows
    Advisories {
        /// A copy of RustSec's database; without it, it is fetched from GitHub into the cache
        #[arg(long, value_name = "FOLDER")]
        database: Option<std::path::PathBuf>,
    },
    /// Write the inventory of libraries (CycloneDX) into target/dist
    Sbom,
    /// Install what building and testing need, and do nothing else
    Setup,
}

fn main() -> ExitCode {
    match carry_out(Cli::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(chore: Chore) -> Result<(), Failure> {
    let project = Project::here()?;
    match chore {
        Chore::Run { server_args } => run::demo(&project, &server_args),
        Chore::Build => build::release(&project).map(|built| println!("\nBuilt {}", built.server_bin.display())),
        Chore::Test { only, runner_args } => test::run(&project, only, &runner_args),
        Chore::Conformance => conformance::run(&project),
        Chore::Bench { what, data } => bench::run(&project, what, &data),
        Chore::Simulate { seeds, seed, broken } => simulate::run(&project, seeds, seed, broken),
        Chore::Faults => faults::write(&project),
        Chore::Asvs => asvs::write(&project),
        Chore::Vet => supply::vet(&project),
        Chore::Advisories { database } => advisories::run(&project, database.as_deref()),
        Chore::Sbom => supply::sbom::write(&project),
        Chore::Setup => setup::for_building(&project).and_then(|_| setup::for_testing()),
    }
}
