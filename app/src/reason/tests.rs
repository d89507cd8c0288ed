//! Each reason has its sentence.

use super::*;
use domain::brake::{Gauge, Remains, StopScope, Stopped};
use domain::id::time_ordered;
use domain::{AccountId, ActionId, Bps, KeyFault, LedgerOutcome, Millis, Price, Timestamp};

fn entry(reason: Reason) -> LedgerEntry {
    LedgerEntry {
        seq: 1,
        account: AccountId::from_uuid(time_ordered(Timestamp::EPOCH, [0; 10])),
        position: None,
        at: Timestamp::EPOCH,
        market_at: Timestamp::EPOCH,
        price: None,
        distance: None,
        outcome: LedgerOutcome::Noted,
        reason,
    }
}

fn action() -> ActionId {
    ActionId::from_uuid(time_ordered(Timestamp::EPOCH, [0; 10]))
}

fn dollars(text: &str) -> Price {
    text.parse().unwrap()
}

fn top_up(capped_by: Option<Limit>) -> Reason {
    Reason::MarginAdded {
        action: action(),
        amount: Sats::new(52_000),
        wanted: Sats::new(80_000),
        capped_by,
        trigger: Bps::new(500),
        margin_before: Sats::new(100_000),
        margin_after: Sats::new(152_000),
        liquidation_before: dollars("57000"),
        liquidation_after: dollars("54000.5"),
        distance_after: Bps::new(1_000),
    }
}

#[test]
fn a_top_up_says_what_it_changed() {
    assert_eq!(
        reason_sentence(Locale::en, &entry(top_up(None))),
        "Added 52,000 sats of margin. Liquidation moved from $57,000.0 to $54,000.5, now 10.00% away."
    );
    let capped = reason_sentence(Locale::pt_BR, &entry(top_up(Some(Limit::PerAction))));
    assert!(capped.starts_with("Adicionados 52.000 de 80.000 sats desejados"), "{capped}");
}

#[test]
fn a_refusal_says_which_limit_and_what_follows() {
    let reason = Reason::LimitReached {
        limit: Limit::PerDay,
        used: 500_000,
        allowed: 500_000,
        wanted: Sats::new(40_000),
        at_limit: AtLimit::AlertOnly,
    };
    let said = reason_sentence(Locale::en, &entry(reason));
    assert!(said.contains("40,000") && said.contains("500,000 of 500,000"), "{said}");
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    let action = action();
    let price = dollars("60000");
    let some = Sats::new(1_000);
    let reasons = [
        Reason::AboveTrigger { distance: Bps::new(610), trigger: Bps::new(500) },
        Reason::CooldownActive { until: Timestamp::EPOCH },
        Reason::AwaitingProof { action },
        Reason::AtTarget { distance: Bps::new(990), target: Bps::new(1_000) },
        Reason::ClosedAtLimit { action, limit: Limit::PerPosition, exit: price, pnl: some },
        Reason::WouldAddMargin { amount: some, wanted: some, capped_by: None },
        Reason::WouldAddMargin { amount: some, wanted: some, capped_by: Some(Limit::OneX) },
        Reason::WouldClose { limit: Limit::MaxActions },
        Reason::LimitReached { limit: Limit::OneX, used: 0, allowed: 0, wanted: some, at_limit: AtLimit::Close },
        Reason::LimitReached {
            limit: Limit::WalletReserve,
            used: 5,
            allowed: 10,
            wanted: some,
            at_limit: AtLimit::Nothing,
        },
        Reason::OutcomeUnknown { action, amount: Some(some), detail: "no answer in time".to_owned() },
        Reason::OutcomeUnknown { action, amount: None, detail: "no answer in time".to_owned() },
        Reason::ExchangeRefused { action, amount: Some(some), status: 400, message: "no".to_owned() },
        Reason::ExchangeRefused { action, amount: None, status: 400, message: "no".to_owned() },
        Reason::BooksDisagree { action, expected_margin: some, margin: some },
        Reason::PositionLiquidated { exit: price, margin_lost: some },
        Reason::PriceStale { age: Millis::new(7_000) },
        Reason::PositionLost { margin: some, liquidation: price },
        Reason::PriceBack { gap: Millis::new(7_000) },
        Reason::ExchangeUnreadable { detail: "key".to_owned() },
        Reason::ExchangeReadable,
        Reason::RescueUnderfunded { needed: some, free: some },
        Reason::PositionAdopted { margin: some, liquidation: price },
        Reason::PositionClosedElsewhere { exit: price, pnl: some },
        Reason::MarginChangedElsewhere { margin_before: some, margin_after: some },
        Reason::GuardSaved { version: 3, state: GuardState::Shadow },
        Reason::LookedUp { action, happened: true, amount: Some(some) },
        Reason::LookedUp { action, happened: true, amount: None },
        Reason::LookedUp { action, happened: false, amount: Some(some) },
        Reason::CannotBeTold { action },
        Reason::AddedInEmergency { action, rides_on: action, amount: some },
        Reason::HeldByFreeze,
        Reason::HeldByUnknownJournal { until: Timestamp::EPOCH },
        Reason::MarginMissing { expected_margin: some, margin: some },
        Reason::DatabaseLost,
        Reason::DatabaseBack { merged: 2 },
        Reason::Thawed,
        Reason::AwaitingConfirmation { seen: price },
        Reason::RestingAfterRefusal { until: Timestamp::EPOCH },
        Reason::CrossingUnanswered { price, waited: Millis::new(1_900) },
        Reason::CrossedAndBack { crossed: price, after: Millis::new(300) },
        Reason::HeldByStop { scope: StopScope::Account },
        Reason::HeldByStop { scope: StopScope::Everything },
        Reason::HeldByBreaker,
        Reason::BreakerTripped { gauge: Gauge::AddsPerMinute, used: 121, allowed: 120 },
        Reason::BreakerTripped { gauge: Gauge::SatsPerHour, used: 121, allowed: 120 },
        Reason::LeaseLost,
        Reason::ReleasesDiffer { ours: "1.0.0".to_owned(), theirs: "1.1.0".to_owned() },
        Reason::StopPulled {
            scope: StopScope::Account,
            stopped: Stopped::Trading,
            open: 2,
            margin: some,
            remains: Remains { canceled: Some(3), orders: Some(0), unknown: 0 },
        },
        Reason::StopPulled {
            scope: StopScope::Everything,
            stopped: Stopped::Guards,
            open: 2,
            margin: some,
            remains: Remains { canceled: None, orders: None, unknown: 1 },
        },
        Reason::StopReleased { scope: StopScope::Account, stopped: Stopped::Trading },
        Reason::StopReleased { scope: StopScope::Everything, stopped: Stopped::Guards },
        Reason::BreakerRearmed,
        Reason::KeyUnfit { fault: KeyFault::Refused, detail: "unknown".to_owned() },
        Reason::KeyUnfit { fault: KeyFault::Lacks, detail: "unknown".to_owned() },
        Reason::KeyUnfit { fault: KeyFault::MayWithdraw, detail: "unknown".to_owned() },
        Reason::KeyUnfit { fault: KeyFault::PlaceRefused, detail: "unknown".to_owned() },
        Reason::KeyFit,
    ];
    let mut said = std::collections::HashSet::new();
    for reason in reasons {
        let entry = entry(reason);
        for locale in [Locale::en, Locale::pt_BR] {
            let sentence = reason_sentence(locale, &entry);
            assert!(sentence.ends_with('.') && !sentence.contains("{{"), "{sentence}");
            assert!(said.insert(sentence), "{:?} says the same as another", entry.reason);
        }
    }
}
