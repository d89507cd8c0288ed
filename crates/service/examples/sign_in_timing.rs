//! F-73, measured: does the time of an answer tell whether an e-mail is known? `cargo run -p service --example
//! sign_in_timing -- 5000` takes so many samples of each kind and fails where Welch's t says that they differ.

use domain::{Millis, Timestamp};
use service::{Clock, Entropy, Identity, Origin, Sealer, Services};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Beyond this, a difference is no chance any more (the bound of dudect).
const BOUND: f64 = 4.5;
const KNOWN: &str = "ana@example.org";

struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        bytes.iter_mut().zip(count.iter().rev().cycle()).for_each(|(byte, count)| *byte = *count);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let samples: usize = std::env::args().nth(1).map_or(Ok(2_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let clock = Arc::new(HandClock(AtomicI64::new(1_800_000_000_000)));
    let services = open(&folder, Arc::clone(&clock)).await?;
    let identity = &services.identity;
    let token = identity.open_setup().await?.ok_or("the database is not empty")?;
    let origin = Origin::web(None, "timing");
    identity.create_first_user(&token, KNOWN, "correct horse battery staple", &origin).await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for turn in 0..samples {
        // A day later all attempts are forgotten, so that nothing is locked; the kinds take turns in going first.
        clock.0.fetch_add(Millis::DAY.get(), Ordering::SeqCst);
        if turn % 2 == 0 {
            known.push(time(identity, KNOWN, &origin).await);
            unknown.push(time(identity, "bob@example.org", &origin).await);
        } else {
            unknown.push(time(identity, "bob@example.org", &origin).await);
            known.push(time(identity, KNOWN, &origin).await);
        }
    }
    let ((one, spread_one), (two, spread_two)) = (mean(&known), mean(&unknown));
    let t = (one - two) / (spread_one + spread_two).sqrt();
    println!("known {one:.1} us, unknown {two:.1} us, {samples} samples each, t = {t:.2} (bound {BOUND})");
    if t.abs() < BOUND { Ok(()) } else { Err("the time of an answer tells whether an e-mail is known".into()) }
}

async fn open(folder: &tempfile::TempDir, clock: Arc<HandClock>) -> Result<Services, Box<dyn Error>> {
    let store = store::open(&format!("sqlite:{}", folder.path().join("axisor.db").display())).await?;
    let entropy: Arc<dyn Entropy> = Arc::new(Counter(AtomicU64::new(1)));
    let sealer = Sealer::from_master_key(&[7; 32], Arc::clone(&entropy));
    Ok(Services::open(store, clock, entropy, sealer, bus::Bus::default(), domain::brake::BreakerLimits::default())
        .await?)
}

#[expect(clippy::disallowed_methods, reason = "time is what is measured; nothing is decided by it")]
async fn time(identity: &Identity, email: &str, origin: &Origin) -> Duration {
    let begun = std::time::Instant::now();
    let _ = identity.sign_in(email, "a wrong password", origin).await;
    begun.elapsed()
}

/// The mean in microseconds without the slowest tenth, which is the machine's noise, and its squared error.
fn mean(samples: &[Duration]) -> (f64, f64) {
    let mut samples: Vec<f64> = samples.iter().map(|sample| sample.as_secs_f64() * 1e6).collect();
    samples.sort_by(f64::total_cmp);
    samples.truncate(samples.len() * 9 / 10);
    let count = f64::from(u32::try_from(samples.len().max(2)).unwrap_or(u32::MAX));
    let mean = samples.iter().sum::<f64>() / count;
    let variance = samples.iter().map(|sample| (sample - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, variance / count)
}
