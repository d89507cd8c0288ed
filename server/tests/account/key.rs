//! F-09: a key that is revoked, loses a permission or gains one too many while the guard runs.

use crate::stage::{ENDANGERED, KEY, Stage};
use domain::live::{Alarm, GuardEffect};
use domain::{KeyFault, Millis, Reason};
use paper::http::{Fault, Permission, Trouble};
use service::Outbox;
use std::sync::Arc;

const ADD: &str = "POST /v3/futures/isolated/trade/add-margin";
const GUARD: [Permission; 3] = [Permission::AccountRead, Permission::IsolatedRead, Permission::IsolatedWrite];

fn unfit(reasons: &[Reason]) -> Vec<(KeyFault, &str)> {
    let of = |reason| match reason {
        &Reason::KeyUnfit { fault, ref detail } => Some((fault, detail.as_str())),
        _ => None,
    };
    reasons.iter().filter_map(of).collect()
}

/// The page says that the guard is armed and has no effect, and why.
async fn check_shown(stage: &Stage, fault: Option<KeyFault>) {
    let shown = stage.shown().await;
    assert_eq!(shown.alarm, fault.map(Alarm::KeyUnfit));
    let effect = fault.map_or(GuardEffect::Watching, GuardEffect::IneffectiveKey);
    assert_eq!(shown.guard.unwrap().effect, effect);
    assert_eq!(shown.positions.len(), 1, "what is known of the position is kept");
}

#[tokio::test]
async fn f09_a_revoked_key_stops_its_account_at_once_and_nobody_else() {
    let mut stage = Stage::guarded().await;
    let mut neighbour = Stage::guarded().await;
    stage.scopes.revoke(KEY);
    let before = stage.requests().len();
    for _ in 0..20 {
        stage.look_at(ENDANGERED).await;
        stage.pass(Millis::new(400));
    }
    let refused = stage.requests().split_off(before);
    assert!(refused.len() <= 2, "what went out side by side, and nothing more: {refused:?}");
    assert!(!refused.contains(&ADD.to_owned()));
    check_shown(&stage, Some(KeyFault::Refused)).await;
    let reasons = stage.reasons().await;
    assert_eq!(unfit(&reasons), [(KeyFault::Refused, "Api key does not exist")], "said once");
    let outbox = Outbox::new(stage.store.clone(), Arc::new(server::system_clock::SystemClock), bus::Bus::default());
    assert!(0 < outbox.deliver_due().await.unwrap(), "and told by notice");
    neighbour.look_at(ENDANGERED).await;
    assert_eq!(neighbour.adds(), 1);
}

#[tokio::test]
async fn f09_a_price_that_calls_while_the_key_is_refused_is_answered_by_that() {
    let mut stage = Stage::guarded().await;
    stage.scopes.revoke(KEY);
    for _ in 0..2 {
        stage.call_guard(ENDANGERED);
        stage.look_at(ENDANGERED).await;
        stage.pass(Millis::from_secs(3));
        assert!(stage.desk.alarm_overdue().is_none(), "the guard has said why it does nothing");
        check_shown(&stage, Some(KeyFault::Refused)).await;
    }
    stage.call_guard(ENDANGERED);
    stage.pass(Millis::from_secs(3));
    assert!(stage.desk.alarm_overdue().is_some(), "and is missed where it says nothing");
}

#[tokio::test]
async fn f09_a_revoked_key_is_tried_again_later_and_later_and_guards_once_it_is_back() {
    let mut stage = Stage::guarded().await;
    stage.scopes.revoke(KEY);
    stage.look_at(ENDANGERED).await;
    let before = stage.requests().len();
    for _ in 0..10 {
        stage.pass(Millis::from_secs(6));
        stage.look_at(ENDANGERED).await;
    }
    let tried = stage.requests().len() - before;
    assert!((1..=6).contains(&tried), "after ten seconds, twenty and forty, two requests side by side: {tried}");
    stage.scopes.grant(KEY, GUARD);
    stage.pass(Millis::from_secs(300));
    stage.look_at(ENDANGERED).await;
    assert_eq!(stage.adds(), 1);
    check_shown(&stage, None).await;
    assert!(stage.reasons().await.contains(&Reason::KeyFit));
}

