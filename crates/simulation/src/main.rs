//! `simulate`: tells many seeds, or one again.

use clap::Parser;
use simulation::{Library, Report, Telling, stay_on_a_core, tell};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::time::Instant;

/// Puts the guard's core through seeded faults on a virtual clock.
#[derive(Debug, Parser)]
struct Cli {
    /// How many seeds to tell.
    #[arg(long, default_value_t = 1_000, value_name = "NUMBER")]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    from: u64,
    /// Tells this seed alone, with its whole transcript.
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.seed {
        Some(seed) => one(seed),
        None => many(cli.from, cli.seeds),
    }
}

fn one(seed: u64) -> ExitCode {
    let Some(report) = run(|library| async move { vec![tell(&library, Telling::of(seed)).await] }).pop() else {
        return ExitCode::FAILURE;
    };
    match report {
        Ok(report) => {
            println!("{}", report.transcript);
            tell_of(&report);
            if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("seed {seed}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn many(from: u64, seeds: u64) -> ExitCode {
    let began = Instant::now();
    let next = &AtomicU64::new(from);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let reports: Vec<_> = std::thread::scope(|scope| {
        let work = |worker| {
            stay_on_a_core(worker);
            run(|library| async move {
                let mut reports = Vec::new();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if from.saturating_add(seeds) <= seed {
                        return reports;
                    }
                    reports.push(
                        tell(&library, Telling::of(seed))
                            .await
                            .map(|report| Report { transcript: String::new(), ..report }),
                    );
                }
            })
        };
        let threads: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    summarize(seeds, &reports, began)
}

fn summarize(seeds: u64, reports: &[Result<Report, store::StoreError>], began: Instant) -> ExitCode {
    let told: Vec<&Report> = reports.iter().filter_map(|report| report.as_ref().ok()).collect();
    let bad: Vec<&&Report> = told.iter().filter(|report| !report.violations.is_empty()).collect();
    bad.iter().take(20).for_each(|report| tell_of(report));
    let sum = |of: fn(&Report) -> u32| told.iter().map(|report| u64::from(of(report))).sum::<u64>();
    let seconds = began.elapsed().as_millis().max(1);
    println!(
        "{} of {seeds} seeds, {} looks, {} calls, {} deaths; {} seeds violated an invariant; {} seeds per second",
        told.len(),
        sum(|report| report.looks),
        sum(|report| report.calls),
        sum(|report| report.deaths),
        bad.len(),
        u128::from(seeds) * 1_000 / seconds,
    );
    let whole = told.len() == usize::try_from(seeds).unwrap_or(usize::MAX);
    if whole && bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell_of(report: &Report) {
    for violation in &report.violations {
        println!("seed {}: {violation}; again: cargo xtask simulate --seed {}", report.seed, report.seed);
    }
}

/// A runtime of one thread with a database of its own.
fn run<T: Default, F: Future<Output = T>>(story: impl FnOnce(Library) -> F) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return T::default() };
    runtime.block_on(async {
        match Library::open().await {
            Ok(library) => story(library).await,
            Err(error) => {
                eprintln!("simulate: {error}");
                T::default()
            }
        }
    })
}
