//! What happens at the exchange by another hand is seen: when it is told, and when it is not.

use crate::stage::Stage;
use domain::live::AccountSnapshot;
use domain::{Reason, Sats};
use paper::http::Trouble;
use std::time::Duration;
use tokio::time::Instant;

fn is_adopted(reason: &Reason) -> bool {
    matches!(reason, Reason::PositionAdopted { .. })
}

#[tokio::test]
async fn a_position_that_begins_or_ends_at_the_exchange_is_seen_because_it_is_told() {
    let mut stage = Stage::set().await;
    stage.look_when_called().await;
    let position = stage.open_position();
    assert_eq!(stage.hear("it is adopted", is_adopted).await.position, Some(position));
    let closed_at = Instant::now();
    stage.venue.lock().close(stage.account, position).unwrap();
    stage.hear("its end is noted", |reason| matches!(reason, Reason::PositionClosedElsewhere { .. })).await;
    assert!(closed_at.elapsed() < Duration::from_secs(1), "{:?}", closed_at.elapsed());
}

/// The exchange tells of neither, so only looking helps.
#[tokio::test]
async fn margin_that_is_added_or_cashed_in_by_hand_is_seen_by_the_clock() {
    let mut stage = Stage::set().await;
    let position = stage.open_position();
    stage.look_by_the_clock();
    let margin = |shown: &AccountSnapshot| shown.positions.first().map(|shown| shown.position.margin);
    let before = margin(&stage.see("it is shown", |shown| margin(shown).is_some()).await).unwrap();
    for change in [5_000_i64, -3_000] {
        let changed_at = Instant::now();
        let amount = Sats::new(change.abs());
        let after = match change {
            0.. => stage.venue.lock().add_margin(stage.account, position, amount).unwrap(),
            _ => stage.venue.lock().cash_in(stage.account, position, amount).unwrap(),
        };
        assert_ne!(after.position.margin, before);
        stage.see("the change is shown", |shown| margin(shown) == Some(after.position.margin)).await;
        assert!(changed_at.elapsed() < Duration::from_secs(3), "{:?}", changed_at.elapsed());
    }
}

#[tokio::test]
async fn f16_while_the_stream_is_frozen_looking_by_the_clock_goes_on() {
    let mut stage = Stage::set().await;
    stage.suffer(Trouble::FrozenStream, None);
    stage.look_by_the_clock();
    let opened_at = Instant::now();
    stage.open_position();
    stage.hear("it is adopted", is_adopted).await;
    assert!(opened_at.elapsed() < Duration::from_secs(3), "{:?}", opened_at.elapsed());
}

#[tokio::test]
async fn f18_events_that_are_told_twice_or_in_another_order_are_recorded_once() {
    for trouble in [Trouble::DuplicatedStream, Trouble::OutOfOrderStream] {
        let mut stage = Stage::set().await;
        stage.look_when_called().await;
        stage.suffer(trouble, None);
        let first = stage.open_position();
        stage.hear("the first is adopted", is_adopted).await;
        stage.venue.lock().close(stage.account, first).unwrap();
        stage.open_position();
        stage.hear("the second is adopted", is_adopted).await;
        let reasons = stage.reasons().await;
        assert_eq!(reasons.iter().filter(|reason| is_adopted(reason)).count(), 2, "{reasons:?}");
        assert!(!reasons.iter().any(|reason| matches!(reason, Reason::MarginAdded { .. })));
    }
}
