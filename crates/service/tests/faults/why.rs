//! Every crossing ends with a word, and every decision can be explained afterwards.

use crate::bench::{Bench, policy, price};
use domain::action::Change;
use domain::live::Alarm;
use domain::why::Why;
use domain::{ActionState, LedgerOutcome, Millis, Reason, Tick, Timestamp};
use service::{Clock, DeskError};

const PLENTY: i64 = 1_000_000;

impl Bench {
    /// As the feed does: the price is known, and whom it concerns is called.
    fn receive(&self, dollars: i64) {
        self.move_price(dollars);
        self.desk.call(&Tick::of(self.clock.now(), price(dollars)), self.clock.now(), |_| true);
    }

    async fn watch(&self) -> bool {
        match self.desk.alarm_overdue() {
            Some(recorded) => recorded.await.map(|()| true).unwrap(),
            None => false,
        }
    }

    async fn why(&self, at: Option<Timestamp>) -> Why {
        self.desk.why(self.user, self.account, self.position, at).await.unwrap()
    }
}

fn unanswered(reasons: &[Reason]) -> usize {
    reasons.iter().filter(|reason| matches!(reason, Reason::CrossingUnanswered { .. })).count()
}

#[tokio::test]
async fn i8_a_crossing_that_a_frozen_look_leaves_unanswered_is_alarmed_within_two_seconds() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.between.meet(2);
    bench.receive(95_000);
    tokio::select! {
        biased;
        _ = bench.guard.look_again() => panic!("the look waits for a reader who never comes"),
        () = tokio::task::yield_now() => {}
    }
    bench.pass(Millis::new(1_700));
    assert!(!bench.watch().await, "it may still be answered");
    bench.pass(Millis::new(200));
    assert!(bench.watch().await);
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert_eq!(alarmed, [Reason::CrossingUnanswered { price: price(95_000), waited: Millis::new(1_900) }]);
    let seen = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(seen.alarm, Some(Alarm::GuardLate));
    bench.pass(Millis::SECOND);
    assert!(!bench.watch().await, "said once");
    bench.between.meet(1);
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1, "the next look answers it");
    assert_eq!(bench.desk.find_snapshot(bench.user, bench.account).await.unwrap().alarm, None);
}

#[tokio::test]
async fn i8_a_crossing_that_is_acted_upon_refused_or_alarmed_is_not_alarmed_again() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.receive(95_000);
    bench.guard.look_again().await;
    bench.pass(Millis::from_secs(3));
    assert!(!bench.watch().await, "it was acted upon");
    bench.receive(89_000);
    bench.between.go_down(true);
    bench.guard.look_again().await;
    bench.pass(Millis::from_secs(3));
    assert!(!bench.watch().await, "the account was alarmed");
    assert_eq!(unanswered(&bench.reasons(LedgerOutcome::Alarmed).await), 0);
}

#[tokio::test]
async fn i8_a_look_at_a_price_from_before_the_crossing_does_not_answer_it() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (clock, market) = (bench.clock.clone(), bench.market.clone());
    bench.pass(Millis::SECOND);
    bench.receive(96_000);
    bench.between.before_reading(Box::new(move || {
        clock.pass(Millis::SECOND);
        market.push(Tick::of(clock.now(), price(96_000)));
    }));
    let at = bench.clock.now().plus(Millis::SECOND);
    bench.desk.call(&Tick::of(at, price(95_000)), at, |_| true);
    bench.guard.look_again().await;
    bench.pass(Millis::from_secs(2));
    assert!(bench.watch().await, "only the price before it was looked at");
}

#[tokio::test]
async fn i8_a_crossing_that_was_over_before_the_guard_looked_is_told() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(100_000).await;
    bench.receive(95_000);
    bench.pass(Millis::new(300));
    bench.receive(99_000);
    bench.guard.look_again().await;
    let told = Reason::CrossedAndBack { crossed: price(95_000), after: Millis::new(300) };
    assert!(bench.reasons(LedgerOutcome::Noted).await.contains(&told));
    bench.pass(Millis::from_secs(3));
    assert!(!bench.watch().await);
}

#[tokio::test]
async fn a_guard_that_is_switched_off_owes_no_answer() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.receive(95_000);
    bench.arm(policy(), domain::GuardState::Off, 1).await;
    bench.guard.look_again().await;
    bench.pass(Millis::from_secs(3));
    assert!(!bench.watch().await);
}

#[tokio::test]
async fn why_names_what_was_known_decided_done_and_proved() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    for _ in 0..5 {
        bench.look_at(97_000).await;
    }
    let calm = bench.clock.now();
    bench.pass(Millis::SECOND);
    bench.move_price(95_000);
    bench.pass(Millis::new(400));
    bench.guard.look_again().await;

    let then = bench.why(Some(calm)).await;
    let step = then.moment.unwrap();
    assert!(matches!(step.entry.reason, Reason::AboveTrigger { .. }), "{step:?}");
    let run = step.run.unwrap();
    assert_eq!((run.looks, run.last.at), (6, calm), "told once, decided six times");
    assert_eq!(run.last.rule.unwrap().left, None);
    assert!(run.closest < run.first.distance, "97,000 is closer than 100,000");
    assert_eq!((then.deed, then.is_gap), (None, false));

    let now = bench.why(None).await;
    let step = now.moment.unwrap();
    assert_eq!(step.entry.outcome, LedgerOutcome::Acted);
    let sight = step.run.unwrap().first;
    assert_eq!((sight.price, sight.price_age), (Some(price(95_000)), Some(Millis::new(400))));
    let rule = sight.rule.unwrap();
    let left = rule.left.unwrap();
    assert_eq!((rule.version, rule.trigger.get(), left.actions), (1, 500, 10));
    assert_eq!((left.per_position.get(), left.per_day.get(), left.wallet), (400_000, 500_000, rule.free));
    let deed = now.deed.unwrap();
    assert_eq!(deed.state, ActionState::Proved);
    assert!(matches!(deed.change, Change::AddMargin { amount } if bench.adds() == [amount.get()]));
    assert!(matches!(deed.proof[..], [ref entry] if matches!(entry.reason, Reason::MarginAdded { .. })), "{deed:?}");
}

#[tokio::test]
async fn why_says_where_nothing_is_known() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(97_000).await;
    let last = bench.clock.now();
    assert!(!bench.why(Some(last.plus(Millis::from_secs(30)))).await.is_gap);
    assert!(bench.why(Some(last.plus(Millis::from_secs(31)))).await.is_gap);
    let before = bench.why(Some(Timestamp::EPOCH)).await;
    assert_eq!((before.moment, before.is_gap), (None, true));
}

#[tokio::test]
async fn f79_why_is_for_the_owner_and_for_positions_that_are_known() {
    let bench = Bench::new(policy(), PLENTY).await;
    let stranger = domain::UserId::from_uuid(uuid::Uuid::from_u128(8));
    let asked = bench.desk.why(stranger, bench.account, bench.position, None).await;
    assert!(matches!(asked, Err(DeskError::NotFound)));
    let nobody = domain::PositionId::from_uuid(uuid::Uuid::from_u128(9));
    let asked = bench.desk.why(bench.user, bench.account, nobody, None).await;
    assert!(matches!(asked, Err(DeskError::NotFound)));
}