#[tokio::test]
async fn f09_a_key_that_lost_the_right_to_add_margin_is_refused_once_and_not_again() {
    let mut stage = Stage::guarded().await;
    stage.scopes.grant(KEY, [Permission::AccountRead, Permission::IsolatedRead]);
    stage.look_until_answered(ENDANGERED).await;
    for _ in 0..20 {
        stage.look_at(ENDANGERED).await;
        stage.pass(Millis::SECOND);
    }
    let tried = stage.requests().iter().filter(|request| *request == ADD).count();
    assert_eq!(tried, 1);
    check_shown(&stage, Some(KeyFault::Lacks)).await;
    let reasons = stage.reasons().await;
    assert_eq!(unfit(&reasons).last(), Some(&(KeyFault::Lacks, "futures:isolated:write")), "{reasons:?}");
    stage.scopes.grant(KEY, GUARD);
    stage.pass(Millis::MINUTE);
    stage.look_until_answered(ENDANGERED).await;
    assert_eq!(stage.adds(), 1, "it guards again without a restart");
    check_shown(&stage, None).await;
}

#[tokio::test]
async fn f09_a_key_that_is_refused_on_writes_alone_is_tried_less_and_less_often() {
    let mut stage = Stage::guarded().await;
    stage.suffer(Trouble::RevokedKey, Some("POST /v3/futures"));
    stage.look_until_answered(ENDANGERED).await;
    check_shown(&stage, Some(KeyFault::Refused)).await;
    for _ in 0..60 {
        stage.pass(Millis::SECOND);
        stage.look_at(ENDANGERED).await;
        // What the key is said to be comes beside the guard's own looks.
        tokio::task::yield_now().await;
    }
    let tried = stage.requests().iter().filter(|request| *request == ADD).count();
    assert!(tried <= 3, "{tried} in a minute");
    stage.suffer(Trouble::RevokedKey, Some("POST /nothing"));
    stage.pass(Millis::from_secs(300));
    stage.look_until_answered(ENDANGERED).await;
    assert_eq!(stage.adds(), 1);
}

#[tokio::test]
async fn f09_a_key_that_may_not_read_the_account_any_more_is_named_so() {
    let mut stage = Stage::guarded().await;
    stage.scopes.grant(KEY, [Permission::IsolatedRead, Permission::IsolatedWrite]);
    stage.look_at(ENDANGERED).await;
    check_shown(&stage, Some(KeyFault::Lacks)).await;
    assert_eq!(unfit(&stage.reasons().await), [(KeyFault::Lacks, "account:read")]);
}

#[tokio::test]
async fn a_key_that_lacks_something_from_the_start_never_lets_the_guard_seem_active() {
    let mut stage = Stage::set().await;
    stage.scopes.grant(KEY, [Permission::AccountRead, Permission::IsolatedRead]);
    stage.open_position();
    stage.look_until_answered(100_000).await;
    check_shown(&stage, Some(KeyFault::Lacks)).await;
    stage.look_at(ENDANGERED).await;
    assert!(!stage.requests().contains(&ADD.to_owned()), "what is known to be refused is not sent");
    assert_eq!(unfit(&stage.reasons().await).len(), 2, "said of the account, and of the position in danger");
}

#[tokio::test]
async fn a_key_that_may_withdraw_is_not_acted_with_though_it_could_be() {
    let mut stage = Stage::guarded().await;
    stage.scopes.grant(KEY, Permission::ALL);
    stage.pass(Millis::from_secs(600));
    stage.look_until_answered(100_000).await;
    check_shown(&stage, Some(KeyFault::MayWithdraw)).await;
    stage.look_at(ENDANGERED).await;
    assert!(!stage.requests().contains(&ADD.to_owned()));
    let reasons = stage.reasons().await;
    assert!(unfit(&reasons).contains(&(KeyFault::MayWithdraw, "account:withdrawals:write")), "{reasons:?}");
}

#[tokio::test]
async fn a_place_that_the_exchange_does_not_serve_is_named_so() {
    let mut stage = Stage::guarded().await;
    let words = "This service is not available in your country";
    let body = format!(r#"{{"code":"FORBIDDEN","message":"{words}"}}"#);
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    stage.faults.plan("GET", "/v3/account", Fault::Status { code: 403, body, headers });
    stage.look_at(100_000).await;
    check_shown(&stage, Some(KeyFault::PlaceRefused)).await;
    assert_eq!(unfit(&stage.reasons().await), [(KeyFault::PlaceRefused, words)]);
}
