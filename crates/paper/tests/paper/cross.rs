//! The cross position, to the sat.

use crate::support::{balance, dollars, tick, venue};
use domain::{AccountId, OrderSide, Price, Quantity, Rate, Sats, Tick};
use engine::contract::cross::CrossLeverage;
use exchange::Rejection;
use paper::Venue;
use paper::venue::{CrossOrder, CrossOrderKind, CrossOrderRequest, CrossOrderState, CrossView};

/// The venue of the published examples: 500,000 sats deposited at 10x, 1,000 dollars bought at 100,000.
fn bought() -> (Venue, AccountId) {
    let (mut venue, owner) = venue(100_000);
    venue.cross_deposit(owner, Sats::new(500_000)).unwrap();
    venue.cross_set_leverage(owner, CrossLeverage::new(10).unwrap()).unwrap();
    order(&mut venue, owner, OrderSide::Buy, 1_000, None).unwrap();
    (venue, owner)
}

fn order(
    venue: &mut Venue,
    owner: AccountId,
    side: OrderSide,
    quantity: i64,
    limit: Option<i64>,
) -> Result<CrossOrder, Rejection> {
    let quantity = Quantity::new(quantity).unwrap();
    venue.cross_order(owner, CrossOrderRequest { side, quantity, limit: limit.map(dollars), client_id: None })
}

fn view(venue: &Venue, owner: AccountId) -> CrossView {
    venue.check_conservation().unwrap();
    venue.cross(owner).unwrap()
}

fn entry(view: &CrossView) -> Option<Price> {
    view.position.map(|held| held.entry)
}

#[test]
fn buying_pays_the_fee_from_the_margin_and_moves_nothing_else() {
    let (venue, owner) = bought();
    let held = view(&venue, owner);
    assert_eq!(balance(&venue, owner), 500_000);
    assert_eq!((held.margin.get(), held.trading_fees.get(), held.pnl.get()), (499_000, 1_000, 0));
    assert_eq!((held.running_margin.get(), held.maintenance_margin.get()), (100_000, 1_500));
    assert_eq!(held.liquidation.map(|price| price.ticks() / 2), Some(66_778));
}

#[test]
fn the_published_trades_come_out_to_the_sat() {
    for (price, side, quantity, margin, left, at) in [
        (200_000, OrderSide::Buy, 1_000, 498_500, 2_000, Some(133_333)),
        (110_000, OrderSide::Sell, 400, 535_000, 600, Some(100_000)),
        (90_000, OrderSide::Sell, 400, 498_556, 600, Some(108_000)),
        (110_000, OrderSide::Sell, 1_000, 589_000, 0, None),
        (90_000, OrderSide::Sell, 1_500, 386_222, 500, Some(90_000)),
    ] {
        let (mut venue, owner) = bought();
        venue.on_tick(tick(1, price)).unwrap();
        order(&mut venue, owner, side, quantity, None).unwrap();
        let held = view(&venue, owner);
        assert_eq!(held.margin.get(), margin, "{side:?} {quantity} at {price}");
        assert_eq!(held.position.map_or(0, |held| held.contracts.get()), left);
        assert_eq!(entry(&held).map(|price| price.ticks() / 2), at);
    }
}

#[test]
fn a_liquidation_is_an_order_of_that_type() {
    let (mut venue, owner) = bought();
    venue.on_tick(tick(1, 66_778)).unwrap();
    let held = view(&venue, owner);
    assert_eq!((held.position, held.margin.get()), (None, 3));
    let order = venue.cross_filled(owner).remove(0);
    assert_eq!((order.kind, order.side, order.price), (CrossOrderKind::Liquidation, OrderSide::Sell, dollars(66_778)));
    assert_eq!(order.fee.get(), 1_497);
    assert_eq!(venue.notices(owner).len(), 1);
}

#[test]
fn funding_that_the_margin_can_not_bear_ends_the_position_at_market() {
    let (mut venue, owner) = bought();
    venue.set_funding_rate(Rate::from_hundred_millionths(50_000_000));
    let at_110 = tick(8 * 3_600, 110_000);
    venue.on_tick(Tick { index: Some(dollars(100_000)), ..at_110 }).unwrap();
    let held = view(&venue, owner);
    assert_eq!((held.position, held.margin.get(), held.funding_fees.get()), (None, 89_000, 500_000));
}

#[test]
fn funding_moves_the_margin_both_ways_and_its_row_comes_later() {
    let (mut venue, owner) = bought();
    venue.on_tick(tick(8 * 3_600 - 60, 100_000)).unwrap();
    assert_eq!(view(&venue, owner).margin.get(), 498_900);
    assert!(venue.cross_funding(owner).is_empty());
    venue.set_funding_rate(Rate::from_hundred_millionths(-10_000));
    venue.on_tick(tick(16 * 3_600 + 60, 100_000)).unwrap();
    assert_eq!((view(&venue, owner).margin.get(), view(&venue, owner).funding_fees.get()), (499_000, 0));
    assert_eq!(venue.cross_funding(owner).iter().map(|row| row.fee.get()).collect::<Vec<_>>(), [-100, 100]);
}

