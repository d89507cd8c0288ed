//! What is kept of the past, for a person and for a program.

use super::arguments;
use domain::{HistoryKey, Interval, Series, Span, iso8601};
use serde_json::{Value, json};
use service::price_history::Shelf;
use std::fmt::Write;

/// Gaps that a person is shown; the others are counted.
const MOST_GAPS: usize = 20;

pub fn name_of(key: HistoryKey) -> String {
    match key.series {
        Series::Settlements => format!("{} funding settlements", key.source),
        Series::Candles(interval) => format!("{} bars of {}", key.source, arguments::name_of(interval)),
    }
}

/// Several lines, the last one ended.
pub fn text(shelf: &Shelf) -> String {
    let mut text = format!("{}\n", name_of(shelf.key));
    for span in &shelf.covered {
        let _ = writeln!(text, "  {}", told(*span));
    }
    text + &gaps(shelf.key.series, &shelf.gaps)
}

/// The gaps, a line each.
pub fn gaps(series: Series, gaps: &[Span]) -> String {
    let mut text = String::new();
    for gap in gaps.iter().take(MOST_GAPS) {
        let _ = match series {
            Series::Candles(interval) => writeln!(text, "  gap {}: {} bars", told(*gap), bars(*gap, interval)),
            Series::Settlements => writeln!(text, "  gap {}", told(*gap)),
        };
    }
    if MOST_GAPS < gaps.len() {
        let _ = writeln!(text, "  and {} more gaps", gaps.len().saturating_sub(MOST_GAPS));
    }
    text
}

pub fn json(shelf: &Shelf) -> Value {
    let interval = match shelf.key.series {
        Series::Settlements => None,
        Series::Candles(interval) => Some(interval.length().get()),
    };
    let spans = |spans: &[Span]| -> Vec<Value> {
        spans.iter().map(|span| json!({ "from": span.from.unix_ms(), "to": span.to.unix_ms() })).collect()
    };
    json!({
        "source": shelf.key.source.as_str(),
        "series": if interval.is_some() { "candles" } else { "settlements" },
        "interval_ms": interval,
        "covered": spans(&shelf.covered),
        "gaps": spans(&shelf.gaps),
    })
}

/// How many bars are missing in a gap.
fn bars(gap: Span, interval: Interval) -> i64 {
    gap.length().get().div_euclid(interval.length().get())
}

/// To the minute, which is as long as the shortest bar.
fn told(span: Span) -> String {
    let minute = |at| iso8601::write(at).chars().take(16).collect::<String>().replace('T', " ");
    format!("{} to {} UTC", minute(span.from), minute(span.to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{HistorySource, Timestamp};

    fn span(from: i64, to: i64) -> Span {
        Span::new(Timestamp::from_unix_ms(from * 60_000), Timestamp::from_unix_ms(to * 60_000))
    }

    #[test]
    fn what_is_kept_is_told_with_its_gaps() {
        let key = HistoryKey { source: HistorySource::LnMarkets, series: Series::Candles(Interval::MINUTE) };
        let gaps: Vec<Span> = (0..22).map(|gap| span(gap * 10, gap * 10 + 2)).collect();
        let text = text(&Shelf { key, covered: vec![span(0, 1_440)], gaps });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["lnmarkets bars of 1m", "  1970-01-01 00:00 to 1970-01-02 00:00 UTC"]);
        assert_eq!(lines[2], "  gap 1970-01-01 00:00 to 1970-01-01 00:02 UTC: 2 bars");
        assert_eq!((lines.len(), lines[22]), (23, "  and 2 more gaps"));
    }
}
