//! Short states with a sign and a word, never colour alone.

use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::use_i18n;
use domain::live::GuardEffect;
use domain::{KeyFault, LedgerOutcome, Mode, Side};
use leptos::prelude::*;

/// Whose money is at stake.
#[component]
pub fn ModeBadge(mode: Mode) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <span class="badge mode" data-mode=mode.as_str() data-testid="mode-badge" title=move || mode_of(i18n.get_locale(), mode).1>
            <Icon sign=Sign::Dot/>
            {move || mode_of(i18n.get_locale(), mode).0}
        </span>
    }
    .erased()
}

/// A mode's name and what it means.
pub fn mode_of(locale: Locale, mode: Mode) -> (&'static str, &'static str) {
    match mode {
        Mode::Paper => (td_string!(locale, mode.paper), td_string!(locale, mode.paper_hint)),
        Mode::Signet => (td_string!(locale, mode.signet), td_string!(locale, mode.signet_hint)),
        Mode::Live => (td_string!(locale, mode.live), td_string!(locale, mode.live_hint)),
    }
}

/// How a decision ended.
#[component]
pub fn OutcomeBadge(outcome: LedgerOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let sign = match outcome {
        LedgerOutcome::Acted => Sign::Saved,
        LedgerOutcome::Held => Sign::Eye,
        LedgerOutcome::Refused => Sign::Stop,
        LedgerOutcome::Alarmed => Sign::Alert,
        LedgerOutcome::Noted => Sign::Dot,
    };
    view! {
        <span class="badge" data-tone=outcome.as_str()>
            <Icon sign/>
            {move || outcome_name(i18n.get_locale(), outcome)}
        </span>
    }
    .erased()
}

pub fn outcome_name(locale: Locale, outcome: LedgerOutcome) -> &'static str {
    match outcome {
        LedgerOutcome::Acted => td_string!(locale, outcome.acted),
        LedgerOutcome::Held => td_string!(locale, outcome.held),
        LedgerOutcome::Refused => td_string!(locale, outcome.refused),
        LedgerOutcome::Alarmed => td_string!(locale, outcome.alarmed),
        LedgerOutcome::Noted => td_string!(locale, outcome.noted),
    }
}

/// Which way a position faces.
#[component]
pub fn SideBadge(side: Side) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <span class="badge side" data-side=side.as_str()>
            <span aria-hidden="true">{match side { Side::Long => "\u{2191}", Side::Short => "\u{2193}" }}</span>
            {move || side_name(i18n.get_locale(), side)}
        </span>
    }
    .erased()
}

pub fn side_name(locale: Locale, side: Side) -> &'static str {
    match side {
        Side::Long => td_string!(locale, side.long),
        Side::Short => td_string!(locale, side.short),
    }
}

/// Whether the guard can do its work: tone, sign, name and what it means.
pub fn effect_of(locale: Locale, effect: Option<GuardEffect>) -> (&'static str, Sign, &'static str, &'static str) {
    match effect {
        None => ("off", Sign::Stop, td_string!(locale, effect.none), td_string!(locale, effect.none_hint)),
        Some(GuardEffect::Off) => {
            ("off", Sign::Stop, td_string!(locale, effect.off), td_string!(locale, effect.off_hint))
        }
        Some(GuardEffect::Watching) => {
            ("good", Sign::Saved, td_string!(locale, effect.watching), td_string!(locale, effect.watching_hint))
        }
        Some(GuardEffect::Shadowing) => {
            ("info", Sign::Eye, td_string!(locale, effect.shadowing), td_string!(locale, effect.shadowing_hint))
        }
        Some(GuardEffect::Capped) => {
            ("warn", Sign::Alert, td_string!(locale, effect.capped), td_string!(locale, effect.capped_hint))
        }
        Some(GuardEffect::IneffectiveNoFunds) => {
            ("bad", Sign::Alert, td_string!(locale, effect.ineffective), td_string!(locale, effect.no_funds_hint))
        }
        Some(GuardEffect::IneffectiveNoPrice) => {
            ("bad", Sign::Alert, td_string!(locale, effect.ineffective), td_string!(locale, effect.no_price_hint))
        }
        Some(GuardEffect::IneffectiveNoAccount) => {
            ("bad", Sign::Alert, td_string!(locale, effect.ineffective), td_string!(locale, effect.no_account_hint))
        }
        Some(GuardEffect::IneffectiveKey(fault)) => {
            ("bad", Sign::Alert, td_string!(locale, effect.ineffective), key_fault_text(locale, fault))
        }
    }
}

/// What is wrong with the account's key, and what to do about it.
pub fn key_fault_text(locale: Locale, fault: KeyFault) -> &'static str {
    match fault {
        KeyFault::Refused => td_string!(locale, key.refused),
        KeyFault::Lacks => td_string!(locale, key.lacks),
        KeyFault::MayWithdraw => td_string!(locale, key.may_withdraw),
        KeyFault::PlaceRefused => td_string!(locale, key.place_refused),
    }
}
