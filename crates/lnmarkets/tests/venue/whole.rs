//! The whole client against the whole paper exchange: what the two agree on is what both make of the venue's language.

use crate::support::{NOON, client_of, client_with_stream, clock, key, price, stage, tick};
use crate::support::{PATIENCE, Stage};
use domain::action::Change;
use domain::position::{NewPosition, PositionState};
use domain::{ActionId, Bps, Leverage, Millis, NewOrder, OrderSide, PositionId, Quantity, Sats, Side, Timestamp};
use exchange::{Deadlines, Exchange, Market, Outcome, PriceFeed, Priority};
use lnmarkets::{
    ClientId, CrossOrderState, IsolatedEventKind, IsolatedOrder, KeyRefusal, ListQuery, Money, NewCrossOrder,
    OrderSize, RateLimits, Scope, StopLoss, StreamEvent, Topic, check_key,
};
use std::fmt::Debug;
use std::time::Duration;
use tokio::time::timeout;

fn done<T: Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}

fn limit(side: OrderSide, dollars: i64) -> IsolatedOrder {
    IsolatedOrder {
        side,
        size: OrderSize::Quantity(Quantity::new(100).unwrap()),
        leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
        price: Some(price(dollars)),
        stop_loss: None,
        take_profit: None,
        client_id: ClientId::new("mine").ok(),
    }
}

fn stream_of(stage: &Stage) -> String {
    stage.endpoint.replace("http://", "ws://") + "/v1"
}

#[tokio::test]
async fn a_limit_order_rests_and_is_canceled() {
    let stage = stage().await;
    let account = &stage.account;
    let first = done(account.submit_isolated(&limit(OrderSide::Buy, 90_000)).await);
    assert_eq!(first.state, PositionState::Resting);
    let second = done(account.submit_isolated(&limit(OrderSide::Sell, 90_000)).await);
    let resting = account.fetch_resting(Priority::Interface).await.unwrap();
    assert_eq!(resting.len(), 2);
    let canceled = done(account.cancel_order(first.id).await);
    assert!(matches!(canceled.state, PositionState::Canceled { .. }));
    let all = done(account.cancel_all_orders().await);
    assert_eq!(all.iter().map(|order| order.id).collect::<Vec<_>>(), [second.id]);
    let canceled = account.fetch_canceled(Timestamp::EPOCH, Priority::Interface).await.unwrap();
    assert_eq!(canceled.len(), 2);
    assert_eq!(account.fetch_resting(Priority::Interface).await, Ok(vec![]));
}

/// Everything that a person can ask for by hand, as the protocol asks for it.
#[tokio::test]
async fn an_order_is_found_by_its_name_through_all_its_life() {
    let stage = stage().await;
    let account = &stage.account;
    let deadlines = Deadlines { sign_by: Timestamp::from_unix_ms(i64::MAX), answer_within: Millis::MINUTE };
    let change = |id, change| async move { done(account.carry_out(id, change, deadlines).await) };
    let name = |number| ActionId::from_uuid(uuid::Uuid::from_u128(number));
    let find = |number| async move { account.find_order(name(number), NOON, Priority::Interface).await.unwrap() };
    let order = |limit: Option<i64>| NewOrder {
        position: NewPosition {
            side: Side::Long,
            quantity: Quantity::new(100).unwrap(),
            leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
            stop_loss: Some(price(75_000)),
            take_profit: None,
        },
        limit: limit.map(price),
    };
    assert_eq!(find(1).await, None);
    let named = |number| PositionId::from_uuid(name(number).uuid());
    let resting = change(named(1), Change::Open { order: order(Some(80_000)) }).await;
    assert_eq!((find(1).await, find(2).await), (Some(resting), None));
    let canceled = change(resting.id, Change::Cancel).await;
    assert_eq!(find(1).await, Some(canceled));
    let mut order = order(None);
    order.position.stop_loss = Some(price(95_000));
    let opened = change(named(2), Change::Open { order }).await;
    assert!(opened.is_running());
    change(opened.id, Change::AddMargin { amount: Sats::new(2_000) }).await;
    change(opened.id, Change::CashIn { amount: Sats::new(1_000) }).await;
    change(opened.id, Change::StopLoss { price: Some(price(96_000)) }).await;
    change(opened.id, Change::TakeProfit { price: Some(price(110_000)) }).await;
    change(opened.id, Change::StopLoss { price: None }).await;
    let running = find(2).await.unwrap();
    assert_eq!((running.margin.get(), running.cashed_in_margin.get()), (opened.margin.get() + 1_000, 1_000));
    assert_eq!((running.stop_loss, running.take_profit), (None, Some(price(110_000))));
    let closed = change(opened.id, Change::Close).await;
    assert_eq!(find(2).await, Some(closed));
}

#[tokio::test]
async fn a_trailing_stop_is_set_and_removed() {
    let stage = stage().await;
    let market =
        IsolatedOrder { price: None, stop_loss: Some(StopLoss::At(price(95_000))), ..limit(OrderSide::Buy, 1) };
    let opened = done(stage.account.submit_isolated(&market).await);
    assert_eq!(opened.stop_loss, Some(price(95_000)));
    let trailing = done(stage.account.set_trailing_stop(opened.id, Bps::new(500)).await);
    assert!(trailing.is_running());
    assert_eq!(done(stage.account.set_stop_loss(opened.id, None).await).stop_loss, None);
}

