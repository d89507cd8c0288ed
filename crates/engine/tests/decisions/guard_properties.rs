//! What holds for the guard on every path of the price.

use crate::positions::{policy, topped_up, with_margin};
use domain::{AtLimit, Bps, GuardPolicy, Leverage, Millis, Position, Price, Quantity, Reason, Sats, Side, Timestamp};
use engine::contract::margin_for;
use engine::guard::{GuardInput, Verdict, evaluate, preview};
use engine::risk::Spent;
use proptest::prelude::*;

fn position() -> impl Strategy<Value = Position> {
    let side = prop_oneof![Just(Side::Long), Just(Side::Short)];
    let quantity = prop_oneof![Just(1), 1..=1_000i64, 1..=500_000i64];
    let entry = prop_oneof![Just(1), Just(200_000_000), 1..=200_000_000i64, 20_000..=400_000i64];
    let leverage = Leverage::MIN.millionths()..=Leverage::MAX.millionths();
    (side, quantity, entry, leverage).prop_map(|(side, quantity, entry, leverage)| {
        let (quantity, entry) = (Quantity::new(quantity).unwrap(), Price::from_ticks(entry).unwrap());
        let margin = margin_for(quantity, entry, Leverage::for_order(leverage).unwrap());
        with_margin(side, quantity, entry, margin)
    })
}

fn any_policy() -> impl Strategy<Value = GuardPolicy> {
    let shares = (10..=5_000i64, 50..=4_000i64);
    let sats = (1..=100_000i64, 1..=10i64, 1..=10i64, 0..=100_000i64);
    let at_limit = prop_oneof![Just(AtLimit::AlertOnly), Just(AtLimit::Close), Just(AtLimit::Nothing)];
    (shares, sats, 0..=300_000i64, 1..=20u32, at_limit).prop_map(
        |((trigger, gap), (per_action, positions, days, reserve), cooldown, max_actions, at_limit)| {
            policy(|draft| {
                draft.trigger = Bps::new(trigger);
                draft.target = Bps::new((trigger + gap).min(9_000));
                draft.limits.per_action = Sats::new(per_action);
                draft.limits.per_position = Sats::new(per_action * positions);
                draft.limits.per_day = Sats::new(per_action * days);
                draft.limits.wallet_reserve = Sats::new(reserve);
                draft.limits.cooldown = Millis::new(cooldown);
                draft.limits.max_actions = max_actions;
                draft.at_limit = at_limit;
            })
        },
    )
}

fn walk() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(prop_oneof![-300..=300i64, -5_000..=5_000i64], 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn limits_are_never_exceeded_and_every_refusal_has_its_limit(
        start in position(), policy in any_policy(), walk in walk(), wallet in 0..=500_000i64,
    ) {
        let limits = policy.limits();
        let mut story = Story { position: start, free: Sats::new(wallet), spent: Spent::default(), mark: start.entry };
        for (minute, step) in walk.into_iter().enumerate() {
            let now = Timestamp::EPOCH.plus(Millis::from_secs(60 * i64::try_from(minute).unwrap()));
            let before = story.spent;
            match story.step(&policy, step, now) {
                Verdict::AddMargin(approved) => {
                    let add = approved.into_inner();
                    prop_assert!(add.amount.is_positive() && add.amount <= add.wanted);
                    prop_assert_eq!(add.capped_by.is_some(), add.amount < add.wanted);
                    prop_assert!(add.amount <= limits.per_action);
                    prop_assert!(limits.wallet_reserve <= story.free);
                    prop_assert!(story.spent.position <= limits.per_position && story.spent.day <= limits.per_day);
                    prop_assert!(story.spent.position_actions <= limits.max_actions);
                    prop_assert!(before.last_action_at.is_none_or(|last| limits.cooldown <= now.since(last)));
                    let whole = margin_for(start.quantity, start.entry, Leverage::MIN);
                    prop_assert!(story.position.margin <= whole);
                    prop_assert!(story.position.liquidation != start.liquidation);
                }
                Verdict::Refused(reason) => {
                    let limit_reached = matches!(reason, Reason::LimitReached { .. });
                    prop_assert!(limit_reached && policy.at_limit() != AtLimit::Close);
                }
                Verdict::Close(_) => prop_assert_eq!(policy.at_limit(), AtLimit::Close),
                Verdict::Hold(_) => {}
            }
        }
    }

    #[test]
    fn a_preview_keeps_the_limits_and_covers_the_present(
        position in position(), policy in any_policy(), mark in 1..=200_000_000i64, wallet in 0..=500_000i64,
    ) {
        let (limits, free) = (policy.limits(), Sats::new(wallet));
        let mark = Price::from_ticks(mark).unwrap();
        for mark in [mark, position.entry] {
            let preview = preview(&policy, &position, mark, free, &Spent::default());
            prop_assert!(preview.spends <= limits.per_position && preview.spends <= free.max(Sats::ZERO));
            prop_assert!(preview.top_ups <= limits.max_actions);
            prop_assert!(preview.covers_fall >= Bps::new(0));
            prop_assert!(preview.loss_if_liquidated_before <= preview.loss_if_liquidated_after);
            if let Some(after) = preview.after {
                prop_assert_eq!(after.terms.margin, topped_up(&position, after.amount).margin);
                prop_assert!(after.amount <= preview.needed_now);
            }
        }
    }
}

struct Story {
    position: Position,
    free: Sats,
    spent: Spent,
    mark: Price,
}

impl Story {
    /// Moves the mark by so many basis points, asks, and carries out a top-up.
    fn step(&mut self, policy: &GuardPolicy, bps: i64, now: Timestamp) -> Verdict {
        let ticks = self.mark.ticks();
        self.mark = Price::clamped(i128::from(ticks + ticks * bps / 10_000));
        let Story { ref position, free, spent, mark } = *self;
        let verdict = evaluate(&GuardInput { policy, position, mark, free, spent, now });
        if let Verdict::AddMargin(approved) = &verdict {
            let amount = approved.get().amount;
            self.free = free.checked_sub(amount).unwrap();
            self.spent = spent.plus(amount, now);
            self.position = topped_up(position, amount);
        }
        verdict
    }
}
