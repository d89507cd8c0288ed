//! What is drawn beside the bars, and in which pane.

use super::indicators::{bollinger, ema, rsi};
use crate::chart::bars::seconds;
use domain::{Candle, Price};
use serde::Serialize;

/// Something that is worked out from the bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Study {
    Volume,
    Ema,
    Bollinger,
    Rsi,
}

impl Study {
    pub const ALL: [Study; 4] = [Study::Volume, Study::Ema, Study::Bollinger, Study::Rsi];

    pub const fn id(self) -> &'static str {
        match self {
            Study::Volume => "volume",
            Study::Ema => "ema",
            Study::Bollinger => "bollinger",
            Study::Rsi => "rsi",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Study::Volume => "Volume",
            Study::Ema => "EMA 20/50",
            Study::Bollinger => "Bollinger 20/2",
            Study::Rsi => "RSI 14",
        }
    }
}

/// One line or set of columns: its kind is known to the drawing, which gives it a pane and a colour.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    pub kind: &'static str,
    /// Time in seconds, and value.
    pub points: Vec<(f64, f64)>,
}

/// All curves that are shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Studies(pub Vec<Curve>);

impl Studies {
    pub fn of(bars: &[Candle], shown: &[Study]) -> Studies {
        let closes: Vec<f64> = bars.iter().map(|bar| Price::dollars(bar.close)).collect();
        let curve = |kind, values: Vec<Option<f64>>| {
            let points = bars.iter().zip(values).filter_map(|(bar, value)| Some((seconds(bar.at), value?)));
            Curve { kind, points: points.collect() }
        };
        let mut curves = Vec::new();
        for study in Study::ALL.into_iter().filter(|study| shown.contains(study)) {
            match study {
                Study::Volume => {
                    curves.push(curve("volume", bars.iter().map(|bar| Some(bar.volume as f64)).collect()));
                }
                Study::Ema => {
                    curves.push(curve("ema_fast", ema(&closes, 20)));
                    curves.push(curve("ema_slow", ema(&closes, 50)));
                }
                Study::Bollinger => {
                    let bands = bollinger(&closes, 20, 2.0);
                    for (part, kind) in ["band_low", "band_middle", "band_high"].into_iter().enumerate() {
                        curves.push(curve(kind, bands.iter().map(|band| band.map(|band| band[part])).collect()));
                    }
                }
                Study::Rsi => curves.push(curve("rsi", rsi(&closes, 14))),
            }
        }
        Studies(curves)
    }

    /// The value of a curve at a bar.
    pub fn at(&self, kind: &str, time: f64) -> Option<f64> {
        let curve = self.0.iter().find(|curve| curve.kind == kind)?;
        curve.points.iter().rev().find(|point| point.0 == time).map(|point| point.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn bars(count: i64) -> Vec<Candle> {
        let bar = |minute: i64| {
            let price = Price::from_ticks(200_000 + minute % 7).unwrap();
            let at = Timestamp::from_unix_ms(minute * 60_000);
            Candle { at, open: price, high: price, low: price, close: price, volume: minute }
        };
        (0..count).map(bar).collect()
    }

    #[test]
    fn only_what_is_shown_is_worked_out_and_each_point_stands_at_its_bar() {
        let bars = bars(60);
        assert_eq!(Studies::of(&bars, &[]), Studies::default());
        let all = Studies::of(&bars, &Study::ALL);
        let lengths: Vec<_> = all.0.iter().map(|curve| (curve.kind, curve.points.len())).collect();
        let expected = [
            ("volume", 60),
            ("ema_fast", 41),
            ("ema_slow", 11),
            ("band_low", 41),
            ("band_middle", 41),
            ("band_high", 41),
            ("rsi", 46),
        ];
        assert_eq!(lengths, expected);
        assert_eq!((all.at("volume", 60.0), all.at("rsi", 60.0)), (Some(1.0), None));
    }
}
