//! Whether a price that jumped is true. One tick alone moves no money, unless it has crossed a liquidation.

use domain::{Bps, Price, Tick};
use exchange::{Market, Opinion, second_opinion};
use std::time::Duration;

/// A price this far from the last one needs a second witness.
const JUMP: Bps = Bps::new(300);
/// A witness who takes longer is not waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// What was last believed, and what waits to be.
#[derive(Default)]
pub(super) struct Confirmation {
    believed: Option<Tick>,
    suspect: Option<Tick>,
}

impl Confirmation {
    /// Believes a price that lies near the last one, near the index, or near an earlier suspect; else asks the exchange
    /// once more, and another market beside it.
    pub async fn confirms(&mut self, tick: &Tick, market: &dyn Market) -> bool {
        if self.is_plausible(tick) || self.is_witnessed(tick, market).await {
            self.believed = Some(*tick);
            self.suspect = None;
            return true;
        }
        self.suspect = Some(self.suspect.filter(|suspect| suspect.at == tick.at).unwrap_or(*tick));
        false
    }

    /// A price that called for nothing; the next one is measured by it, unless it is itself a jump.
    pub fn see(&mut self, tick: &Tick) {
        if self.believed.is_none() || self.is_plausible(tick) {
            self.believed = Some(*tick);
        }
    }

    /// Whether it needs no other witness.
    pub fn is_plausible(&self, tick: &Tick) -> bool {
        let second = self.suspect.filter(|suspect| suspect.at < tick.at);
        let witnesses = [self.believed.map(|believed| believed.last), tick.index, second.map(|suspect| suspect.last)];
        witnesses.into_iter().flatten().any(|witness| is_near(witness, tick.last))
    }

    /// One yes is enough, whoever gives it first.
    async fn is_witnessed(&self, tick: &Tick, market: &dyn Market) -> bool {
        let again = async { market.fetch_ticker().await.is_ok_and(|ticker| is_near(ticker.tick.last, tick.last)) };
        let other = async {
            let other = market.fetch_second_opinion().await;
            other.is_some_and(|other| second_opinion(tick, &other, JUMP) == Opinion::Agrees)
        };
        tokio::time::timeout(PATIENCE, either(again, other)).await.unwrap_or(false)
    }
}

/// Whether one of both says yes; a no waits for the other.
async fn either(one: impl Future<Output = bool>, other: impl Future<Output = bool>) -> bool {
    tokio::pin!(one, other);
    tokio::select! {
        yes = &mut one => yes || other.await,
        yes = &mut other => yes || one.await,
    }
}

fn is_near(one: Price, other: Price) -> bool {
    let (one, other) = (i128::from(one.ticks()), i128::from(other.ticks()));
    (one - other).abs() * 10_000 <= i128::from(JUMP.get()) * one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_percent_is_near_and_more_is_a_jump() {
        let price = |ticks| Price::from_ticks(ticks).unwrap();
        assert!(is_near(price(100_000), price(97_000)));
        assert!(!is_near(price(100_000), price(96_999)));
        assert!(!is_near(price(100_000), price(13_000)));
    }
}
