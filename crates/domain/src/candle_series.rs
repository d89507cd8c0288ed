//! A candle file: price history read strictly, with its flaws counted and never mended.

use crate::price::PriceError;
use crate::{Candle, Interval, Millis, Price, Timestamp};

/// The first line of a candle file. Timestamps are Unix seconds of the bar's open, prices are US dollars.
pub const HEADER: &str = "timestamp,open,high,low,close,volume";

const COLUMNS: usize = 6;
/// The last second of the year 9999; what lies beyond is no count of seconds.
const LAST_SECOND: i64 = 253_402_300_799;

/// Price history of one interval, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandleSeries {
    pub candles: Vec<Candle>,
    /// The least time between two bars.
    pub interval: Interval,
    /// Where bars are missing.
    pub gaps: Vec<Gap>,
    /// Bars whose open lies outside `[low, high]`: some exchanges carry the open over from the bar before.
    pub opens_outside: usize,
}

/// Bars that history does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// When the first missing bar would have opened.
    pub from: Timestamp,
    /// When the first bar after the gap opened.
    pub to: Timestamp,
    pub missing: i64,
}

/// Why a candle file can't be trusted. Lines count from 1, the header included.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CandleFileError {
    #[error("line 1: this is no candle file; its first line must be \"{HEADER}\"")]
    Header,
    #[error("the file has {0} bars, and two are the least")]
    TooShort(usize),
    #[error("line {line}: {found} columns instead of {COLUMNS}")]
    Columns { line: usize, found: usize },
    #[error("line {line}: the file is cut off in the middle of this line")]
    Truncated { line: usize },
    #[error("line {line}: {text:?} is not a time in Unix seconds")]
    Timestamp { line: usize, text: String },
    #[error("line {line}: this bar is older than the one before; the file must be sorted by time")]
    Unsorted { line: usize },
    #[error("line {line}: this bar has the same time as the one before")]
    Duplicate { line: usize },
    #[error("line {line}: this bar does not lie on the file's interval of {} s", interval.length().get() / 1_000)]
    OffGrid { line: usize, interval: Interval },
    #[error("line {line}: the {column} is zero, which is no price")]
    ZeroPrice { line: usize, column: &'static str },
    #[error("line {line}: the {column} is negative, which is no price")]
    NegativePrice { line: usize, column: &'static str },
    #[error("line {line}: the {column} is {text:?}, which is not a plain decimal number")]
    NotANumber { line: usize, column: &'static str, text: String },
    #[error("line {line}: the {column} is {text:?}; a price must be from 0.5 to 100,000,000 dollars")]
    PriceOutOfRange { line: usize, column: &'static str, text: String },
    #[error("line {line}: low, close and high contradict each other")]
    Contradiction { line: usize },
}

impl CandleSeries {
    /// Reads `timestamp,open,high,low,close,volume`; see [`HEADER`].
    pub fn parse_csv(text: &str) -> Result<CandleSeries, CandleFileError> {
        let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        if lines.next().is_none_or(|(_, header)| header.trim_start_matches('\u{feff}').trim_end() != HEADER) {
            return Err(CandleFileError::Header);
        }
        let mut candles: Vec<Candle> = Vec::with_capacity(text.len() / 64);
        let is_cut = |line: usize| !text.ends_with('\n') && line == text.lines().count();
        for (line, row) in lines {
            let candle = parse_row(line, row).map_err(|error| match error {
                CandleFileError::Columns { found, .. } if found < COLUMNS && is_cut(line) => {
                    CandleFileError::Truncated { line }
                }
                other => other,
            })?;
            check_order(line, candles.last(), &candle)?;
            candles.push(candle);
        }
        CandleSeries::of(candles)
    }

    fn of(candles: Vec<Candle>) -> Result<CandleSeries, CandleFileError> {
        let too_short = CandleFileError::TooShort(candles.len());
        let interval = steps(&candles).map(|(_, length)| length).min().and_then(Interval::new).ok_or(too_short)?;
        let gaps = gaps(&candles, interval)?;
        let opens_outside = candles.iter().filter(|bar| bar.open < bar.low || bar.high < bar.open).count();
        Ok(CandleSeries { candles, interval, gaps, opens_outside })
    }

    /// How many bars are missing in all gaps.
    pub fn missing(&self) -> i64 {
        self.gaps.iter().map(|gap| gap.missing).sum()
    }
}

/// A bar as a line of a candle file, without its end. A time is cut to whole seconds.
pub fn csv_row(bar: &Candle) -> String {
    let Candle { at, open, high, low, close, volume } = bar;
    format!("{},{open},{high},{low},{close},{volume}", at.unix_ms().div_euclid(Millis::SECOND.get()))
}

/// Each bar but the first, with the time since the one before.
fn steps(candles: &[Candle]) -> impl Iterator<Item = (&[Candle], Millis)> {
    candles.windows(2).filter_map(|pair| match pair {
        [before, after] => Some((pair, after.at.since(before.at))),
        _ => None,
    })
}

fn gaps(candles: &[Candle], interval: Interval) -> Result<Vec<Gap>, CandleFileError> {
    let length = interval.length().get();
    let mut gaps = Vec::new();
    for (index, (pair, step)) in steps(candles).enumerate() {
        let [before, after] = pair else { continue };
        if step.get() % length != 0 {
            // The header is line 1, and a pair's second bar stands one further on.
            return Err(CandleFileError::OffGrid { line: index + 3, interval });
        }
        let missing = step.get() / length - 1;
        if 0 < missing {
            gaps.push(Gap { from: before.at.plus(interval.length()), to: after.at, missing });
        }
    }
    Ok(gaps)
}

fn parse_row(line: usize, row: &str) -> Result<Candle, CandleFileError> {
    let mut columns = row.trim_end_matches('\r').split(',');
    let mut next = || columns.next();
    let (Some(at), Some(open), Some(high), Some(low), Some(close), Some(volume), None) =
        (next(), next(), next(), next(), next(), next(), next())
    else {
        return Err(CandleFileError::Columns { line, found: row.split(',').count() });
    };
    let candle = Candle {
        at: parse_time(line, at)?,
        open: parse_price(line, "open", open)?,
        high: parse_price(line, "high", high)?,
        low: parse_price(line, "low", low)?,
        close: parse_price(line, "close", close)?,
        volume: parse_volume(volume),
    };
    let agrees = candle.low <= candle.close && candle.close <= candle.high;
    if agrees { Ok(candle) } else { Err(CandleFileError::Contradiction { line }) }
}

fn check_order(line: usize, before: Option<&Candle>, candle: &Candle) -> Result<(), CandleFileError> {
    match before {
        Some(before) if candle.at == before.at => Err(CandleFileError::Duplicate { line }),
        Some(before) if candle.at < before.at => Err(CandleFileError::Unsorted { line }),
        _ => Ok(()),
    }
}

fn parse_time(line: usize, text: &str) -> Result<Timestamp, CandleFileError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits && seconds <= LAST_SECOND => Ok(Timestamp::EPOCH.plus(Millis::from_secs(seconds))),
        _ => Err(CandleFileError::Timestamp { line, text: shown(text) }),
    }
}

fn parse_price(line: usize, column: &'static str, text: &str) -> Result<Price, CandleFileError> {
    text.parse().map_err(|error: PriceError| match error {
        PriceError::OutOfRange if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) => {
            CandleFileError::ZeroPrice { line, column }
        }
        PriceError::OutOfRange => CandleFileError::PriceOutOfRange { line, column, text: shown(text) },
        PriceError::NotANumber if is_negative(text) => CandleFileError::NegativePrice { line, column },
        PriceError::NotANumber => CandleFileError::NotANumber { line, column, text: shown(text) },
    })
}