#[tokio::test]
async fn a_cross_position_lives_its_whole_life() {
    let stage = stage().await;
    let account = &stage.account;
    assert_eq!(done(account.deposit_to_cross(Sats::new(100_000)).await).margin, Sats::new(100_000));
    assert_eq!(done(account.set_cross_leverage(5).await).leverage.millionths(), 5 * Leverage::ONE_X);
    let order = NewCrossOrder { side: OrderSide::Buy, quantity: 50, price: None, client_id: None };
    let filled = done(account.submit_cross_order(&order).await);
    assert!(matches!(filled.state, CrossOrderState::Filled { .. }));
    let position = account.fetch_cross_position(Priority::GuardRead).await.unwrap();
    assert_eq!((position.quantity, position.entry), (50, Some(price(100_000))));
    let resting = NewCrossOrder { price: Some(price(90_000)), ..order };
    let resting = done(account.submit_cross_order(&resting).await);
    assert_eq!(account.fetch_cross_open_orders(Priority::Interface).await.unwrap(), vec![resting.clone()]);
    assert!(matches!(done(account.cancel_cross_order(resting.id).await).state, CrossOrderState::Canceled { .. }));
    assert_eq!(done(account.close_cross_position().await).side, OrderSide::Sell);
    assert_eq!(account.fetch_cross_position(Priority::GuardRead).await.unwrap().quantity, 0);
    let filled = account.fetch_cross_filled_orders(&ListQuery::default(), Priority::Interface).await.unwrap();
    assert_eq!(filled.items.len(), 2);
    done(account.withdraw_from_cross(Sats::new(1_000)).await);
    let transfers = account.fetch_cross_transfers(&ListQuery::default(), Priority::Interface).await.unwrap();
    assert!(transfers.items.iter().map(|transfer| transfer.amount.get()).eq([-1_000, 100_000]));
}

#[tokio::test]
async fn the_other_doors_open_too() {
    let stage = stage().await;
    let (account, market) = (&stage.account, stage.client.market());
    let profile = account.fetch_profile(Priority::Interface).await.unwrap();
    assert_eq!(profile.wallet.balance, Sats::new(1_000_000));
    let swap = done(account.swap_into_dollars(Sats::new(10_000)).await);
    assert_eq!(swap.given, Money::Bitcoin(Sats::new(10_000)));
    assert_eq!(account.fetch_swaps(&ListQuery::default()).await.unwrap().items.len(), 1);
    assert!(!done(account.make_deposit_invoice(Sats::new(1_000)).await).payment_request.is_empty());
    assert!(account.fetch_lightning_deposits(&ListQuery::default(), Some(false)).await.is_ok());
    assert!(account.fetch_notifications(&ListQuery::default()).await.is_ok());
    assert!(account.fetch_bitcoin_address().await.is_ok_and(|address| !address.is_empty()));
    assert_eq!(market.ping().await, Ok(()));
    assert!(market.fetch_best_price().await.is_ok());
    assert!(market.fetch_leaderboard().await.is_ok());
}

#[tokio::test]
async fn the_stream_tells_what_happens_to_an_account() {
    let stage = stage().await;
    let client = client_with_stream(&stage.endpoint, &stream_of(&stage));
    let mut stream = client.stream(Some(key()), Topic::ACCOUNT.to_vec());
    let mut next = async || timeout(Duration::from_secs(5), stream.next()).await.unwrap();
    assert_eq!(next().await, StreamEvent::Rebuilt);
    let trade = stage.open_position().position;
    stage.venue.lock().close(stage.owner, trade.id).unwrap();
    let mut kinds = Vec::new();
    while kinds.last() != Some(&IsolatedEventKind::Closed) {
        if let StreamEvent::Isolated(event) = next().await {
            assert_eq!(event.position, trade.id);
            kinds.push(event.kind);
        }
    }
    assert_eq!(kinds, [IsolatedEventKind::Filled, IsolatedEventKind::Closed]);
}

#[tokio::test]
async fn prices_come_from_the_paper_venues_stream() {
    let stage = stage().await;
    let mut feed = client_with_stream(&stage.endpoint, &stream_of(&stage)).feed();
    let health = feed.health();
    while !health().is_streaming {
        feed.next_tick().await.unwrap();
    }
    for second in 1..=20 {
        stage.market.push(tick(second, 100_000 + second));
        let found = async { while feed.next_tick().await.unwrap().last != price(100_000 + second) {} };
        timeout(Duration::from_secs(2), found).await.unwrap();
    }
    assert_eq!((health().frozen, health().unreadable, health().built), (0, 0, 1));
}

#[tokio::test]
async fn a_key_of_the_paper_venue_is_checked_over_its_stream() {
    let stage = stage().await;
    let client = client_with_stream(&stage.endpoint, &stream_of(&stage));
    let report = check_key(&client, None, &key(), &Scope::GUARD).await.unwrap();
    assert!(!report.permissions.may_withdraw());
    let lacking = check_key(&client, None, &key(), &[Scope::WithdrawalsWrite]).await;
    assert_eq!(lacking, Err(KeyRefusal::Lacks(vec![Scope::WithdrawalsWrite])));
}

#[tokio::test]
async fn the_paper_venues_limit_is_learned_and_kept() {
    let rate = paper::http::RatePolicy { private_per_second: 3, public_per_second: 10 };
    let stage = crate::support::Setting { rate: Some(rate), ..Default::default() }.open().await;
    let eager = RateLimits { signed: std::num::NonZeroU32::new(50), public: std::num::NonZeroU32::new(10) };
    let account = client_of(&stage.endpoint, eager, PATIENCE, clock()).account(key());
    for _ in 0..7 {
        assert!(account.fetch_wallet(Priority::GuardRead).await.is_ok(), "never asked to slow down");
    }
    assert!(stage.client.market().fetch_time().await.unwrap() > NOON);
}
