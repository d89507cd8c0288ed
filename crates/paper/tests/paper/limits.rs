//! Limit orders, trailing stops, sizes and tiers.

use crate::support::{account, balance, dollars, message, order, tick, venue};
use domain::position::PositionState;
use domain::{Millis, Price, Quantity, Sats, Side, Timestamp};
use paper::venue::{CloseReason, OrderKind, TrailingDistance};
use paper::{NewTrade, Order, Size, Trade, Venue};

fn limit(side: Side, price: i64) -> NewTrade {
    NewTrade { order: order(side, 1_000, 10), limit: Some(dollars(price)), trailing: None }
}

fn trailing(millionths: i64) -> Option<TrailingDistance> {
    TrailingDistance::from_millionths(millionths)
}

fn stop(venue: &Venue) -> Option<Price> {
    venue.running(account(1))[0].position.stop_loss
}

#[test]
fn a_limit_order_rests_on_either_side_of_the_market_and_holds_margin_and_reserve() {
    for (side, price) in [(Side::Long, 70_000), (Side::Long, 130_000), (Side::Short, 70_000), (Side::Short, 130_000)] {
        let (mut venue, owner) = venue(100_000);
        let rests = venue.submit(owner, limit(side, price)).unwrap();
        assert_eq!((rests.kind, rests.position.state), (OrderKind::Limit, PositionState::Resting));
        assert_eq!((rests.position.opening_fee, rests.filled_at), (Sats::ZERO, None));
        let held = rests.position.margin.get() + rests.position.fee_reserve.get();
        assert_eq!(balance(&venue, owner), 1_000_000 - held);
        let (near, far) = if price < 100_000 { (price + 1, price) } else { (price - 1, price) };
        venue.on_tick(tick(1, near)).unwrap();
        assert_eq!(venue.resting(owner), std::slice::from_ref(&rests));
        assert!(venue.running(owner).is_empty());
        venue.on_tick(tick(2, far)).unwrap();
        let filled = venue.running(owner).remove(0);
        assert_eq!((filled.position.id, filled.position.entry), (rests.position.id, dollars(price)));
        assert_eq!(filled.filled_at, Some(tick(2, far).at));
        assert!(filled.position.opening_fee.is_positive());
        assert!(venue.resting(owner).is_empty());
        venue.check_conservation().unwrap();
    }
}

#[test]
fn a_limit_buy_of_one_dollar_at_a_hundred_times_is_what_the_exchange_says() {
    let (mut venue, owner) = venue(100_500);
    let new = NewTrade { order: order(Side::Long, 1, 100), ..limit(Side::Long, 100_000) };
    let position = venue.submit(owner, new).unwrap().position;
    assert_eq!((position.margin.get(), position.liquidation, position.fee_reserve.get()), (10, dollars(99_010), 2));
}

#[test]
fn a_canceled_order_gives_everything_back() {
    let (mut venue, owner) = venue(100_000);
    let first = venue.submit(owner, limit(Side::Long, 90_000)).unwrap().position.id;
    let second = venue.submit(owner, limit(Side::Short, 110_000)).unwrap().position.id;
    let third = venue.submit(owner, limit(Side::Long, 80_000)).unwrap().position.id;
    let canceled = venue.cancel(owner, first).unwrap();
    assert_eq!(canceled.position.state, PositionState::Canceled { canceled_at: tick(0, 1).at });
    assert_eq!(message(venue.cancel(owner, first)), "Trade is not open");
    assert_eq!(message(venue.close(owner, second)), "Trade is not running");
    assert_eq!(message(venue.add_margin(owner, second, Sats::new(1))), "Trade is not running");
    let all: Vec<_> = venue.cancel_all(owner).unwrap().iter().map(|trade| trade.position.id).collect();
    assert_eq!(all, [second, third]);
    assert_eq!(balance(&venue, owner), 1_000_000);
    assert_eq!(venue.canceled(owner, Timestamp::EPOCH).len(), 3);
    assert!(venue.cancel_all(owner).unwrap().is_empty() && venue.closed(owner, Timestamp::EPOCH).is_empty());
    venue.check_conservation().unwrap();
}

#[test]
fn stops_of_a_limit_order_are_held_against_its_own_price() {
    let (mut venue, owner) = venue(100_000);
    let with = |stop_loss: i64| {
        let order = Order { stop_loss: Some(dollars(stop_loss)), ..order(Side::Long, 1_000, 10) };
        NewTrade { order, ..limit(Side::Long, 70_000) }
    };
    assert!(message(venue.submit(owner, with(70_000))).contains("lower than the market"));
    assert!(message(venue.submit(owner, with(60_000))).contains("liquidation"));
    let id = venue.submit(owner, with(65_000)).unwrap().position.id;
    assert_eq!(
        venue.set_take_profit(owner, id, Some(dollars(71_000))).unwrap().position.take_profit,
        Some(dollars(71_000))
    );
    assert!(message(venue.set_take_profit(owner, id, Some(dollars(70_000)))).contains("higher than the market"));
}

