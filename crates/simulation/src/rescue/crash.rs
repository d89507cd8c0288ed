//! Crashes that happened, as prices every half second.

use domain::candle_series::CandleSeries;
use domain::{Tick, Timestamp};
use paper::candle_file::{self, CandleFileError};
use paper::{Source, Spread};
use std::path::Path;

/// The market moves twice a second.
pub(super) const TICK_MS: i64 = 500;

/// A stretch of a candle file.
pub struct Crash {
    pub name: &'static str,
    file: &'static str,
    /// Unix seconds.
    from: i64,
    to: i64,
    /// The worst stretch of it, in which the exchange asks to slow down besides.
    pub storm: (i64, i64),
}

#[derive(Debug, thiserror::Error)]
pub enum CrashError {
    #[error(transparent)]
    File(#[from] CandleFileError),
    #[error("{0} holds nothing of its crash")]
    Empty(&'static str),
}

impl Crash {
    pub const ALL: [Crash; 3] = [
        Crash {
            name: "4 December 2021 (-4.5 % in a minute)",
            file: "binance_spot_1m_2021-11-11_2021-12-11.csv.gz",
            from: 1_638_594_660,
            to: 1_638_596_400,
            storm: (1_638_595_620, 1_638_595_640),
        },
        Crash {
            name: "17 August 2023 (-10 % in five minutes)",
            file: "binance_um_futures_5m_2023-01_2024-05.csv.gz",
            from: 1_692_307_800,
            to: 1_692_309_600,
            storm: (1_692_308_460, 1_692_308_480),
        },
        Crash {
            name: "12 March 2020 (-13 % in five minutes)",
            file: "binance_spot_5m_2019-11_2020-03-12.csv.gz",
            from: 1_584_008_700,
            to: 1_584_011_100,
            storm: (1_584_009_960, 1_584_009_980),
        },
    ];

    pub fn ticks(&self, folder: &Path) -> Result<Vec<Tick>, CrashError> {
        let mut series: CandleSeries = candle_file::read(&folder.join(self.file))?;
        let (from, to) = (at(self.from), at(self.to));
        series.candles.retain(|candle| from <= candle.at && candle.at < to);
        let steps = u32::try_from(series.interval.length().get() / TICK_MS).unwrap_or(u32::MAX);
        let source = Source::candles(series, Some(from), steps, Spread::default());
        let mut source = source.ok_or(CrashError::Empty(self.file))?;
        Ok(std::iter::from_fn(|| source.next_step()).map(|step| step.tick).collect())
    }

    pub(super) fn is_stormy(&self, now: Timestamp) -> bool {
        (at(self.storm.0)..at(self.storm.1)).contains(&now)
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix_ms(second.saturating_mul(1_000))
}
