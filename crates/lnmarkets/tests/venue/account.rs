//! Everything that an account can do, without faults.

use crate::support::{price, stage, tick};
use domain::position::{NewPosition, PositionState};
use domain::{Leverage, PositionId, Quantity, Sats, Side, Timestamp};
use exchange::{Exchange, Outcome, Priority};
use std::fmt::Debug;

fn done<T: Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}

fn order() -> NewPosition {
    NewPosition {
        side: Side::Short,
        quantity: Quantity::new(100).unwrap(),
        leverage: Leverage::for_order(12_500_000).unwrap(),
        stop_loss: Some(price(101_000)),
        take_profit: None,
    }
}

#[tokio::test]
async fn a_position_lives_its_whole_life_over_the_wire() {
    let stage = stage().await;
    let account = &stage.account;
    let opened = done(account.open_position(order()).await);
    assert_eq!((opened.side, opened.quantity.get(), opened.stop_loss), (Side::Short, 100, Some(price(101_000))));
    assert_eq!(opened.leverage.to_string(), "12.50");
    let added = done(account.add_margin(opened.id, Sats::new(2_000)).await);
    assert_eq!(added.margin.get(), opened.margin.get() + 2_000);
    assert!(opened.liquidation < added.liquidation);
    assert_eq!(done(account.cash_in(opened.id, Sats::new(1_000)).await).margin.get(), opened.margin.get() + 1_000);
    assert_eq!(done(account.set_stop_loss(opened.id, None).await).stop_loss, None);
    assert_eq!(done(account.set_stop_loss(opened.id, Some(price(102_000))).await).stop_loss, Some(price(102_000)));
    assert_eq!(done(account.set_take_profit(opened.id, Some(price(90_000))).await).take_profit, Some(price(90_000)));
    assert_eq!(done(account.set_take_profit(opened.id, None).await).take_profit, None);
    let running = account.fetch_running(Priority::GuardRead).await.unwrap();
    assert_eq!(running, vec![stage.venue.lock().running(stage.owner)[0].position]);
    let closed = done(account.close_position(opened.id).await);
    assert!(matches!(closed.state, PositionState::Closed { exit, .. } if exit == price(100_000)));
    assert_eq!(account.fetch_running(Priority::GuardRead).await.unwrap(), vec![]);
    let history = account.fetch_closed(Timestamp::EPOCH, Priority::GuardRead).await.unwrap();
    assert_eq!(history, vec![closed]);
}

#[tokio::test]
async fn the_wallet_is_what_the_venue_says() {
    let stage = stage().await;
    let wallet = stage.account.fetch_wallet(Priority::Interface).await.unwrap();
    assert_eq!(Some(wallet), stage.venue.lock().wallet(stage.owner));
}

#[tokio::test]
async fn orders_that_do_not_rest_are_no_orders() {
    let stage = stage().await;
    stage.open_position();
    assert_eq!(stage.account.fetch_resting(Priority::Interface).await.unwrap(), vec![]);
    assert_eq!(stage.account.fetch_canceled(Timestamp::EPOCH, Priority::Interface).await.unwrap(), vec![]);
}

#[tokio::test]
async fn closed_positions_are_read_to_the_last_page_and_no_further_than_asked() {
    let stage = stage().await;
    let mut ids = Vec::new();
    for second in 0..250 {
        stage.market.push(tick(second, 100_000));
        let id = stage.open_position().position.id;
        stage.venue.lock().close(stage.owner, id).unwrap();
        ids.push(id);
    }
    let closed = |since| stage.account.fetch_closed(since, Priority::GuardRead);
    let all = closed(Timestamp::EPOCH).await.unwrap();
    assert!(all.iter().map(|trade| trade.id).eq(ids.iter().rev().copied()), "all, newest first, each once");
    let late = closed(tick(120, 1).at).await.unwrap();
    assert!(late.iter().map(|trade| trade.id).eq(ids[120..].iter().rev().copied()));
}

#[tokio::test]
async fn funding_fees_are_those_of_the_position_since_the_moment_asked_for() {
    let stage = stage().await;
    let ours = stage.open_position().position.id;
    stage.open_position();
    let hours = |hours: i64| tick(hours * 3_600, 100_000);
    for eight in 1..=3 {
        stage.market.push(hours(8 * eight));
    }
    let fees = |since| stage.account.fetch_funding_fees(ours, since, Priority::GuardRead);
    let all = fees(Timestamp::EPOCH).await.unwrap();
    let rows = stage.venue.lock().funding_rows(stage.owner);
    let expected: Vec<_> = rows.into_iter().map(|row| row.fee).filter(|fee| fee.position == ours).collect();
    assert!(2 <= expected.len());
    assert_eq!(all, expected);
    let last = expected[0].at;
    assert_eq!(fees(last).await.unwrap(), vec![expected[0]]);
}

#[tokio::test]
async fn a_foreign_position_is_refused_for_good() {
    let stage = stage().await;
    let trade = stage.open_position();
    let nobodys = PositionId::from_uuid(uuid::Uuid::from_u128(9));
    let foreign = stage.account.add_margin(nobodys, Sats::new(1)).await;
    assert!(matches!(foreign, Outcome::Rejected(refusal) if refusal.status == 400));
    assert_eq!(stage.margin(), trade.position.margin);
}

#[tokio::test]
async fn f20_a_top_up_of_a_position_that_was_closed_is_refused_for_good() {
    let stage = stage().await;
    let trade = stage.open_position();
    stage.venue.lock().close(stage.owner, trade.position.id).unwrap();
    let closed = stage.account.add_margin(trade.position.id, Sats::new(1_000)).await;
    assert!(matches!(closed, Outcome::Rejected(refusal) if refusal.status == 400));
}
