//! Candles to test with.

use domain::{Candle, CandleSeries, Millis, Price, Timestamp};
use std::io::Read;
use std::path::Path;

pub const START: Timestamp = Timestamp::from_unix_ms(1_638_576_000_000);

pub fn minute(number: i64) -> Timestamp {
    START.plus(Millis::from_secs(60 * number))
}

/// One bar a minute from open, high, low and close in dollars.
pub fn bars(prices: &[[i64; 4]]) -> Vec<Candle> {
    let price = |dollars: i64| Price::from_ticks(dollars * 2).unwrap();
    let bar = |(number, [open, high, low, close]): (i64, &[i64; 4])| Candle {
        at: minute(number),
        open: price(*open),
        high: price(*high),
        low: price(*low),
        close: price(*close),
        volume: 0,
    };
    (0..).zip(prices).map(bar).collect()
}

/// Real history, which lies beside the project; without it the test says so and passes, except under CI.
pub fn history(name: &str) -> Option<CandleSeries> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/candles").join(name);
    let Ok(packed) = std::fs::File::open(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        eprintln!("SKIPPED: {} is missing", path.display());
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    Some(CandleSeries::parse_csv(&text).unwrap())
}
