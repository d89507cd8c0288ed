//! One day of a trader, whole, on both databases.

use super::stage::{Hands, key, long, order};
use crate::bench::{Bench, policy, price, sqlite};
use crate::between::Plan;
use crate::proxy::Proxy;
use domain::action::Change;
use domain::order::Turn;
use domain::{ActionState, GuardState, LedgerOutcome, OrderFate, Reason, Sats};

const PLENTY: i64 = 1_000_000;

#[tokio::test]
async fn f01_f10_a_day_by_hand_with_lost_answers_and_double_clicks_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(&sqlite(&folder)).await.unwrap();
    a_day(Bench::on(store, folder, policy(), PLENTY, GuardState::Live).await).await;
}

#[tokio::test]
async fn f01_f10_a_day_by_hand_with_lost_answers_and_double_clicks_on_postgres() {
    let Some(proxy) = Proxy::before_postgres().await else { return };
    let store = store::open(&proxy.url()).await.unwrap();
    a_day(Bench::on(store, tempfile::tempdir().unwrap(), policy(), PLENTY, GuardState::Live).await).await;
}

async fn a_day(mut bench: Bench) {
    let opening = order(1, None, Change::Open { order: long(3_000) });
    bench.plan(Plan::LoseReply);
    assert_eq!(bench.ask(opening).await, OrderFate::Unknown);
    // Whether a look has found it by now or not: it is not sent again.
    assert!(matches!(bench.ask(opening).await, OrderFate::Unknown | OrderFate::Done));
    for _ in 0..4 {
        bench.look_at(100_000).await;
    }
    assert_eq!(bench.ask(opening).await, OrderFate::Done);
    let opened =
        bench.venue.lock().running(bench.account).iter().map(|trade| trade.position).find(|it| it.id != bench.position);
    let opened = Some(opened.unwrap().id);
    let steps = [
        Change::AddMargin { amount: Sats::new(50_000) },
        Change::CashIn { amount: Sats::new(20_000) },
        Change::StopLoss { price: Some(price(94_000)) },
        Change::TakeProfit { price: Some(price(120_000)) },
        Change::Close,
    ];
    for (number, change) in (2..).zip(steps) {
        for _ in 0..2 {
            assert_eq!(bench.ask(order(number, opened, change)).await, OrderFate::Done, "{change:?}");
        }
    }
    assert_eq!(bench.between.calls(), 6, "each was sent once");
    assert_eq!(bench.adds(), [50_000]);
    let actions = bench.store.list_actions(bench.account, 20).await.unwrap();
    assert!(
        actions.iter().all(|action| action.state == ActionState::Proved && action.intent.asked_by == Some(bench.user))
    );
    assert!(actions.iter().any(|action| action.intent.id == key(6)));
    let told = bench.reasons(LedgerOutcome::Acted).await;
    assert!(told.iter().all(|reason| matches!(reason, Reason::ByHand { turn: Turn::Done(_), .. })), "{told:?}");
    assert_eq!(told.len(), 5, "and the opening was told when it was looked up");
}