#[test]
fn what_is_free_can_be_withdrawn_and_no_more() {
    let (mut venue, owner) = bought();
    assert!(venue.cross_withdraw(owner, Sats::new(397_500)).is_err(), "all of what is free");
    venue.cross_withdraw(owner, Sats::new(397_499)).unwrap();
    assert_eq!(balance(&venue, owner), 897_499);
    assert!(venue.cross_withdraw(owner, Sats::new(1)).is_err());
    venue.cross_close(owner).unwrap();
    let left = view(&venue, owner).margin;
    venue.cross_withdraw(owner, left).unwrap();
    assert_eq!(view(&venue, owner).margin, Sats::ZERO);
    assert_eq!(venue.cross_transfers(owner).iter().map(|row| row.amount.get()).sum::<i64>(), 2_000);
    for amount in [0, -1, i64::MAX] {
        assert!(venue.cross_deposit(owner, Sats::new(amount)).is_err());
        assert!(venue.cross_withdraw(owner, Sats::new(amount)).is_err());
    }
}

#[test]
fn leverage_is_refused_where_the_margin_does_not_carry_it_unless_profit_helps() {
    let (mut venue, owner) = bought();
    let times = |times| CrossLeverage::new(times).unwrap();
    assert_eq!(venue.cross_set_leverage(owner, times(20)).unwrap().running_margin.get(), 50_000);
    assert_eq!(venue.cross_set_leverage(owner, times(5)).unwrap().running_margin.get(), 200_000);
    assert!(venue.cross_set_leverage(owner, times(2)).is_err(), "500,000 running and 1,500 maintenance");
    venue.on_tick(tick(1, 110_000)).unwrap();
    let helped = venue.cross_set_leverage(owner, times(2)).unwrap();
    assert_eq!((helped.margin.get(), entry(&helped), helped.realised.get()), (589_909, Some(dollars(110_000)), 90_909));
    venue.check_conservation().unwrap();
}

#[test]
fn a_limit_order_rests_on_either_side_and_fills_at_its_price() {
    for (side, price) in [(OrderSide::Buy, 90_000), (OrderSide::Sell, 90_000), (OrderSide::Buy, 110_000)] {
        let (mut venue, owner) = bought();
        let placed = order(&mut venue, owner, side, 500, Some(price)).unwrap();
        assert_eq!((placed.state, placed.fee), (CrossOrderState::Open, Sats::ZERO));
        venue.on_tick(tick(1, (price + 100_000) / 2)).unwrap();
        assert_eq!(venue.cross_open(owner), std::slice::from_ref(&placed));
        venue.on_tick(tick(2, price)).unwrap();
        let filled = venue.cross_filled(owner).remove(0);
        assert_eq!((filled.id, filled.price, filled.kind), (placed.id, dollars(price), CrossOrderKind::Limit));
        assert!(venue.cross_open(owner).is_empty() && filled.fee.is_positive());
        view(&venue, owner);
    }
}

#[test]
fn open_orders_bind_what_they_would_need_unless_they_reduce() {
    let (mut venue, owner) = bought();
    order(&mut venue, owner, OrderSide::Sell, 1_000, Some(110_000)).unwrap();
    assert_eq!(view(&venue, owner).initial_margin, Sats::ZERO);
    let placed = order(&mut venue, owner, OrderSide::Buy, 1_000, Some(80_000)).unwrap();
    assert_eq!(view(&venue, owner).initial_margin.get(), 125_000);
    assert!(order(&mut venue, owner, OrderSide::Buy, 3_000, Some(80_000)).is_err());
    venue.cross_cancel(owner, placed.id).unwrap();
    assert!(venue.cross_cancel(owner, placed.id).is_err());
    assert_eq!(venue.cross_cancel_all(owner).unwrap().len(), 1);
    assert_eq!(view(&venue, owner).initial_margin, Sats::ZERO);
}

#[test]
fn an_order_that_the_margin_does_not_carry_is_refused_or_canceled_when_its_price_comes() {
    let (mut venue, owner) = bought();
    assert!(order(&mut venue, owner, OrderSide::Buy, 4_000, None).is_err());
    order(&mut venue, owner, OrderSide::Buy, 3_500, Some(95_000)).unwrap();
    venue.on_tick(tick(1, 97_000)).unwrap();
    order(&mut venue, owner, OrderSide::Buy, 1_500, None).unwrap();
    let before = view(&venue, owner).position;
    venue.on_tick(tick(2, 95_000)).unwrap();
    assert_eq!(view(&venue, owner).position, before);
    assert!(venue.cross_open(owner).is_empty());
    assert!(venue.cross_close(owner).is_ok() && venue.cross_close(owner).is_err());
}
