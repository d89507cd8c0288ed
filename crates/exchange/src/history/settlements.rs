//! Funding settlements of the past.

use super::Source;
use crate::ReadError;
use async_trait::async_trait;
use domain::{Millis, Settlement, Span, Timestamp};

/// An exchange that remembers its settlements.
#[async_trait]
pub trait SettlementSource: Send + Sync {
    /// All that fell due within the span, in any order.
    async fn fetch_settlements(&self, span: Span) -> Result<Vec<Settlement>, ReadError>;
}

/// Settlements of one exchange.
pub struct SettlementHistory<'a> {
    source: &'a dyn SettlementSource,
    longest: Millis,
}

impl<'a> SettlementHistory<'a> {
    /// `longest` is the longest that may lie between two settlements.
    pub fn new(source: &'a dyn SettlementSource, longest: Millis) -> SettlementHistory<'a> {
        SettlementHistory { source, longest }
    }
}

#[async_trait]
impl Source for SettlementHistory<'_> {
    type Item = Settlement;

    async fn fetch(&self, span: Span) -> Result<Vec<Settlement>, ReadError> {
        self.source.fetch_settlements(span).await
    }

    fn date_of(settlement: &Settlement) -> Timestamp {
        settlement.at
    }

    fn gaps(&self, span: Span, settlements: &[Settlement]) -> Vec<Span> {
        settlement_gaps(self.longest, span, settlements)
    }

    fn piece(&self) -> Millis {
        Millis::new(self.longest.get().saturating_mul(500))
    }
}

/// Where settlements should be within the span and are not; they are given oldest first.
///
/// A settlement is on time within a minute; one that falls due as the span begins belongs to it.
pub fn settlement_gaps(longest: Millis, span: Span, settlements: &[Settlement]) -> Vec<Span> {
    let times: Vec<Timestamp> = settlements.iter().map(|settlement| settlement.at).collect();
    let before = Span::new(span.from, times.first().copied().unwrap_or(span.to));
    let before = Some(before).filter(|stretch| longest <= stretch.length());
    let after = times.iter().zip(times.iter().skip(1).chain([&span.to]));
    let after = after.map(|(from, to)| Span::new(*from, *to));
    let reach = Millis::new(longest.get().saturating_add(Millis::MINUTE.get()));
    before.into_iter().chain(after.filter(|stretch| reach < stretch.length())).collect()
}
