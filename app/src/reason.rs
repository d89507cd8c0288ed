//! Why Axisor acted, or did not, as a plain sentence.

mod brake;

use crate::components::badge::key_fault_text;
use crate::format;
use crate::i18n::{Locale, td_string};
use domain::ledger::Limit;
use domain::{AtLimit, GuardState, LedgerEntry, Reason, Sats};

/// The sentence of a ledger entry.
pub fn reason_sentence(locale: Locale, entry: &LedgerEntry) -> String {
    match &entry.reason {
        Reason::AboveTrigger { .. }
        | Reason::CooldownActive { .. }
        | Reason::AwaitingProof { .. }
        | Reason::AtTarget { .. }
        | Reason::AwaitingConfirmation { .. } => held(locale, &entry.reason),
        Reason::MarginAdded { .. }
        | Reason::ClosedAtLimit { .. }
        | Reason::WouldAddMargin { .. }
        | Reason::WouldClose { .. } => acted(locale, &entry.reason),
        Reason::LimitReached { limit, used, allowed, wanted, at_limit } => {
            let then = then(locale, *at_limit);
            format!("{} {then}", spent(locale, *limit, *used, *allowed, *wanted))
        }
        Reason::PositionAdopted { .. }
        | Reason::PositionClosedElsewhere { .. }
        | Reason::MarginChangedElsewhere { .. }
        | Reason::GuardSaved { .. }
        | Reason::LookedUp { .. }
        | Reason::AddedInEmergency { .. }
        | Reason::Thawed
        | Reason::DatabaseBack { .. }
        | Reason::StopPulled { .. }
        | Reason::StopReleased { .. }
        | Reason::BreakerRearmed
        | Reason::KeyFit => noted(locale, &entry.reason),
        _ => alarmed(locale, &entry.reason),
    }
}

/// The word that tests and styles know a reason by.
pub fn why(reason: &Reason) -> &'static str {
    match reason {
        Reason::AboveTrigger { .. } => "above_trigger",
        Reason::CooldownActive { .. } => "cooldown_active",
        Reason::AwaitingProof { .. } => "awaiting_proof",
        Reason::AtTarget { .. } => "at_target",
        Reason::AwaitingConfirmation { .. } => "awaiting_confirmation",
        Reason::MarginAdded { .. } => "margin_added",
        Reason::ClosedAtLimit { .. } => "closed_at_limit",
        Reason::WouldAddMargin { .. } => "would_add_margin",
        Reason::WouldClose { .. } => "would_close",
        Reason::LimitReached { .. } => "limit_reached",
        Reason::HeldByStop { .. } => "held_by_stop",
        Reason::HeldByBreaker => "held_by_breaker",
        Reason::BreakerTripped { .. } => "breaker_tripped",
        Reason::LeaseLost => "lease_lost",
        Reason::ReleasesDiffer { .. } => "releases_differ",
        Reason::OutcomeUnknown { .. } => "outcome_unknown",
        Reason::ExchangeRefused { .. } => "exchange_refused",
        Reason::BooksDisagree { .. } => "books_disagree",
        Reason::PositionLiquidated { .. } => "position_liquidated",
        Reason::PriceStale { .. } => "price_stale",
        Reason::PriceBack { .. } => "price_back",
        Reason::ExchangeUnreadable { .. } => "exchange_unreadable",
        Reason::ExchangeReadable => "exchange_readable",
        Reason::RescueUnderfunded { .. } => "rescue_underfunded",
        Reason::PositionAdopted { .. } => "position_adopted",
        Reason::PositionClosedElsewhere { .. } => "position_closed_elsewhere",
        Reason::MarginChangedElsewhere { .. } => "margin_changed_elsewhere",
        Reason::GuardSaved { .. } => "guard_saved",
        Reason::LookedUp { .. } => "looked_up",
        Reason::AddedInEmergency { .. } => "added_in_emergency",
        Reason::HeldByFreeze => "held_by_freeze",
        Reason::MarginMissing { .. } => "margin_missing",
        Reason::DatabaseLost => "database_lost",
        Reason::Thawed => "thawed",
        Reason::DatabaseBack { .. } => "database_back",
        Reason::StopPulled { .. } => "stop_pulled",
        Reason::StopReleased { .. } => "stop_released",
        Reason::BreakerRearmed => "breaker_rearmed",
        Reason::KeyUnfit { .. } => "key_unfit",
        Reason::KeyFit => "key_fit",
    }
}

/// What a limit is called inside a sentence.
pub fn limit_name(locale: Locale, limit: Limit) -> &'static str {
    match limit {
        Limit::PerAction => td_string!(locale, limit.per_action),
        Limit::PerPosition => td_string!(locale, limit.per_position),
        Limit::PerDay => td_string!(locale, limit.per_day),
        Limit::WalletReserve => td_string!(locale, limit.wallet_reserve),
        Limit::MaxActions => td_string!(locale, limit.max_actions),
        Limit::OneX => td_string!(locale, limit.one_x),
    }
}

