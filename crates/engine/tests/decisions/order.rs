//! What an order by hand comes to, and what is refused of it.

use super::positions::{tenfold, with_margin};
use domain::action::Change;
use domain::position::NewPosition;
use domain::{Leverage, NewOrder, Price, Quantity, Sats, Side, Tick, Timestamp};
use engine::order::{
    StopFault, most_quantity, most_to_add, most_to_cash_in, preview, stop_fault_of, stop_loss_fault, take_profit_fault,
    target_fault_of, terms_after,
};
use proptest::prelude::*;

fn dollars(dollars: i64) -> Price {
    Price::from_ticks(dollars * 2).unwrap()
}

fn tick(price: i64) -> Tick {
    let quote = |away: i64| Some(Price::from_ticks(price * 2 + away).unwrap());
    Tick { bid: quote(-1), ask: quote(1), ..Tick::of(Timestamp::EPOCH, dollars(price)) }
}

fn order(side: Side, quantity: i64, times: i64) -> NewOrder {
    NewOrder::from(NewPosition {
        side,
        quantity: Quantity::new(quantity).unwrap(),
        leverage: Leverage::for_order(times * Leverage::ONE_X).unwrap(),
        stop_loss: None,
        take_profit: None,
    })
}

/// The venue's documented example: 1,000 USD at 100,000 with 10x.
#[test]
fn an_order_takes_its_margin_and_what_is_set_aside_for_fees() {
    let mut long = order(Side::Long, 1_000, 10);
    long.limit = Some(dollars(100_000));
    let shown = preview(&long, &tick(100_500));
    assert_eq!(
        (shown.entry, shown.margin, shown.liquidation),
        (dollars(100_000), Sats::new(100_000), Price::from_ticks(181_818).unwrap())
    );
    assert_eq!((shown.reserve.opening, shown.reserve.closing), (Sats::new(1_000), Sats::new(1_100)));
    assert_eq!(shown.cost(), Sats::new(102_100));
    long.position.take_profit = Some(dollars(125_000));
    long.position.stop_loss = Some(dollars(95_000));
    let shown = preview(&long, &tick(100_500));
    // 200,000 of profit, and 1,000 and 800 of fees; a loss of 52,632 and 1,000 and 1,052.
    assert_eq!((shown.at_take_profit, shown.at_stop_loss), (Some(Sats::new(198_200)), Some(Sats::new(-54_684))));
}

#[test]
fn at_market_a_long_pays_the_ask_and_a_short_gets_the_bid() {
    let entry = |side| preview(&order(side, 100, 10), &tick(100_000)).entry.ticks();
    assert_eq!((entry(Side::Long), entry(Side::Short)), (200_001, 199_999));
}

#[test]
fn a_stop_on_the_wrong_side_or_beyond_the_liquidation_is_told() {
    let with = |side, stop_loss: i64, take_profit: i64| {
        let mut order = order(side, 1_000, 10);
        order.position.stop_loss = Some(dollars(stop_loss));
        order.position.take_profit = Some(dollars(take_profit));
        (stop_loss_fault(&order, &tick(100_000)), take_profit_fault(&order, &tick(100_000)))
    };
    assert_eq!(with(Side::Long, 95_000, 105_000), (None, None));
    assert_eq!(with(Side::Short, 105_000, 95_000), (None, None));
    let (stop, target) = with(Side::Long, 100_000, 100_000);
    assert!(matches!((stop, target), (Some(StopFault::WrongSide { .. }), Some(StopFault::WrongSide { .. }))));
    let (stop, target) = with(Side::Short, 99_000, 101_000);
    assert!(matches!((stop, target), (Some(StopFault::WrongSide { .. }), Some(StopFault::WrongSide { .. }))));
    assert!(matches!(with(Side::Long, 80_000, 105_000).0, Some(StopFault::BeyondLiquidation { .. })));
    assert!(matches!(with(Side::Short, 120_000, 95_000).0, Some(StopFault::BeyondLiquidation { .. })));
}

#[test]
fn stops_of_a_running_position_are_held_against_the_mark_and_its_liquidation() {
    let long = tenfold(Side::Long);
    let mark = dollars(100_000);
    assert_eq!(stop_fault_of(&long, mark, dollars(99_000)), None);
    assert_eq!(target_fault_of(&long, mark, dollars(101_000)), None);
    assert_eq!(stop_fault_of(&long, mark, mark), Some(StopFault::WrongSide { price: mark }));
    assert_eq!(target_fault_of(&long, mark, mark), Some(StopFault::WrongSide { price: mark }));
    let liquidation = long.liquidation;
    let beyond = Price::from_ticks(liquidation.ticks() - 1).unwrap();
    assert_eq!(stop_fault_of(&long, mark, liquidation), None, "at the liquidation it is taken");
    assert_eq!(stop_fault_of(&long, mark, beyond), Some(StopFault::BeyondLiquidation { liquidation }));
}

proptest! {
    #[test]
    fn one_sat_more_than_the_most_is_refused(price in 60_000_i64..150_000, margin in 15_000_i64..900_000) {
        let position = with_margin(Side::Long, Quantity::new(1_000).unwrap(), dollars(100_000), Sats::new(margin));
        let mark = dollars(price);
        let most = most_to_cash_in(&position, mark);
        let after = |amount: i64| terms_after(&position, Change::CashIn { amount: Sats::new(amount) }, mark);
        prop_assert!(most.get() == 0 || after(most.get()).is_ok());
        prop_assert!(after(most.get() + 1).is_err());
        let add = |amount: i64| terms_after(&position, Change::AddMargin { amount: Sats::new(amount) }, mark);
        let most = most_to_add(&position, Sats::MAX);
        prop_assert!(most.get() == 0 || add(most.get()).is_ok());
        prop_assert!(add(most.get() + 1).is_err());
    }

    #[test]
    fn a_budget_pays_for_the_largest_quantity_and_no_dollar_more(budget in 0_i64..50_000_000, times in 1_i64..=100) {
        let leverage = Leverage::for_order(times * Leverage::ONE_X).unwrap();
        let tick = tick(100_000);
        let most = most_quantity(Side::Long, leverage, None, &tick, Sats::new(budget));
        let cost = |dollars: i64| preview(&order(Side::Long, dollars, times), &tick).cost().get();
        match most.map(Quantity::get) {
            None => prop_assert!(budget < cost(1)),
            Some(most) => prop_assert!(cost(most) <= budget && (most == 500_000 || budget < cost(most + 1))),
        }
    }
}
