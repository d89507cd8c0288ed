//! Why Axisor acted, or did not, as a plain sentence.

pub mod brake;
pub mod by_hand;
mod crossing;

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
        Reason::RestingAfterRefusal { .. } | Reason::CrossingUnanswered { .. } | Reason::CrossedAndBack { .. } => {
            crossing::crossing(locale, &entry.reason)
        }
        Reason::MarginAdded { .. }
        | Reason::ClosedAtLimit { .. }
        | Reason::WouldAddMargin { .. }
        | Reason::WouldClose { .. } => acted(locale, &entry.reason),
        Reason::ByHand { .. } => td_string!(locale, reason.by_hand).to_owned(),
        Reason::LimitReached { limit, used, allowed, wanted, at_limit } => {
            let then = then(locale, *at_limit);
            format!("{} {then}", spent(locale, *limit, *used, *allowed, *wanted))
        }
        Reason::PositionAdopted { .. }
        | Reason::PositionClosedElsewhere { .. }
        | Reason::MarginChangedElsewhere { .. }
        | Reason::GuardSaved { .. }
        | Reason::LookedUp { .. }
        | Reason::CannotBeTold { .. }
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
        Reason::RestingAfterRefusal { .. } => "resting_after_refusal",
        Reason::CrossingUnanswered { .. } => "crossing_unanswered",
        Reason::CrossedAndBack { .. } => "crossed_and_back",
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
        Reason::CannotBeTold { .. } => "cannot_be_told",
        Reason::AddedInEmergency { .. } => "added_in_emergency",
        Reason::HeldByFreeze => "held_by_freeze",
        Reason::HeldByUnknownJournal { .. } => "held_by_unknown_journal",
        Reason::MarginMissing { .. } => "margin_missing",
        Reason::DatabaseLost => "database_lost",
        Reason::Thawed => "thawed",
        Reason::DatabaseBack { .. } => "database_back",
        Reason::StopPulled { .. } => "stop_pulled",
        Reason::StopReleased { .. } => "stop_released",
        Reason::BreakerRearmed => "breaker_rearmed",
        Reason::KeyUnfit { .. } => "key_unfit",
        Reason::KeyFit => "key_fit",
        Reason::PositionLost { .. } => "position_lost",
        Reason::ByHand { .. } => "by_hand",
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
        Reason::HeldByUnknownJournal { until } => {
            td_string!(locale, reason.held_by_unknown_journal, until = format::clock(*until, 0)).to_string()
        }
        Reason::DatabaseLost => td_string!(locale, reason.database_lost).to_owned(),
        Reason::PositionLiquidated { exit, margin_lost } => {
            let (exit, lost) = (format::price(locale, *exit), money(*margin_lost));
            td_string!(locale, reason.position_liquidated, exit = exit, lost = lost).to_string()
        }
        Reason::PositionLost { margin, liquidation } => {
            let (margin, liquidation) = (money(*margin), format::price(locale, *liquidation));
            td_string!(locale, reason.position_lost, margin = margin, liquidation = liquidation).to_string()
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
        Reason::CannotBeTold { .. } => td_string!(locale, reason.cannot_be_told).to_owned(),
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
mod tests;
