//! `rescue`: crashes that happened, and how many positions the guard saves in them.

use simulation::{Contest, Crash, Library, hold};
use std::path::PathBuf;
use std::process::ExitCode;

const POSITIONS: [usize; 3] = [50, 200, 500];
const SEED: u64 = 1;

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
    println!("| crash | positions | doomed | could be saved | guard | every 20 s |\n|---|---|---|---|---|---|");
    for crash in &Crash::ALL {
        let ticks = crash.ticks(folder).map_err(|error| error.to_string())?;
        for positions in POSITIONS {
            let library = Library::open().await.map_err(|error| error.to_string())?;
            let contest = Contest { crash, ticks: &ticks, positions, seed: SEED };
            let score = hold(&contest, &library).await.map_err(|error| error.to_string())?;
            let share = |saved: usize| {
                let tenths = (saved * 1_000).checked_div(score.clairvoyant).unwrap_or(1_000);
                format!("{saved} ({}.{} %)", tenths / 10, tenths % 10)
            };
            let (guard, poller) = (share(score.guard), share(score.poller));
            println!(
                "| {} | {positions} | {} | {} | {guard} | {poller} |",
                crash.name, score.doomed, score.clairvoyant
            );
        }
    }
    Ok(())
}
