//! Bars one after the other.

use domain::Candle;

/// A supply of bars, oldest first.
pub trait Bars: Send {
    /// `None` once there are no more.
    fn next_bar(&mut self) -> Option<Candle>;
}

/// The bars of a candle file.
pub struct FileBars {
    candles: std::vec::IntoIter<Candle>,
}

impl FileBars {
    pub fn new(candles: Vec<Candle>) -> FileBars {
        FileBars { candles: candles.into_iter() }
    }
}

impl Bars for FileBars {
    fn next_bar(&mut self) -> Option<Candle> {
        self.candles.next()
    }
}
