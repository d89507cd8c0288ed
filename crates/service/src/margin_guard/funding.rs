//! The coming funding, as a figure for pages.

use super::MarginGuard;
use domain::Millis;
use domain::live::ComingFunding;
use std::sync::Arc;

/// How often it is read.
const PACE: Millis = Millis::from_secs(30);

impl MarginGuard {
    /// Reads it now and then, beside the look: a page may wait for the market, the guard may not. A failure
    /// costs a figure on the page and no more.
    pub(super) fn read_funding(&mut self) {
        let now = self.clock.now();
        if self.funding_read_at.is_some_and(|at| now.since(at) < PACE) {
            return;
        }
        self.funding_read_at = Some(now);
        let desk = Arc::clone(&self.desk);
        tokio::spawn(async move {
            let ticker = desk.market.fetch_ticker().await;
            let funding = ticker.ok().map(|ticker| ComingFunding { rate: ticker.funding_rate, at: ticker.funding_at });
            desk.change_view(|view| view.funding = funding);
        });
    }
}
