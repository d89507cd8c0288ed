//! A year of one-minute candles through the core with a thousand positions and random orders: how fast it goes, whether
//! every sat is still there, and whether the same seed gives the same bytes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails must say so and stop")]

use domain::{AccountId, Candle, Interval, Leverage, Price, Quantity, Rate, Sats, Side, Tick, Timestamp};
use paper::source::walk::walk;
use paper::{Chance, NewTrade, Order, Size, Spread, Venue, VenueRules};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::time::{Duration, Instant};

const MINUTES: u32 = 365 * 24 * 60;
const ACCOUNTS: u64 = 10;
const POSITIONS: usize = 1_000;
const SEED: u64 = 20_260_101;
/// Ticks in a candle: its four prices.
const STEPS: u32 = 4;
/// Candles between two looks at the books.
const LOOK: u32 = 1_000;

fn main() {
    let minutes = std::env::var("AXISOR_BENCH_MINUTES").ok().and_then(|text| text.parse().ok()).unwrap_or(MINUTES);
    let first = Year::run(minutes);
    let steps = first.steps;
    let rate = per_second(steps, first.in_core);
    println!(
        "paper core: {minutes} candles, {POSITIONS} positions, {} calls, {} trades closed",
        first.calls, first.closed
    );
    println!("  {steps} candle-position steps in {:.2?}: {:.1} million a second on one core", first.in_core, rate);
    println!("  ledger conserved at {} looks, {} postings", first.looks, first.postings);
    let second = Year::run(minutes);
    if first.digest != second.digest {
        panic!("the same seed gave other bytes: {} and {}", first.digest, second.digest);
    }
    println!("  same seed, same bytes: {}", first.digest);
}

/// Millions of steps a second.
fn per_second(steps: u64, took: Duration) -> f64 {
    u32::try_from(steps / 1_000).map_or(f64::INFINITY, f64::from) / took.as_secs_f64() / 1_000.0
}

/// What a year came to.
struct Year {
    steps: u64,
    in_core: Duration,
    calls: usize,
    closed: usize,
    looks: u32,
    postings: u64,
    digest: String,
}

impl Year {
    fn run(minutes: u32) -> Year {
        let mut world = World::new();
        let (mut steps, mut looks) = (0, 0);
        let in_core = {
            let mut total = Duration::ZERO;
            for minute in 0..minutes {
                let bar = world.next_bar(minute);
                let ticks: Vec<Tick> =
                    walk(&bar, Interval::MINUTE, STEPS, Spread::default()).into_iter().map(|step| step.tick).collect();
                total += world.play(&ticks);
                steps += u64::try_from(POSITIONS).unwrap();
                if minute % LOOK == 0 {
                    world.venue.check_conservation().unwrap();
                    looks += 1;
                }
            }
            total
        };
        world.venue.check_conservation().unwrap();
        let accounts = (1..=ACCOUNTS).map(account);
        let closed = accounts.map(|owner| world.venue.closed(owner, Timestamp::EPOCH).len()).sum();
        let (calls, postings) = (world.venue.audit().len(), world.venue.postings());
        Year { steps, in_core, calls, closed, looks: looks + 1, postings, digest: digest(&world.venue) }
    }
}

struct World {
    venue: Venue,
    chance: Chance,
    price: i64,
}

impl World {
    fn new() -> World {
        let most = POSITIONS / usize::try_from(ACCOUNTS).unwrap();
        let mut venue = Venue::new(VenueRules { max_positions: most, ..VenueRules::default() }, Chance::seeded(SEED));
        for number in 1..=ACCOUNTS {
            venue.open_account(account(number), Sats::new(100_000_000_000), 0).unwrap();
        }
        World { venue, chance: Chance::seeded(SEED ^ 1), price: 120_000 }
    }

