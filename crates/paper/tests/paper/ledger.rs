//! What trades cost and bring, to the sat.

use crate::support::{MIDNIGHT, account, balance, dollars, message, order, tick, venue};
use domain::{Leverage, Millis, PositionId, Price, Rate, Sats, Side, Timestamp};
use paper::venue::CloseReason;
use paper::{CallKind, Chance, Order, Size, Venue, VenueRules};
use uuid::Uuid;

fn open_long(venue: &mut Venue) -> PositionId {
    venue.open(account(1), order(Side::Long, 1_000, 10)).unwrap().position.id
}

#[test]
fn opening_debits_margin_and_both_reserves() {
    let (mut venue, owner) = venue(100_000);
    let long = venue.open(owner, order(Side::Long, 1_000, 10)).unwrap().position;
    assert_eq!(balance(&venue, owner), 1_000_000 - 102_100);
    assert_eq!((long.margin.get(), long.liquidation), (100_000, dollars(90_909)));
    assert_eq!((long.fee_reserve.get(), long.opening_fee.get(), long.closing_fee.get()), (1_100, 1_000, 0));
    let short = venue.open(owner, order(Side::Short, 1_000, 10)).unwrap().position;
    assert_eq!(balance(&venue, owner), 1_000_000 - 102_100 - 101_900);
    assert_eq!((short.liquidation, short.fee_reserve.get()), (dollars(111_111), 900));
    venue.check_conservation().unwrap();
}

#[test]
fn closing_pays_profit_margin_and_what_is_left_of_the_reserve() {
    for (exit, pnl, fee, credit) in [(110_000, 90_909, 909, 191_100), (95_000, -52_632, 1_052, 47_416)] {
        let (mut venue, owner) = venue(100_000);
        let id = open_long(&mut venue);
        venue.on_tick(tick(1, exit)).unwrap();
        let closed = venue.close(owner, id).unwrap();
        assert_eq!((closed.position.pnl.get(), closed.position.closing_fee.get()), (pnl, fee));
        assert_eq!(balance(&venue, owner), 1_000_000 - 102_100 + credit);
        assert_eq!(closed.exit_price(), Some(dollars(exit)));
        assert_eq!(venue.audit().last().unwrap().amount, Some(Sats::new(credit)));
        assert!(venue.running(owner).is_empty());
        assert_eq!(venue.closed(owner, Timestamp::EPOCH), [closed]);
        venue.check_conservation().unwrap();
    }
}

#[test]
fn a_position_is_liquidated_when_the_bid_reaches_its_level_and_loses_all() {
    let (mut venue, owner) = venue(100_000);
    open_long(&mut venue);
    let mut above = tick(1, 90_910);
    above.last = dollars(90_900);
    venue.on_tick(above).unwrap();
    assert_eq!(venue.running(owner).len(), 1, "the last price alone liquidates nobody");
    let mut reached = tick(2, 90_950);
    reached.bid = Some(dollars(90_909));
    venue.on_tick(reached).unwrap();
    let closed = venue.closed(owner, Timestamp::EPOCH).remove(0);
    assert_eq!(closed.close_reason, Some(CloseReason::Liquidation));
    assert_eq!((closed.position.closing_fee.get(), closed.exit_price()), (1_100, Some(dollars(90_909))));
    assert_eq!(balance(&venue, owner), 1_000_000 - 102_100);
    venue.check_conservation().unwrap();
}

#[test]
fn a_short_is_liquidated_by_the_ask() {
    let (mut venue, owner) = venue(100_000);
    venue.open(owner, order(Side::Short, 1_000, 10)).unwrap();
    let mut reached = tick(1, 111_000);
    reached.ask = Some(dollars(111_111));
    venue.on_tick(reached).unwrap();
    assert_eq!(venue.closed(owner, Timestamp::EPOCH)[0].close_reason, Some(CloseReason::Liquidation));
}

#[test]
fn a_fall_through_the_liquidation_never_touches_the_rest_of_the_wallet() {
    let (mut venue, owner) = venue(100_000);
    open_long(&mut venue);
    venue.on_tick(tick(1, 10)).unwrap();
    assert_eq!(balance(&venue, owner), 1_000_000 - 102_100);
    venue.check_conservation().unwrap();
}

