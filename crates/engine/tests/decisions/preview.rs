//! What a preview promises, by numbers.

use crate::positions::{dollars, policy, tenfold, topped_up};
use domain::{Bps, Millis, Sats, Side, Timestamp};
use engine::contract::trigger_price;
use engine::guard::{GuardInput, Verdict, evaluate, preview};
use engine::risk::Spent;

#[test]
fn tells_what_a_rescue_takes_now_and_after_a_fall() {
    let position = tenfold(Side::Long);
    let preview = preview(&policy(|_| ()), &position, dollars("100000"), Sats::new(500_000), &Spent::default());
    let at = |index: usize| preview.needed_at[index];
    assert_eq!((at(0).0, at(1).0), (dollars("95000"), dollars("90000")));
    assert!(preview.needed_now < at(0).1 && at(0).1 < at(1).1);
    let after = preview.after.unwrap();
    assert_eq!((after.amount, preview.free_after.get()), (preview.needed_now, 500_000 - after.amount.get()));
    assert!(Bps::new(1_000) <= after.distance);
}

#[test]
fn the_stake_grows_with_every_sat_that_the_rule_may_spend() {
    let position = tenfold(Side::Long);
    let stake = |most: i64| {
        let policy = policy(|draft| {
            draft.limits.per_action = Sats::new(10_000);
            draft.limits.per_position = Sats::new(most);
        });
        let preview = preview(&policy, &position, dollars("100000"), Sats::new(500_000), &Spent::default());
        assert_eq!(preview.loss_if_liquidated_before, position.margin);
        assert_eq!(preview.spends.get(), most);
        (preview.loss_if_liquidated_after.get(), preview.covers_fall, preview.covers_to)
    };
    let (small, large) = (stake(20_000), stake(60_000));
    assert_eq!((small.0, large.0), (120_000, 160_000));
    assert!(small.1 < large.1 && large.2 < small.2);
}

/// Lets the price fall tick by tick where the preview jumps from trigger to trigger.
#[test]
fn covers_exactly_as_far_as_a_fall_tick_by_tick_does() {
    for side in [Side::Long, Side::Short] {
        let policy = policy(|draft| {
            draft.limits.per_action = Sats::new(40_000);
            draft.limits.cooldown = Millis::ZERO;
        });
        let start = tenfold(side);
        let (mut position, mut free, mut spent) = (start, Sats::new(130_000), Spent::default());
        let mark = dollars("100000");
        let promised = preview(&policy, &position, mark, free, &spent);
        let mut ticks = mark.ticks();
        let stopped = loop {
            let mark = domain::Price::from_ticks(ticks).unwrap();
            let now = Timestamp::EPOCH;
            match evaluate(&GuardInput { policy: &policy, position: &position, mark, free, spent, now }) {
                Verdict::AddMargin(approved) => {
                    let amount = approved.into_inner().amount;
                    free = free.checked_sub(amount).unwrap();
                    spent = spent.plus(amount, now);
                    position = topped_up(&position, amount);
                }
                Verdict::Hold(_) => ticks += if side == Side::Long { -1 } else { 1 },
                Verdict::Refused(_) | Verdict::Close(_) => break mark,
            }
        };
        assert_eq!(promised.covers_to, stopped, "{side:?}");
        assert_eq!((promised.spends, promised.top_ups), (spent.position, spent.position_actions));
        assert_eq!(promised.last_liquidation, position.liquidation);
        assert_eq!(free, Sats::ZERO);
    }
}

#[test]
fn a_rule_that_can_not_pay_covers_no_more_than_the_way_to_its_trigger() {
    let (policy, position) = (policy(|_| ()), tenfold(Side::Long));
    let preview = preview(&policy, &position, dollars("100000"), Sats::ZERO, &Spent::default());
    assert_eq!(preview.covers_to, trigger_price(Side::Long, position.liquidation, policy.trigger()));
    assert_eq!((preview.after, preview.top_ups, preview.spends), (None, 0, Sats::ZERO));
    assert_eq!(preview.loss_if_liquidated_after, preview.loss_if_liquidated_before);
}
