//! Alarms are heard on ways beside the ledger, whatever the ledger does; and who watches the guard is told the truth.

use crate::bench::{Bench, policy, price};
use crate::between::Plan;
use domain::live::Alarm;
use domain::{LedgerEntry, LedgerOutcome, Millis, Reason, Sats, Tick};
use service::{AlarmSink, Clock};
use std::sync::{Arc, Mutex};

const PLENTY: i64 = 1_000_000;

/// Keeps what was raised.
#[derive(Default)]
struct Heard(Mutex<Vec<LedgerEntry>>);

impl AlarmSink for Heard {
    fn raise(&self, alarm: &LedgerEntry) {
        self.0.lock().unwrap().push(alarm.clone());
    }
}

impl Heard {
    fn reasons(&self) -> Vec<Reason> {
        self.0.lock().unwrap().iter().map(|entry| entry.reason.clone()).collect()
    }
}

async fn listened(draft: domain::guard_policy::GuardPolicyDraft, free: i64) -> (Bench, Arc<Heard>) {
    let mut bench = Bench::new(draft, free).await;
    let heard = Arc::new(Heard::default());
    bench.desk.sound_alarms_on(heard.clone());
    bench.guard = bench.second_guard().await;
    bench.look_at(100_000).await;
    (bench, heard)
}

#[tokio::test]
async fn i8_what_a_person_must_hear_is_raised_and_what_went_well_is_not() {
    let mut draft = policy();
    draft.limits.per_action = Sats::new(50_000);
    draft.limits.per_position = Sats::new(50_000);
    let (mut bench, heard) = listened(draft, PLENTY).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.reasons(LedgerOutcome::Acted).await.len(), 1);
    assert_eq!(heard.reasons(), [], "a save is no alarm");
    bench.look_at(90_000).await;
    assert!(matches!(heard.reasons()[..], [Reason::LimitReached { .. }]), "{:?}", heard.reasons());
    bench.between.go_down(true);
    bench.look_at(90_000).await;
    bench.look_at(90_000).await;
    assert!(matches!(heard.reasons()[1..], [Reason::ExchangeUnreadable { .. }]), "said once: {:?}", heard.reasons());
    assert!(heard.0.lock().unwrap().iter().all(|alarm| alarm.seq != 0), "the ledger holds each of them");
}

#[tokio::test]
async fn f13_an_alarm_that_the_database_cannot_hold_is_heard_all_the_same() {
    let (mut bench, heard) = listened(policy(), PLENTY).await;
    bench.lose_tables().await;
    bench.look_at(95_000).await;
    assert!(heard.reasons().contains(&Reason::DatabaseLost), "{:?}", heard.reasons());
    let seen = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(seen.alarm, Some(Alarm::DatabaseLost));
    assert!(!bench.desk.list_troubles().is_empty());
}

#[tokio::test]
async fn f01_an_unknown_top_up_is_raised_at_once() {
    let (mut bench, heard) = listened(policy(), PLENTY).await;
    bench.plan(Plan::LoseReply);
    bench.look_at(95_000).await;
    assert!(matches!(heard.reasons()[..], [Reason::OutcomeUnknown { .. }]), "{:?}", heard.reasons());
}

#[tokio::test]
async fn i8_an_unanswered_crossing_is_raised_before_it_is_written() {
    let (bench, heard) = listened(policy(), PLENTY).await;
    bench.move_price(95_000);
    bench.desk.call(&Tick::of(bench.clock.now(), price(95_000)), bench.clock.now(), |_| true);
    bench.pass(Millis::new(1_900));
    let recording = bench.desk.alarm_overdue();
    assert!(matches!(heard.reasons()[..], [Reason::CrossingUnanswered { .. }]), "{:?}", heard.reasons());
    recording.unwrap().await.unwrap();
    assert_eq!(heard.reasons().len(), 1, "raised once, written once");
}

#[tokio::test]
async fn a_sign_of_life_is_given_only_while_the_guard_is_at_work() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    assert!(bench.desk.is_vigilant());
    bench.pass(Millis::from_secs(6));
    assert!(!bench.desk.is_vigilant(), "the price is old");
    bench.look_at(100_000).await;
    assert!(bench.desk.is_vigilant());
    bench.pass(Millis::from_secs(10));
    bench.move_price(100_000);
    assert!(bench.desk.is_vigilant());
    bench.pass(Millis::SECOND);
    assert!(!bench.desk.is_vigilant(), "no look for more than ten seconds");
    bench.between.go_down(true);
    bench.look_at(100_000).await;
    assert!(!bench.desk.is_vigilant(), "a look that was cut short is none");
    assert_eq!(bench.desk.list_troubles(), [(bench.account, Alarm::ExchangeUnreadable)]);
    bench.between.go_down(false);
    bench.look_at(100_000).await;
    assert!(bench.desk.is_vigilant());
    assert_eq!(bench.desk.list_troubles(), []);
    let (second, mut watcher) = bench.second_process(env!("CARGO_PKG_VERSION")).await;
    watcher.look_again().await;
    assert!(!second.is_vigilant(), "this process only watches");
}