#[test]
fn stops_fill_at_the_market() {
    for (price, filled, reason) in [
        (95_000, 95_000, CloseReason::StopLoss),
        (94_000, 94_000, CloseReason::StopLoss),
        (111_000, 111_000, CloseReason::TakeProfit),
    ] {
        let (mut venue, owner) = venue(100_000);
        let stops = Order {
            stop_loss: Some(dollars(95_000)),
            take_profit: Some(dollars(110_000)),
            ..order(Side::Long, 1_000, 10)
        };
        venue.open(owner, stops).unwrap();
        venue.on_tick(tick(1, 95_001)).unwrap();
        venue.on_tick(tick(2, 109_999)).unwrap();
        assert_eq!(venue.running(owner).len(), 1);
        venue.on_tick(tick(3, price)).unwrap();
        let closed = venue.closed(owner, Timestamp::EPOCH).remove(0);
        assert_eq!((closed.exit_price(), closed.close_reason), (Some(dollars(filled)), Some(reason)));
    }
}

#[test]
fn stops_stand_on_their_own_side_of_the_market() {
    let (mut venue, owner) = venue(100_000);
    let id = open_long(&mut venue);
    let mut stop_loss = |price: i64| venue.set_stop_loss(owner, id, Some(dollars(price)));
    assert!(message(stop_loss(100_000)).contains("lower than the market"));
    assert!(message(stop_loss(90_908)).contains("liquidation"));
    assert!(stop_loss(90_909).is_ok());
    assert!(message(stop_loss(90_909)).contains("already"));
    assert!(message(venue.set_take_profit(owner, id, Some(dollars(100_000)))).contains("higher than the market"));
    assert!(venue.set_take_profit(owner, id, Some(dollars(100_001))).is_ok());
    assert_eq!(venue.set_stop_loss(owner, id, None).unwrap().position.stop_loss, None);
    assert!(message(venue.set_stop_loss(owner, id, None)).contains("already"));

    let short = venue.open(owner, order(Side::Short, 1_000, 10)).unwrap().position.id;
    assert!(message(venue.set_stop_loss(owner, short, Some(dollars(100_000)))).contains("higher than the market"));
    assert!(message(venue.set_stop_loss(owner, short, Some(dollars(111_112)))).contains("liquidation"));
    assert!(venue.set_stop_loss(owner, short, Some(dollars(111_111))).is_ok());
    assert!(message(venue.set_take_profit(owner, short, Some(dollars(100_000)))).contains("lower than the market"));
    assert!(venue.set_take_profit(owner, short, Some(dollars(99_999))).is_ok());
}

#[test]
fn margin_is_added_without_a_fee_and_moves_the_liquidation_away() {
    let (mut venue, owner) = venue(100_000);
    let id = open_long(&mut venue);
    let after = venue.add_margin(owner, id, Sats::new(50_000)).unwrap().position;
    assert_eq!((after.margin.get(), after.liquidation), (150_000, Price::from_ticks(86_956 * 2 + 1).unwrap()));
    assert_eq!((after.entry, after.fee_reserve.get()), (dollars(100_000), 1_100));
    assert_eq!(balance(&venue, owner), 1_000_000 - 102_100 - 50_000);
    let adds = venue.audit().iter().filter(|call| call.kind == CallKind::AddMargin);
    assert_eq!(adds.map(|call| call.amount).collect::<Vec<_>>(), [Some(Sats::new(50_000))]);
    venue.check_conservation().unwrap();
}

