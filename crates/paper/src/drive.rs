//! A paper market on someone else's prices: the live public feed moves play money.

use crate::market::PaperMarket;
use exchange::PriceFeed;
use tokio::time::{Duration, sleep};

/// How long to leave a feed alone that gave an error.
const PAUSE: Duration = Duration::from_millis(500);

/// Moves the market with every price of the feed; never ends by itself.
pub async fn drive(market: PaperMarket, mut feed: impl PriceFeed) {
    loop {
        match feed.next_tick().await {
            Ok(tick) => market.push(tick),
            Err(error) => {
                tracing::warn!(%error, "no price for the paper market");
                sleep(PAUSE).await;
            }
        }
    }
}
