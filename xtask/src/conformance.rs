//! The exchange's official clients, unmodified, as the judges of the paper exchange.

mod exchange;
mod verdict;

use crate::build;
use crate::program::{Failure, Program, program};
use crate::project::Project;
use crate::setup::clients::{self, Clients};
use crate::tally::Tally;
use exchange::Exchange;
use verdict::Verdict;

/// Runs every driver and prints the table; fails unless every call conforms.
pub fn run(project: &Project) -> Result<(), Failure> {
    let tally = judge(project)?;
    println!("{tally}");
    if tally.failed == 0 {
        return Ok(());
    }
    Err(Failure::new("the official clients do not take the paper exchange for the real one", "see the table above"))
}

/// Runs every driver, prints the table, and counts its calls.
pub fn judge(project: &Project) -> Result<Tally, Failure> {
    let clients = clients::ensure(project)?;
    let program = build::program_for_tests(project)?;
    let mut verdicts = vec![overhear("schemas refuse wrong shapes", node(&clients, "selfcheck.mjs"))?];
    // A wallet each, so that no client stumbles over what another left.
    let exchange = Exchange::start(&program, 4)?;
    for (number, (name, driver)) in drivers(&clients).into_iter().enumerate() {
        verdicts.push(overhear(name, driver.envs(exchange.env(number)?))?);
    }
    drop(exchange);
    let mut tally = Tally::default();
    println!("\n[conformance] what the official clients say\n");
    for verdict in &verdicts {
        println!("{verdict}");
        tally.join(verdict.tally());
    }
    println!("The oracle's two routes, removed by the exchange in July 2026, are answered as the client's types say.");
    if clients.python.is_none() {
        println!("\n!!! no Python 3.12 or newer was found: the official PYTHON client judged NOTHING !!!\n");
        tally.skipped = tally.skipped.saturating_add(2);
    }
    Ok(tally)
}

/// All drivers that speak to the exchange.
fn drivers(clients: &Clients) -> Vec<(&'static str, Program)> {
    let mut drivers = vec![
        ("@ln-markets/sdk, REST v3", node(clients, "sdk2_rest.mjs")),
        ("@ln-markets/sdk, Stream v1", node(clients, "sdk2_stream.mjs")),
    ];
    if let Some(python) = &clients.python {
        let driver = |file| program(&python.interpreter).args([file]).dir(&python.drivers);
        drivers.push(("lnmarkets-sdk, REST v3", driver("sdk_rest.py")));
        drivers.push(("lnmarkets-sdk, Stream v1", driver("sdk_stream.py")));
    }
    drivers
}

fn node(clients: &Clients, file: &str) -> Program {
    program("node").args([file]).dir(&clients.typescript)
}

fn overhear(name: &'static str, driver: Program) -> Result<Verdict, Failure> {
    println!("\n[conformance] {name}");
    let mut verdict = Verdict::new(name);
    let succeeded = driver.overhear(|line| verdict.hear(line))?;
    Ok(verdict.close(succeeded))
}
