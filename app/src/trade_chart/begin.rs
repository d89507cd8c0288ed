//! Which bars the chart begins with: a young market has too few long ones to work anything out.

use crate::chart::Canvas;
use crate::chart::parts::ALL;
use leptos::prelude::*;

/// In seconds, if the market has enough of them.
pub const WISHED: i64 = 900;
/// So many bars show the slowest study (an average of fifty) for a while.
const ENOUGH: usize = 100;

/// Goes to shorter bars until there are enough, and never again once the reader has chosen.
pub fn with_enough_bars(canvas: Canvas) {
    let begun = RwSignal::new(Some(WISHED));
    Effect::new(move |_| {
        canvas.fresh.track();
        let count = canvas.bars.with_untracked(|bars| bars.as_ref().map(|bars| bars.all().len()));
        let (Some(tried), Some(count)) = (begun.get_untracked(), count) else { return };
        let shorter = (canvas.seconds.get_untracked() == tried).then(|| next(tried, count)).flatten();
        begun.set(shorter);
        if let Some(shorter) = shorter {
            canvas.seconds.set(shorter);
        }
    });
}

/// The length to try after one that has so many bars; none where they are enough or none are shorter.
fn next(tried: i64, count: usize) -> Option<i64> {
    let shorter = ALL.iter().rev().map(|(seconds, _)| *seconds).find(|seconds| *seconds < tried);
    shorter.filter(|_| count < ENOUGH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_get_shorter_until_they_are_enough() {
        assert_eq!(next(900, ENOUGH), None);
        assert_eq!((next(900, 3), next(300, ENOUGH - 1), next(60, 0)), (Some(300), Some(60), None));
    }
}