#[test]
fn calls_that_can_not_be_done_say_why_and_change_nothing() {
    let (mut venue, owner) = venue(100_000);
    let stranger = account(2);
    venue.open_account(stranger, Sats::new(10_000), 0).unwrap();
    let id = open_long(&mut venue);
    let postings = venue.postings();
    let sats = Sats::new;
    assert_eq!(message(venue.add_margin(owner, id, sats(0))), "Amount must be positive");
    assert_eq!(message(venue.add_margin(owner, id, sats(-1))), "Amount must be positive");
    assert_eq!(message(venue.cash_in(owner, id, sats(0))), "Amount must be positive");
    assert!(message(venue.add_margin(owner, id, sats(900_001))).contains("at most 900000"));
    assert_eq!(message(venue.add_margin(owner, id, sats(899_999))), "Insufficient balance");
    assert!(message(venue.add_margin(owner, id, sats(i64::MAX))).contains("at most"));
    assert!(message(venue.cash_in(owner, id, sats(i64::MAX))).contains("cash in"));
    assert_eq!(message(venue.add_margin(stranger, id, sats(1))), "You do not own this trade");
    assert_eq!(message(venue.close(stranger, id)), "You do not own this trade");
    assert_eq!(message(venue.close(owner, PositionId::from_uuid(Uuid::nil()))), "You do not own this trade");
    assert_eq!(message(venue.cancel(owner, id)), "Trade is not open");
    assert_eq!(message(venue.open(stranger, order(Side::Long, 1_000, 10))), "Insufficient balance");
    assert_eq!((venue.postings(), venue.audit().len()), (postings, 1));
    venue.close(owner, id).unwrap();
    assert_eq!(message(venue.close(owner, id)), "Trade is not running");
    assert_eq!(message(venue.add_margin(owner, id, sats(1))), "Trade is not running");
}

#[test]
fn an_account_has_at_most_a_hundred_running_trades() {
    let (mut venue, owner) = venue(100_000);
    for _ in 0..100 {
        venue.open(owner, order(Side::Long, 1, 100)).unwrap();
    }
    assert!(message(venue.open(owner, order(Side::Long, 1, 100))).contains("100"));
}

#[test]
fn an_order_by_margin_buys_what_the_margin_carries() {
    let (mut venue, owner) = venue(100_000);
    let by_margin = Order { size: Size::Margin(Sats::new(10_000)), ..order(Side::Long, 1, 10) };
    let position = venue.open(owner, by_margin).unwrap().position;
    assert_eq!((position.quantity.get(), position.margin.get()), (100, 10_000));
    let dust = Order { size: Size::Margin(Sats::new(1)), ..order(Side::Long, 1, 1) };
    assert!(message(venue.open(owner, dust)).contains("Quantity"));
}

#[test]
fn cash_in_takes_profit_first_and_drops_a_stop_that_the_liquidation_passed() {
    let (mut venue, owner) = venue(100_000);
    let id = open_long(&mut venue);
    venue.set_stop_loss(owner, id, Some(dollars(95_000))).unwrap();
    venue.on_tick(tick(1, 110_000)).unwrap();
    let before = balance(&venue, owner);
    let position = venue.cash_in(owner, id, Sats::new(40_000)).unwrap().position;
    assert_eq!((position.entry.ticks(), position.margin.get()), (104_166 * 2 + 1, 100_000));
    assert_eq!((position.cashed_in_pnl.get(), position.cashed_in_margin.get()), (40_000, 0));
    assert_eq!(position.stop_loss, Some(dollars(95_000)));
    let position = venue.cash_in(owner, id, Sats::new(110_000)).unwrap().position;
    assert_eq!(position.entry, dollars(110_000));
    // What is left of the profit is counted from the moved entry: floor(10^11 / 104,166.5 - 10^11 / 110,000) = 50,910.
    assert_eq!((position.cashed_in_pnl.get(), position.cashed_in_margin.get()), (90_910, 59_090));
    assert_eq!(position.stop_loss, None);
    assert_eq!(balance(&venue, owner), before + 150_000);
    venue.check_conservation().unwrap();
}