/// What a guard's state is called.
pub fn state_name(locale: Locale, state: GuardState) -> &'static str {
    match state {
        GuardState::Off => td_string!(locale, state.off),
        GuardState::Shadow => td_string!(locale, state.shadow),
        GuardState::Live => td_string!(locale, state.live),
    }
}

fn held(locale: Locale, reason: &Reason) -> String {
    match *reason {
        Reason::AboveTrigger { distance, trigger } => {
            let (distance, trigger) = (format::percent(locale, distance), format::percent(locale, trigger));
            td_string!(locale, reason.above_trigger, distance = distance, trigger = trigger).to_string()
        }
        Reason::CooldownActive { until } => {
            td_string!(locale, reason.cooldown_active, until = format::clock(until, 0)).to_string()
        }
        Reason::AtTarget { distance, target } => {
            let (distance, target) = (format::percent(locale, distance), format::percent(locale, target));
            td_string!(locale, reason.at_target, distance = distance, target = target).to_string()
        }
        Reason::AwaitingConfirmation { seen } => {
            td_string!(locale, reason.awaiting_confirmation, seen = format::price(locale, seen)).to_string()
        }
        _ => td_string!(locale, reason.awaiting_proof).to_owned(),
    }
}

fn acted(locale: Locale, reason: &Reason) -> String {
    let money = |amount: Sats| format::sats(locale, amount);
    match *reason {
        Reason::MarginAdded {
            amount,
            wanted,
            capped_by,
            liquidation_before,
            liquidation_after,
            distance_after,
            ..
        } => {
            let added = match capped_by {
                None => td_string!(locale, reason.margin_added, amount = money(amount)).to_string(),
                Some(limit) => {
                    let (amount, wanted, limit) = (money(amount), money(wanted), limit_name(locale, limit));
                    td_string!(locale, reason.margin_added_capped, amount = amount, wanted = wanted, limit = limit)
                        .to_string()
                }
            };
            let moved = td_string!(
                locale,
                reason.liquidation_moved,
                before = format::price(locale, liquidation_before),
                after = format::price(locale, liquidation_after),
                distance = format::percent(locale, distance_after)
            );
            format!("{added} {moved}")
        }
        Reason::ClosedAtLimit { limit, exit, pnl, .. } => {
            let (limit, exit) = (limit_name(locale, limit), format::price(locale, exit));
            let pnl = format::signed_sats(locale, pnl);
            td_string!(locale, reason.closed_at_limit, limit = limit, exit = exit, pnl = pnl).to_string()
        }
        Reason::WouldAddMargin { amount, wanted, capped_by: Some(limit) } => {
            let (amount, wanted, limit) = (money(amount), money(wanted), limit_name(locale, limit));
            td_string!(locale, reason.would_add_capped, amount = amount, wanted = wanted, limit = limit).to_string()
        }
        Reason::WouldAddMargin { amount, .. } => {
            td_string!(locale, reason.would_add, amount = money(amount)).to_string()
        }
        Reason::WouldClose { limit } => {
            td_string!(locale, reason.would_close, limit = limit_name(locale, limit)).to_string()
        }
        _ => String::new(),
    }
}

fn spent(locale: Locale, limit: Limit, used: i64, allowed: i64, wanted: Sats) -> String {
    let wanted = format::sats(locale, wanted);
    let (used, allowed) = (format::whole(locale, used), format::whole(locale, allowed));
    match limit {
        Limit::WalletReserve => {
            td_string!(locale, reason.reserve_reached, wanted = wanted, used = used, allowed = allowed).to_string()
        }
        Limit::OneX => td_string!(locale, reason.floor_reached, wanted = wanted).to_string(),
        Limit::PerAction | Limit::PerPosition | Limit::PerDay | Limit::MaxActions => {
            let limit = limit_name(locale, limit);
            td_string!(locale, reason.limit_reached, wanted = wanted, limit = limit, used = used, allowed = allowed)
                .to_string()
        }
    }
}

fn then(locale: Locale, at_limit: AtLimit) -> &'static str {
    match at_limit {
        AtLimit::AlertOnly => td_string!(locale, reason.then_alert),
        AtLimit::Close => td_string!(locale, reason.then_close),
        AtLimit::Nothing => td_string!(locale, reason.then_nothing),
    }
}