#[test]
fn resting_orders_count_towards_the_most_that_an_account_may_have() {
    let (mut venue, owner) = venue(100_000);
    for _ in 0..100 {
        let new = NewTrade { order: order(Side::Long, 1, 100), ..limit(Side::Long, 90_000) };
        venue.submit(owner, new).unwrap();
    }
    assert!(message(venue.open(owner, order(Side::Long, 1, 100))).contains("100"));
}

#[test]
fn a_trailing_stop_follows_the_market_and_closes_behind_it() {
    let (mut venue, owner) = venue(100_000);
    let new = NewTrade { trailing: trailing(50_000), limit: None, ..limit(Side::Long, 1) };
    venue.submit(owner, new).unwrap();
    assert_eq!(stop(&venue), Some(dollars(95_000)));
    venue.on_tick(tick(1, 110_000)).unwrap();
    assert_eq!(stop(&venue), Some(dollars(104_500)));
    venue.on_tick(tick(2, 104_501)).unwrap();
    assert_eq!(stop(&venue), Some(dollars(104_500)));
    venue.on_tick(tick(3, 104_000)).unwrap();
    let closed = venue.closed(owner, Timestamp::EPOCH).remove(0);
    assert_eq!((closed.close_reason, closed.exit_price()), (Some(CloseReason::StopLoss), Some(dollars(104_000))));
    venue.check_conservation().unwrap();
}

#[test]
fn a_trailing_stop_is_set_changed_and_replaced() {
    let (mut venue, owner) = venue(100_000);
    let id = venue.open(owner, order(Side::Short, 1_000, 10)).unwrap().position.id;
    let mut set = |distance| venue.set_trailing_stop(owner, id, trailing(distance).unwrap());
    assert_eq!(set(100_000).unwrap().position.stop_loss, Some(dollars(110_000)));
    assert!(message(set(100_000)).contains("already"));
    assert_eq!(set(20_000).unwrap().position.stop_loss, Some(dollars(102_000)));
    let fixed = venue.set_stop_loss(owner, id, Some(dollars(102_000))).unwrap();
    assert_eq!((fixed.trailing, fixed.position.stop_loss), (None, Some(dollars(102_000))));
    venue.set_trailing_stop(owner, id, trailing(20_000).unwrap()).unwrap();
    let none = venue.set_stop_loss(owner, id, None).unwrap();
    assert_eq!((none.trailing, none.position.stop_loss), (None, None));
}

#[test]
fn a_limit_orders_trailing_stop_begins_when_it_is_filled() {
    let (mut venue, owner) = venue(100_000);
    let new = NewTrade { trailing: trailing(10_000), ..limit(Side::Long, 90_000) };
    let rests: Trade = venue.submit(owner, new).unwrap();
    assert_eq!((rests.position.stop_loss, rests.trailing), (None, trailing(10_000)));
    venue.on_tick(tick(1, 90_000)).unwrap();
    assert_eq!(stop(&venue), Some(dollars(89_100)));
}

#[test]
fn large_orders_fill_further_from_the_market_and_are_closed_there() {
    let (mut venue, _) = venue(100_000);
    let rich = account(7);
    venue.open_account(rich, Sats::new(100_000_000_000), 0).unwrap();
    let sized = |quantity| Order { size: Size::Quantity(Quantity::new(quantity).unwrap()), ..order(Side::Long, 1, 2) };
    for (quantity, entry, exit) in [(100_000, 100_000, 100_000), (150_000, 100_010, 99_990), (500_000, 100_020, 99_980)]
    {
        let opened = venue.open(rich, sized(quantity)).unwrap();
        assert_eq!(opened.position.entry, dollars(entry));
        assert_eq!(venue.close(rich, opened.position.id).unwrap().exit_price(), Some(dollars(exit)));
    }
}

#[test]
fn volume_lowers_the_fee_and_old_volume_is_forgotten() {
    let (mut venue, _) = venue(100_000);
    let rich = account(7);
    venue.open_account(rich, Sats::new(100_000_000_000), 0).unwrap();
    let trade = |venue: &mut Venue, quantity| {
        let opened = venue.open(rich, order(Side::Long, quantity, 2)).unwrap();
        let closed = venue.close(rich, opened.position.id).unwrap();
        (opened.position.opening_fee.get(), closed.position.closing_fee.get())
    };
    assert_eq!(trade(&mut venue, 100_000), (100_000, 100_000));
    assert_eq!(trade(&mut venue, 100_000), (100_000, 80_000), "the second closes above 250,000 dollars");
    assert_eq!(venue.wallet(rich).unwrap().fee_tier, 1);
    let month = 31 * Millis::DAY.get() / 1_000;
    venue.on_tick(tick(month, 100_000)).unwrap();
    assert_eq!(venue.wallet(rich).unwrap().fee_tier, 0);
    assert_eq!(trade(&mut venue, 1_000).0, 1_000);
    venue.check_conservation().unwrap();
}
