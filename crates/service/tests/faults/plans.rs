//! What somebody may have says nothing about what is guarded.

use crate::bench::{Bench, policy};
use domain::{Mode, Plan, PlanGrantId, PlanTerm, Timestamp};
use store::PlanGrant;

#[tokio::test]
async fn f81_a_plan_that_became_too_small_keeps_no_guard_from_saving_a_position() {
    let mut bench = Bench::new(policy(), 1_000_000).await;
    for name in ["second", "third"] {
        bench.desk.add_account(bench.user, name, Mode::Paper, |_| None).await.unwrap();
    }
    let (request, why) = (PlanGrantId::from_uuid(uuid::Uuid::from_u128(1)), "it was not paid for".to_owned());
    let term = PlanTerm { plan: Plan::Free, until: None };
    let grant = PlanGrant { request, user: bench.user, term, granted_at: Timestamp::EPOCH, why };
    bench.store.grant_plan(&grant).await.unwrap();
    let refused = bench.desk.add_account(bench.user, "fourth", Mode::Paper, |_| None).await;
    assert!(refused.is_err(), "the plan is full");
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
}
