//! `rescue`: crashes that happened, and how many positions the guard saves in them.

use simulation::{Contest, Crash, Library, Score, hold};
use std::path::PathBuf;
use std::process::ExitCode;

const POSITIONS: [usize; 3] = [50, 200, 500];
/// Each is another draw of positions and faults; their numbers are added up.
const SEEDS: [u64; 3] = [1, 2, 3];

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("rescue: name the folder of the candle files");
        return ExitCode::FAILURE;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let played = runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(play(&folder)));
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rescue: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn play(folder: &std::path::Path) -> Result<(), String> {
    println!("| crash | positions | doomed | if nothing failed | could be saved | guard | every 20 s |");
    println!("|---|---|---|---|---|---|---|");
    for crash in &Crash::ALL {
        let ticks = crash.ticks(folder).map_err(|error| error.to_string())?;
        for positions in POSITIONS {
            let mut sum = Score::default();
            for seed in SEEDS {
                let library = Library::open().await.map_err(|error| error.to_string())?;
                let contest = Contest { crash, ticks: &ticks, positions, seed };
                sum += hold(&contest, &library).await.map_err(|error| error.to_string())?;
            }
            println!("| {} | {} x {positions} | {}", crash.name, SEEDS.len(), cells(&sum));
        }
    }
    Ok(())
}

fn cells(score: &Score) -> String {
    let share = |saved: usize| {
        let tenths = (saved * 1_000).checked_div(score.clairvoyant).unwrap_or(1_000);
        format!("{saved} ({}.{} %)", tenths / 10, tenths % 10)
    };
    let Score { doomed, unhindered, clairvoyant, guard, poller } = *score;
    format!("{doomed} | {unhindered} | {clairvoyant} | {} | {} |", share(guard), share(poller))
}
