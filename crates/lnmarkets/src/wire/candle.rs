//! Bars, and the names of their lengths.

use crate::number::{Number, Time, Whole};
use domain::{Candle, Interval, Millis};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct CandleWire {
    time: Time,
    open: Number,
    high: Number,
    low: Number,
    close: Number,
    volume: Option<Whole>,
}

impl CandleWire {
    pub fn candle(self) -> Result<Candle, &'static str> {
        let price = |number: Number| number.price().ok_or("a bar without a price");
        let CandleWire { time, open, high, low, close, volume } = self;
        Ok(Candle {
            at: time.0,
            open: price(open)?,
            high: price(high)?,
            low: price(low)?,
            close: price(close)?,
            volume: volume.unwrap_or_default().0,
        })
    }
}

/// The venue's name for bars of this length; it has longer ones too, whose lengths are not fixed.
pub(crate) fn range(interval: Interval) -> Option<&'static str> {
    let minutes = interval.length().get().checked_div(Millis::MINUTE.get())?;
    let is_whole = minutes.saturating_mul(Millis::MINUTE.get()) == interval.length().get();
    let name = match minutes {
        1 => "1m",
        3 => "3m",
        5 => "5m",
        10 => "10m",
        15 => "15m",
        30 => "30m",
        45 => "45m",
        60 => "1h",
        120 => "2h",
        180 => "3h",
        240 => "4h",
        1_440 => "1d",
        10_080 => "1w",
        _ => return None,
    };
    is_whole.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_without_a_name_has_no_bars() {
        let name = |ms| range(Interval::new(Millis::new(ms)).unwrap());
        assert_eq!(name(60_000), Some("1m"));
        assert_eq!(name(86_400_000), Some("1d"));
        assert_eq!(name(60_001), None);
        assert_eq!(name(120_000), None);
        assert_eq!(name(1), None);
    }
}
