//! The program: configuration, assembly, web, jobs, shutdown. The only crate that names an adapter.

pub mod account_command;
pub mod assembly;
pub mod audit_command;
pub mod backup_command;
pub mod brake_command;
pub mod breached_file;
pub mod cli;
pub mod configuration;
mod core_dump;
mod csv;
pub mod demo;
pub mod doctor_command;
pub mod health_command;
pub mod history_command;
pub mod http;
pub mod jobs;
pub mod keys_command;
mod logging;
pub mod machine;
pub mod master_key;
pub mod paper_command;
pub mod redis_sessions;
pub mod replay;
pub mod serve;
pub mod shutdown;
pub mod siren;
pub mod system_clock;
pub mod user_command;
pub mod why_command;

use clap::Parser;
use cli::{AccountCommand, Cli, Command, UserCommand};
use std::process::ExitCode;

/// What the program was asked to do can't be done as it was asked.
pub const BAD_INPUT: u8 = 2;

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    // One TLS provider for the whole process; it is taken by someone else only in tests.
    let _ = rustls::crypto::ring::default_provider().install_default();
    core_dump::forbid();
    machine::open_as_many_files_as_may_be();
    let cli = Cli::parse();
    let shipment = match logging::begin(&cli.command) {
        Ok(shipment) => shipment,
        Err(failure) => return ended(Err(failure)),
    };
    let runtime = match machine::runtime() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, ExitCode::FAILURE),
    };
    let done = match cli.command {
        Command::Serve(arguments) => runtime.block_on(serve::serve(*arguments)),
        Command::Account { command: AccountCommand::Add(arguments) } => {
            runtime.block_on(account_command::add(arguments))
        }
        Command::User { command: UserCommand::Link(arguments) } => runtime.block_on(user_command::link(arguments)),
        Command::Keys { command } => runtime.block_on(keys_command::run(command)),
        Command::Audit { command } => runtime.block_on(audit_command::run(command)),
        Command::Stop(arguments) => runtime.block_on(brake_command::stop(arguments)),
        Command::Resume(arguments) => runtime.block_on(brake_command::resume(arguments)),
        Command::Thaw(arguments) => runtime.block_on(brake_command::thaw(arguments)),
        Command::History { command } => runtime.block_on(history_command::run(command)),
        Command::Backup(arguments) => runtime.block_on(backup_command::back_up(arguments)),
        Command::Why(arguments) => runtime.block_on(why_command::explain(arguments)),
        Command::Doctor(arguments) => runtime.block_on(doctor_command::run(arguments)),
        Command::Health(arguments) => runtime.block_on(health_command::check(arguments)),
        Command::Paper(arguments) => runtime.block_on(paper_command::serve(arguments)),
        Command::Replay(arguments) => replay::replay(&arguments),
    };
    if let Some(shipment) = shipment {
        runtime.block_on(shipment.finish());
    }
    ended(done)
}

fn ended(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::BadInput(error)) => fail(&*error, ExitCode::from(BAD_INPUT)),
        Err(Failure::Other(error)) => fail(&*error, ExitCode::FAILURE),
    }
}

/// Why a command ended without having done its work; split by what the caller can do.
#[derive(Debug)]
pub enum Failure {
    /// Ask differently.
    BadInput(Box<dyn std::error::Error + Send + Sync>),
    /// Mend the machine, or try again.
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    pub fn other(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
        Failure::Other(Box::new(error))
    }

    pub fn bad_input(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
        Failure::BadInput(Box::new(error))
    }
}

/// One line with the whole chain of causes.
fn fail(error: &dyn std::error::Error, code: ExitCode) -> ExitCode {
    eprintln!("axisor: {}", told(error));
    code
}

/// An error with its causes, as one line.
pub fn told(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}
