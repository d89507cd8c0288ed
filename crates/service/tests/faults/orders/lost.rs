//! Answers that are lost: what was asked for is looked up, shown as unknown meanwhile, and never sent again.

use super::stage::{Hands, key, long, order};
use crate::bench::{Bench, policy, price};
use crate::between::Plan;
use domain::action::Change;
use domain::order::Turn;
use domain::{ActionState, LedgerOutcome, OrderFate, Reason, Sats};

const PLENTY: i64 = 1_000_000;
/// Looks, a second apart, after which nothing can arrive any more.
const FENCE: usize = 45;

async fn state(bench: &Bench) -> Option<ActionState> {
    bench.store.find_action(bench.account, key(1)).await.unwrap().map(|action| action.state)
}

async fn looked_up(bench: &Bench) -> Vec<bool> {
    let found = |reason| match reason {
        Reason::ByHand { turn: Turn::LookedUp { happened }, .. } => Some(happened),
        _ => None,
    };
    bench.reasons(LedgerOutcome::Noted).await.into_iter().filter_map(found).collect()
}

fn changes() -> [Change; 4] {
    [
        Change::AddMargin { amount: Sats::new(20_000) },
        Change::CashIn { amount: Sats::new(5_000) },
        Change::StopLoss { price: Some(price(95_000)) },
        Change::TakeProfit { price: Some(price(110_000)) },
    ]
}

#[tokio::test]
async fn f01_what_the_exchange_did_and_did_not_tell_is_found_in_its_books() {
    for change in changes().into_iter().chain([Change::Close]) {
        let mut bench = Bench::new(policy(), PLENTY).await;
        bench.plan(Plan::LoseReply);
        let asked = order(1, Some(bench.position), change);
        assert_eq!(bench.ask(asked).await, OrderFate::Unknown, "{change:?}");
        let again = bench.ask(asked).await;
        assert!(matches!(again, OrderFate::Unknown | OrderFate::Done), "asking again sends nothing: {again:?}");
        for _ in 0..5 {
            bench.look_at(100_000).await;
        }
        assert_eq!(
            (state(&bench).await, looked_up(&bench).await),
            (Some(ActionState::Proved), vec![true]),
            "{change:?}"
        );
        assert_eq!(bench.between.calls(), 1);
        assert_eq!(bench.ask(asked).await, OrderFate::Done);
    }
}

#[tokio::test]
async fn f02_what_never_arrived_is_refuted_after_the_fence_and_not_sent_again() {
    for change in changes().into_iter().chain([Change::Close]) {
        let mut bench = Bench::new(policy(), PLENTY).await;
        bench.plan(Plan::LoseRequest);
        let asked = order(1, Some(bench.position), change);
        assert_eq!(bench.ask(asked).await, OrderFate::Unknown, "{change:?}");
        for _ in 0..30 {
            bench.look_at(100_000).await;
        }
        assert_eq!(state(&bench).await, Some(ActionState::Unknown), "it may still arrive");
        for _ in 0..FENCE {
            bench.look_at(100_000).await;
        }
        assert_eq!(
            (state(&bench).await, looked_up(&bench).await),
            (Some(ActionState::Refuted), vec![false]),
            "{change:?}"
        );
        assert_eq!((bench.between.calls(), bench.ask(asked).await), (1, OrderFate::DidNotHappen));
    }
}

#[tokio::test]
async fn f01_an_opening_whose_answer_is_lost_is_found_by_its_name() {
    for limit in [None, Some(price(80_000))] {
        let mut bench = Bench::new(policy(), PLENTY).await;
        bench.plan(Plan::LoseReply);
        let mut new = long(1_000);
        new.limit = limit;
        let asked = order(1, None, Change::Open { order: new });
        assert_eq!(bench.ask(asked).await, OrderFate::Unknown);
        for _ in 0..5 {
            bench.look_at(100_000).await;
        }
        assert_eq!((state(&bench).await, looked_up(&bench).await), (Some(ActionState::Proved), vec![true]));
        let venue = bench.venue.lock();
        let (running, resting) = (venue.running(bench.account).len(), venue.resting(bench.account).len());
        assert_eq!((bench.between.calls(), running + resting), (1, 2));
    }
}

#[tokio::test]
async fn f02_an_opening_that_never_arrived_is_refuted_after_the_fence() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    let asked = order(1, None, Change::Open { order: long(1_000) });
    assert_eq!(bench.ask(asked).await, OrderFate::Unknown);
    for _ in 0..30 {
        bench.look_at(100_000).await;
    }
    assert_eq!(state(&bench).await, Some(ActionState::Unknown), "it may still arrive");
    for _ in 0..FENCE {
        bench.look_at(100_000).await;
    }
    assert_eq!((state(&bench).await, bench.between.calls()), (Some(ActionState::Refuted), 1));
    assert_eq!(bench.venue.lock().running(bench.account).len(), 1);
}

#[tokio::test]
async fn f01_a_cancel_whose_answer_is_lost_is_looked_up() {
    for (plan, end) in [(Plan::LoseReply, ActionState::Proved), (Plan::LoseRequest, ActionState::Refuted)] {
        let mut bench = Bench::new(policy(), PLENTY).await;
        let mut new = long(1_000);
        new.limit = Some(price(80_000));
        assert_eq!(bench.ask(order(9, None, Change::Open { order: new })).await, OrderFate::Done);
        let waiting = bench.venue.lock().resting(bench.account)[0].position.id;
        bench.plan(plan);
        assert_eq!(bench.ask(order(1, Some(waiting), Change::Cancel)).await, OrderFate::Unknown);
        for _ in 0..FENCE {
            bench.look_at(100_000).await;
        }
        assert_eq!((state(&bench).await, bench.between.calls()), (Some(end), 2));
    }
}

#[tokio::test]
async fn f12_what_was_sent_when_the_program_was_killed_is_looked_up_by_the_next() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseReply);
    let asked = order(1, None, Change::Open { order: long(1_000) });
    assert_eq!(bench.ask(asked).await, OrderFate::Unknown);
    bench.restart().await;
    for _ in 0..FENCE {
        bench.look_at(100_000).await;
    }
    assert_eq!((state(&bench).await, bench.between.calls()), (Some(ActionState::Proved), 1));
}

/// A stop that nobody knows the fate of must not cost a position its rescue.
#[tokio::test]
async fn f02_a_liquidation_nearer_than_the_proof_of_a_stop_is_met_beside_it() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(96_000).await;
    bench.plan(Plan::LoseRequest);
    let asked = order(1, Some(bench.position), Change::TakeProfit { price: Some(price(110_000)) });
    assert_eq!(bench.ask(asked).await, OrderFate::Unknown);
    for dollars in [94_000, 92_000, 91_200, 91_000] {
        bench.look_at(dollars).await;
    }
    assert_eq!(bench.adds().len(), 1, "the rescue did not wait");
    for _ in 0..FENCE {
        bench.look_at(97_000).await;
    }
    let states: Vec<_> =
        bench.store.list_actions(bench.account, 9).await.unwrap().iter().map(|action| action.state).collect();
    assert_eq!(states, [ActionState::Proved, ActionState::Refuted]);
}