    /// A random walk that a few times a year falls or rises by a tenth in a minute.
    fn next_bar(&mut self, minute: u32) -> Candle {
        let jump = if self.chance.below(100_000) == 0 { self.price / 10 } else { 0 };
        let sigma = self.price / 1_500 + jump;
        let open = self.price;
        let close = (open + self.chance.bell(sigma)).clamp(20_000, 2_000_000);
        let (high, low) =
            (open.max(close) + self.chance.between(0, sigma), open.min(close) - self.chance.between(0, sigma));
        self.price = close;
        let price = |ticks| Price::clamped(i128::from(ticks));
        let at = Timestamp::from_unix_ms(1_700_000_000_000 / 60_000 * 60_000 + i64::from(minute) * 60_000);
        Candle { at, open: price(open), high: price(high), low: price(low), close: price(close), volume: 0 }
    }

    /// Moves the market through a candle, then fills up the positions and makes a few random calls. Only the core is
    /// timed: the market's moves and the calls.
    #[expect(clippy::disallowed_methods, reason = "measures; nothing is decided by it")]
    fn play(&mut self, ticks: &[Tick]) -> Duration {
        let begun = Instant::now();
        for tick in ticks {
            self.venue.on_tick(*tick).unwrap();
        }
        let moved = begun.elapsed();
        let rate = Rate::from_hundred_millionths(self.chance.between(-20_000, 30_000));
        self.venue.set_funding_rate(rate);
        let calls: Vec<Call> = (1..=ACCOUNTS).flat_map(|number| self.some_calls(account(number))).collect();
        let begun = Instant::now();
        for call in calls {
            call.make(&mut self.venue);
        }
        moved + begun.elapsed()
    }

    /// New positions for those that have ended, and now and then a change of another.
    fn some_calls(&mut self, owner: AccountId) -> Vec<Call> {
        let running = self.venue.positions(owner);
        let missing = (POSITIONS / usize::try_from(ACCOUNTS).unwrap()).saturating_sub(running.len());
        let mut calls: Vec<Call> = (0..missing).map(|_| Call::Open(owner, self.some_order())).collect();
        if self.chance.below(10) == 0 && !running.is_empty() {
            let index = usize::try_from(self.chance.below(running.len().try_into().unwrap())).unwrap();
            let amount = Sats::new(self.chance.between(1, 5_000));
            calls.push(match self.chance.below(3) {
                0 => Call::Close(owner, running[index]),
                1 => Call::AddMargin(owner, running[index], amount),
                _ => Call::CashIn(owner, running[index], amount),
            });
        }
        calls
    }

    fn some_order(&mut self) -> NewTrade {
        let away = |share: i64| Price::clamped(i128::from(self.price) * i128::from(100 + share) / 100);
        let is_long = self.chance.below(2) == 0;
        let leverage = Leverage::measured(self.chance.between(1_000_000, 25_000_000));
        let sign = if is_long { 1 } else { -1 };
        let order = Order {
            side: if is_long { Side::Long } else { Side::Short },
            size: Size::Quantity(Quantity::new(self.chance.between(1, 5_000)).unwrap()),
            leverage,
            stop_loss: None,
            take_profit: (self.chance.below(3) == 0).then(|| away(8 * sign)),
            client_id: None,
        };
        order.into()
    }
}

enum Call {
    Open(AccountId, NewTrade),
    Close(AccountId, domain::PositionId),
    AddMargin(AccountId, domain::PositionId, Sats),
    CashIn(AccountId, domain::PositionId, Sats),
}

impl Call {
    /// A refusal is an answer, too.
    fn make(self, venue: &mut Venue) {
        let _ = match self {
            Call::Open(owner, order) => venue.submit(owner, order),
            Call::Close(owner, position) => venue.close(owner, position),
            Call::AddMargin(owner, position, amount) => venue.add_margin(owner, position, amount),
            Call::CashIn(owner, position, amount) => venue.cash_in(owner, position, amount),
        };
    }
}

fn account(number: u64) -> AccountId {
    AccountId::from_uuid(uuid::Uuid::from_u128(u128::from(number)))
}

/// Of everything that the venue knows, written as it would be kept.
fn digest(venue: &Venue) -> String {
    struct Hasher(Sha256);
    impl Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hasher = Hasher(Sha256::new());
    serde_json::to_writer(&mut hasher, venue).unwrap();
    hasher.0.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