#[test]
fn funding_leaves_the_payers_margin_at_once_and_reaches_the_receivers_wallet() {
    let (mut venue, owner) = venue(100_000);
    venue.set_funding_rate(Rate::from_hundred_millionths(10_000));
    let (long, short) = (open_long(&mut venue), venue.open(owner, order(Side::Short, 1_000, 10)).unwrap().position.id);
    let before = balance(&venue, owner);
    let eight = |seconds: i64| tick(8 * 3_600 - 60 + seconds, 100_000);
    venue.on_tick(eight(-1)).unwrap();
    assert_eq!(balance(&venue, owner), before);
    venue.on_tick(eight(0)).unwrap();
    assert_eq!(balance(&venue, owner), before + 100);
    let running = venue.running(owner);
    let find = |id: PositionId| running.iter().find(|trade| trade.position.id == id).unwrap().position;
    assert_eq!((find(long).margin.get(), find(long).funding.get()), (99_900, 100));
    assert_eq!(find(long).liquidation, Price::from_ticks(90_917 * 2 + 1).unwrap());
    assert_eq!(find(long).leverage, Leverage::measured(10_010_010));
    assert_eq!((find(short).margin.get(), find(short).funding.get()), (100_000, -100));
    venue.check_conservation().unwrap();

    assert!(venue.funding_fees(owner).is_empty() && venue.settlements().is_empty());
    venue.on_tick(eight(119)).unwrap();
    assert!(venue.funding_fees(owner).is_empty());
    venue.on_tick(eight(120)).unwrap();
    let fees: Vec<i64> = venue.funding_fees(owner).iter().map(|fee| fee.fee.get()).collect();
    assert_eq!(fees.iter().sum::<i64>(), 0);
    assert_eq!(fees.len(), 2);
    let settlement = venue.settlements()[0];
    assert_eq!(settlement.at, MIDNIGHT.plus(Millis::new(8 * Millis::HOUR.get())));
}

#[test]
fn every_settlement_of_a_gap_is_settled() {
    let (mut venue, owner) = venue(100_000);
    open_long(&mut venue);
    venue.on_tick(tick(24 * 3_600, 100_000)).unwrap();
    assert_eq!(venue.running(owner)[0].position.funding.get(), 300);
    assert_eq!(venue.funding_fees(owner).len(), 2, "the third is not published yet");
}

#[test]
fn a_margin_that_can_not_bear_the_funding_ends_the_trade() {
    let (mut venue, owner) = venue(100_000);
    venue.set_funding_rate(Rate::from_hundred_millionths(5_000_000));
    venue.open(owner, order(Side::Long, 1_000, 100)).unwrap();
    venue.on_tick(tick(8 * 3_600, 100_000)).unwrap();
    let closed = venue.closed(owner, Timestamp::EPOCH).remove(0);
    assert_eq!(closed.close_reason, Some(CloseReason::Funding));
    venue.check_conservation().unwrap();
}

#[test]
fn fees_follow_the_tier() {
    let (mut venue, _) = venue(100_000);
    let rich = account(3);
    venue.open_account(rich, Sats::new(1_000_000), 3).unwrap();
    let position = venue.open(rich, order(Side::Long, 1_000, 10)).unwrap().position;
    assert_eq!((position.opening_fee.get(), position.fee_reserve.get()), (600, 1_500));
    let closed = venue.close(rich, position.id).unwrap();
    assert_eq!(closed.position.closing_fee.get(), 600);
    assert_eq!(balance(&venue, rich), 1_000_000 - 1_200);
}

#[test]
fn a_late_tick_changes_nothing_and_no_price_means_no_trade() {
    let (mut venue, owner) = venue(100_000);
    open_long(&mut venue);
    venue.on_tick(tick(-1, 1)).unwrap();
    assert_eq!(venue.running(owner).len(), 1);
    let mut silent = Venue::new(VenueRules::default(), Chance::seeded(1));
    silent.open_account(owner, Sats::new(1_000_000), 0).unwrap();
    assert_eq!(silent.open(owner, order(Side::Long, 1, 1)).unwrap_err().status, 503);
}

#[test]
fn the_same_seed_gives_the_same_ids() {
    let id = |seed| {
        let mut venue = Venue::new(VenueRules::default(), Chance::seeded(seed));
        venue.open_account(account(1), Sats::new(1_000_000), 0).unwrap();
        venue.on_tick(tick(0, 100_000)).unwrap();
        open_long(&mut venue)
    };
    assert_eq!(id(5), id(5));
    assert_ne!(id(5), id(6));
}
