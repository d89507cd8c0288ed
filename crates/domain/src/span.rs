//! A stretch of time, and what is left of it.

use crate::{Millis, Timestamp};

/// From `from` on, and before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    pub const fn new(from: Timestamp, to: Timestamp) -> Span {
        Span { from, to }
    }

    pub fn length(self) -> Millis {
        self.to.since(self.from)
    }

    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Spans that touch or overlap made one, oldest first; empty ones left out.
    pub fn joined(mut spans: Vec<Span>) -> Vec<Span> {
        spans.retain(|span| !span.is_empty());
        spans.sort();
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
                _ => joined.push(span),
            }
        }
        joined
    }

    /// What none of the others covers, oldest first.
    pub fn without(self, others: &[Span]) -> Vec<Span> {
        let mut left = Vec::new();
        let mut from = self.from;
        for other in Span::joined(others.to_vec()) {
            left.push(Span::new(from, other.from.min(self.to)));
            from = from.max(other.to);
        }
        left.push(Span::new(from, self.to));
        left.retain(|span| !span.is_empty());
        left
    }

    /// Cut at the multiples of `length`.
    pub fn pieces(self, length: Millis) -> impl Iterator<Item = Span> {
        let length = length.get().max(1);
        let mut from = self.from;
        std::iter::from_fn(move || {
            if self.to <= from {
                return None;
            }
            let next = from.unix_ms().div_euclid(length).saturating_add(1).saturating_mul(length);
            let piece = Span::new(from, self.to.min(Timestamp::from_unix_ms(next)));
            from = piece.to;
            Some(piece)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, to: i64) -> Span {
        Span::new(Timestamp::from_unix_ms(from), Timestamp::from_unix_ms(to))
    }

    #[test]
    fn what_is_covered_is_not_left() {
        let wanted = span(10, 100);
        assert_eq!(wanted.without(&[]), [wanted]);
        assert_eq!(wanted.without(&[span(0, 200)]), []);
        assert_eq!(wanted.without(&[span(50, 60), span(0, 20), span(55, 70)]), [span(20, 50), span(70, 100)]);
        assert_eq!(wanted.without(&[span(200, 300), span(0, 5)]), [wanted]);
        assert_eq!(wanted.without(&[span(90, 300)]), [span(10, 90)]);
    }

    #[test]
    fn spans_that_touch_are_one() {
        assert_eq!(Span::joined(vec![span(5, 7), span(1, 3), span(3, 5), span(9, 9)]), [span(1, 7)]);
    }

    #[test]
    fn pieces_join_without_loss() {
        let pieces: Vec<Span> = span(-5, 25).pieces(Millis::new(10)).collect();
        assert_eq!(pieces, [span(-5, 0), span(0, 10), span(10, 20), span(20, 25)]);
        assert_eq!(span(5, 5).pieces(Millis::new(10)).count(), 0);
    }
}