fn is_negative(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// The whole number in front, for show only; zero where there is none.
fn parse_volume(text: &str) -> i64 {
    text.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0)
}

/// Enough of a bad value to find it, however long it is.
fn shown(text: &str) -> String {
    text.chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rows: &str) -> String {
        format!("{HEADER}\n{rows}")
    }

    fn check(rows: &str, expected: CandleFileError) {
        assert_eq!(CandleSeries::parse_csv(&file(rows)), Err(expected), "{rows}");
    }

    const FIRST: &str = "60,100.5,110,90,105,7.9\n";

    #[test]
    fn gaps_and_carried_over_opens_are_counted_and_not_filled() {
        let rows = format!("{FIRST}120,105,106,104,105.26,3\r\n300,99,106,104,105,\n");
        let series = CandleSeries::parse_csv(&file(&rows)).unwrap();
        let at = |seconds| Timestamp::EPOCH.plus(Millis::from_secs(seconds));
        assert_eq!(series.interval, Interval::MINUTE);
        assert_eq!(series.gaps, [Gap { from: at(180), to: at(300), missing: 2 }]);
        assert_eq!((series.missing(), series.opens_outside, series.candles.len()), (2, 1, 3));
        assert_eq!(series.candles[0].volume, 7);
        assert_eq!(series.candles[1].close.ticks(), 211);
    }

    #[test]
    fn a_last_line_without_a_line_end_is_whole_when_its_columns_are() {
        let rows = format!("{FIRST}120,105,106,104,105,3");
        assert_eq!(CandleSeries::parse_csv(&file(&rows)).map(|series| series.candles.len()), Ok(2));
        check(&format!("{FIRST}120,105,106,10"), CandleFileError::Truncated { line: 3 });
    }

    #[test]
    fn a_bar_is_written_as_it_is_read() {
        let rows = "60,100.5,110,90,105,7\n120,105,106,104,105.5,3\n";
        let series = CandleSeries::parse_csv(&file(rows)).unwrap();
        let written: String = series.candles.iter().map(|bar| csv_row(bar) + "\n").collect();
        assert_eq!(written, rows);
    }

    #[test]
    fn what_is_not_a_candle_file_is_said_to_be_none() {
        for text in ["", "\u{1f}\u{8b}\u{8}", "{\"candles\":[]}", "<html>", "60,1,1,1,1,1\n", "time,open\n"] {
            assert_eq!(CandleSeries::parse_csv(text), Err(CandleFileError::Header), "{text}");
        }
        check("", CandleFileError::TooShort(0));
        check(FIRST, CandleFileError::TooShort(1));
    }

    #[test]
    fn each_flaw_has_its_own_error_and_line() {
        let after = |row: &str| format!("{FIRST}{row}\n180,105,106,104,105,3\n");
        check(&after("120,105,106,104,105"), CandleFileError::Columns { line: 3, found: 5 });
        check(&after("120;105;106;104;105;3"), CandleFileError::Columns { line: 3, found: 1 });
        check(&after(""), CandleFileError::Columns { line: 3, found: 1 });
        check(&after("60,105,106,104,105,3"), CandleFileError::Duplicate { line: 3 });
        check(&after("0,105,106,104,105,3"), CandleFileError::Unsorted { line: 3 });
        check(&after("x,105,106,104,105,3"), CandleFileError::Timestamp { line: 3, text: "x".into() });
        check(
            &after("1638587580000,105,106,104,105,3"),
            CandleFileError::Timestamp { line: 3, text: "1638587580000".into() },
        );
        check(&after("120,0,106,104,105,3"), CandleFileError::ZeroPrice { line: 3, column: "open" });
        check(&after("120,105,106,-104,105,3"), CandleFileError::NegativePrice { line: 3, column: "low" });
        for text in ["NaN", "Infinity", "", "6e4", "1 000"] {
            let error = CandleFileError::NotANumber { line: 3, column: "high", text: text.into() };
            check(&after(&format!("120,105,{text},104,105,3")), error);
        }
        let too_high = CandleFileError::PriceOutOfRange { line: 3, column: "high", text: "100000001".into() };
        check(&after("120,105,100000001,104,105,3"), too_high);
        check(&after("120,105,104,106,105,3"), CandleFileError::Contradiction { line: 3 });
        check(&after("120,105,106,104,107,3"), CandleFileError::Contradiction { line: 3 });
        check(&after("130,105,106,104,105,3"), CandleFileError::OffGrid { line: 3, interval: half() });
    }

    fn half() -> Interval {
        Interval::new(Millis::from_secs(50)).unwrap()
    }

    #[test]
    fn an_error_tells_the_line_and_what_is_wrong() {
        let rows = format!("{FIRST}120,105,NaN,104,105,3\n");
        let error = CandleSeries::parse_csv(&file(&rows)).unwrap_err();
        assert_eq!(error.to_string(), "line 3: the high is \"NaN\", which is not a plain decimal number");
    }
}
