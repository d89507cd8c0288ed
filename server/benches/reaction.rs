//! How fast the guard reacts: from a tick that arrives to the signed top-up on the wire, with its intent on disk.
//!
//! The paper exchange answers over loopback TCP; everything between is what runs in production: market feed, trigger
//! index, account task, guard, SQLite with full sync, LN Markets client. `AXISOR_BENCH_ROUNDS` changes the 1,000 rounds.

#[path = "reaction/load.rs"]
mod load;
#[path = "reaction/stage.rs"]
mod stage;

use load::Load;
use server::machine;
use server::system_clock::SystemClock;
use service::Clock;
use stage::Stage;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

type Error = Box<dyn std::error::Error + Send + Sync>;

const WARM_UP: usize = 20;
/// Top-ups of an hour, at most, that the breaker counts before the next one: armed again, it begins anew.
const BUSY_HOUR: usize = 30;
/// Reactions counted with one position: a rule tops none up more than a thousand times.
const ONE_POSITION: usize = 500;

fn main() -> Result<(), Error> {
    // Taken by nobody else in this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // `cargo test` runs benches as well, once and briefly.
    let rounds = match std::env::var("AXISOR_BENCH_ROUNDS") {
        Ok(rounds) => rounds.parse()?,
        Err(_) if std::env::args().any(|argument| argument == "--bench") => 1_000,
        Err(_) => 5,
    };
    machine::open_as_many_files_as_may_be();
    machine::runtime()?.block_on(measure(rounds))
}

async fn measure(rounds: usize) -> Result<(), Error> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path()).await?;
    let idle = react_often(&mut stage, rounds).await?;
    let syncs = bare_syncs(&folder.path().join("bare"), rounds)?;
    println!("tick to signed request on the wire, intent on disk (SQLite, full sync), loopback, {rounds} rounds");
    print_times("", &idle);
    println!("goal: p50 at most 0.5 ms, p99 at most 5 ms; machine: {}", machine_name());
    print_times("of which the disk alone, for one page written over and synced: ", &syncs);
    let load = Load::begin(&stage, folder.path()).await?;
    let loaded = react_often(&mut stage, rounds).await?;
    let beside = load.end().await;
    stage.stop.cancel();
    print_times(&format!("the same beside {beside}: "), &loaded);
    let ratio = at(&loaded, 999).as_secs_f64() / at(&idle, 999).as_secs_f64();
    println!("p99.9 is {ratio:.1} times that of an idle server; goal: at most 2");
    Ok(())
}

/// Times of so many reactions, the shortest first.
async fn react_often(stage: &mut Stage, rounds: usize) -> Result<Vec<Duration>, Error> {
    let mut times = Vec::with_capacity(rounds);
    while times.len() < rounds {
        stage.change_position()?;
        let counted = ONE_POSITION.min(rounds - times.len());
        for round in 0..WARM_UP + counted {
            if round.is_multiple_of(BUSY_HOUR) {
                stage.store.rearm_breaker(SystemClock.now()).await?;
            }
            let time = stage.react().await?;
            if WARM_UP <= round {
                times.push(time);
            }
        }
    }
    times.sort_unstable();
    Ok(times)
}

fn at(sorted: &[Duration], permille: usize) -> Duration {
    let place = (sorted.len() * permille / 1_000).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

fn print_times(of_what: &str, sorted: &[Duration]) {
    let ms = |permille| format!("{:.3} ms", at(sorted, permille).as_secs_f64() * 1_000.0);
    println!("{of_what}p50 {}  p90 {}  p99 {}  p99.9 {}  max {}", ms(500), ms(900), ms(990), ms(999), ms(1_000));
}

/// What no program with something durable to write can fall below.
fn bare_syncs(path: &Path, rounds: usize) -> Result<Vec<Duration>, Error> {
    let file = File::create(path)?;
    let page = [1; 4_096];
    let place = |round: usize| u64::try_from(round % 256 * page.len());
    for round in 0..256 {
        file.write_all_at(&page, place(round)?)?;
    }
    file.sync_all()?;
    let once = |round| {
        let started = Instant::now();
        file.write_all_at(&page, place(round)?)?;
        file.sync_data()?;
        Ok(started.elapsed())
    };
    let mut times = (0..rounds).map(once).collect::<Result<Vec<_>, Error>>()?;
    times.sort_unstable();
    Ok(times)
}

fn machine_name() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({cores} cores)", name.unwrap_or("unknown"))
}