fn alarmed(locale: Locale, reason: &Reason) -> String {
    let money = |amount: Sats| format::sats(locale, amount);
    match reason {
        Reason::OutcomeUnknown { amount: Some(amount), detail, .. } => {
            td_string!(locale, reason.top_up_unknown, amount = money(*amount), detail = detail.as_str()).to_string()
        }
        Reason::OutcomeUnknown { detail, .. } => {
            td_string!(locale, reason.close_unknown, detail = detail.as_str()).to_string()
        }
        Reason::ExchangeRefused { amount: Some(amount), status, message, .. } => {
            let (amount, message) = (money(*amount), message.as_str());
            td_string!(locale, reason.top_up_refused, amount = amount, status = *status, message = message).to_string()
        }
        Reason::ExchangeRefused { status, message, .. } => {
            td_string!(locale, reason.close_refused, status = *status, message = message.as_str()).to_string()
        }
        Reason::BooksDisagree { expected_margin, margin, .. } => {
            let (expected, margin) = (money(*expected_margin), money(*margin));
            td_string!(locale, reason.books_disagree, expected = expected, margin = margin).to_string()
        }
        Reason::MarginMissing { expected_margin, margin } => {
            let (expected, margin) = (money(*expected_margin), money(*margin));
            td_string!(locale, reason.margin_missing, expected = expected, margin = margin).to_string()
        }
        Reason::HeldByFreeze => td_string!(locale, reason.held_by_freeze).to_owned(),
        Reason::DatabaseLost => td_string!(locale, reason.database_lost).to_owned(),
        Reason::PositionLiquidated { exit, margin_lost } => {
            let (exit, lost) = (format::price(locale, *exit), money(*margin_lost));
            td_string!(locale, reason.position_liquidated, exit = exit, lost = lost).to_string()
        }
        Reason::PriceStale { age } => {
            td_string!(locale, reason.price_stale, age = format::age(locale, *age)).to_string()
        }
        Reason::PriceBack { gap } => td_string!(locale, reason.price_back, gap = format::age(locale, *gap)).to_string(),
        Reason::ExchangeUnreadable { detail } => {
            td_string!(locale, reason.exchange_unreadable, detail = detail.as_str()).to_string()
        }
        Reason::RescueUnderfunded { needed, free } => {
            td_string!(locale, reason.rescue_underfunded, needed = money(*needed), free = money(*free)).to_string()
        }
        Reason::HeldByStop { .. }
        | Reason::HeldByBreaker
        | Reason::BreakerTripped { .. }
        | Reason::LeaseLost
        | Reason::ReleasesDiffer { .. } => brake::held_back(locale, reason),
        Reason::KeyUnfit { fault, detail } => {
            let fault = key_fault_text(locale, *fault);
            td_string!(locale, reason.key_unfit, fault = fault, detail = detail.as_str()).to_string()
        }
        _ => td_string!(locale, reason.exchange_readable).to_owned(),
    }
}

fn noted(locale: Locale, reason: &Reason) -> String {
    let money = |amount: Sats| format::sats(locale, amount);
    match *reason {
        Reason::PositionAdopted { margin, liquidation } => {
            let (margin, liquidation) = (money(margin), format::price(locale, liquidation));
            td_string!(locale, reason.position_adopted, margin = margin, liquidation = liquidation).to_string()
        }
        Reason::PositionClosedElsewhere { exit, pnl } => {
            let (exit, pnl) = (format::price(locale, exit), format::signed_sats(locale, pnl));
            td_string!(locale, reason.position_closed_elsewhere, exit = exit, pnl = pnl).to_string()
        }
        Reason::MarginChangedElsewhere { margin_before, margin_after } => {
            let (before, after) = (money(margin_before), money(margin_after));
            td_string!(locale, reason.margin_changed_elsewhere, before = before, after = after).to_string()
        }
        Reason::GuardSaved { version, state } => {
            td_string!(locale, reason.guard_saved, version = version, state = state_name(locale, state)).to_string()
        }
        Reason::LookedUp { happened: true, amount: Some(amount), .. } => {
            td_string!(locale, reason.looked_up_top_up, amount = money(amount)).to_string()
        }
        Reason::LookedUp { happened: true, .. } => td_string!(locale, reason.looked_up_close).to_owned(),
        Reason::AddedInEmergency { amount, .. } => {
            td_string!(locale, reason.added_in_emergency, amount = money(amount)).to_string()
        }
        Reason::Thawed => td_string!(locale, reason.thawed).to_owned(),
        Reason::DatabaseBack { merged } => td_string!(locale, reason.database_back, merged = merged).to_string(),
        Reason::StopPulled { .. } | Reason::StopReleased { .. } | Reason::BreakerRearmed => {
            brake::switched(locale, reason)
        }
        Reason::KeyFit => td_string!(locale, reason.key_fit).to_owned(),
        _ => td_string!(locale, reason.looked_up_nothing).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::brake::{Gauge, StopScope, Stopped};
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
            Reason::AddedInEmergency { action, rides_on: action, amount: some },
            Reason::HeldByFreeze,
            Reason::MarginMissing { expected_margin: some, margin: some },
            Reason::DatabaseLost,
            Reason::DatabaseBack { merged: 2 },
            Reason::Thawed,
            Reason::AwaitingConfirmation { seen: price },
            Reason::HeldByStop { scope: StopScope::Account },
            Reason::HeldByStop { scope: StopScope::Everything },
            Reason::HeldByBreaker,
            Reason::BreakerTripped { gauge: Gauge::AddsPerMinute, used: 121, allowed: 120 },
            Reason::BreakerTripped { gauge: Gauge::SatsPerHour, used: 121, allowed: 120 },
            Reason::LeaseLost,
            Reason::ReleasesDiffer { ours: "1.0.0".to_owned(), theirs: "1.1.0".to_owned() },
            Reason::StopPulled { scope: StopScope::Account, stopped: Stopped::Trading, open: 2, margin: some },
            Reason::StopPulled { scope: StopScope::Everything, stopped: Stopped::Guards, open: 2, margin: some },
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
}
