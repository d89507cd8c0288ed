//! What held the guard back, and who switched what, as plain sentences.

use crate::format;
use crate::i18n::{Locale, td_string};
use domain::Reason;
use domain::brake::{Gauge, Remains, StopScope, Stopped};

pub(super) fn held_back(locale: Locale, reason: &Reason) -> String {
    match reason {
        Reason::HeldByStop { scope } => {
            td_string!(locale, reason.held_by_stop, scope = scope_name(locale, *scope)).to_string()
        }
        Reason::HeldByBreaker => td_string!(locale, reason.held_by_breaker).to_owned(),
        Reason::BreakerTripped { gauge, used, allowed } => {
            let (used, allowed) = (format::whole(locale, *used), format::whole(locale, *allowed));
            match gauge {
                Gauge::AddsPerMinute => {
                    td_string!(locale, reason.breaker_adds, used = used, allowed = allowed).to_string()
                }
                Gauge::SatsPerHour => {
                    td_string!(locale, reason.breaker_sats, used = used, allowed = allowed).to_string()
                }
            }
        }
        Reason::ReleasesDiffer { ours, theirs } => {
            td_string!(locale, reason.releases_differ, ours = ours.as_str(), theirs = theirs.as_str()).to_string()
        }
        _ => td_string!(locale, reason.lease_lost).to_owned(),
    }
}

pub(super) fn switched(locale: Locale, reason: &Reason) -> String {
    match *reason {
        Reason::StopPulled { scope, stopped, open, margin, remains } => {
            let (scope, stopped) = (scope_name(locale, scope), stopped_name(locale, stopped));
            let margin = format::sats(locale, margin);
            let told =
                td_string!(locale, reason.stop_pulled, scope = scope, stopped = stopped, open = open, margin = margin);
            format!("{told} {}", remains_text(locale, &remains))
        }
        Reason::StopReleased { scope, stopped } => {
            let (scope, stopped) = (scope_name(locale, scope), stopped_name(locale, stopped));
            td_string!(locale, reason.stop_released, scope = scope, stopped = stopped).to_string()
        }
        _ => td_string!(locale, reason.breaker_rearmed).to_owned(),
    }
}

/// What was canceled, and what is still open.
pub fn remains_text(locale: Locale, remains: &Remains) -> String {
    let Remains { canceled, orders, unknown } = *remains;
    let canceled = canceled.map(|count| td_string!(locale, stop.canceled, count = count).to_string());
    let orders = match orders {
        Some(count) => td_string!(locale, stop.orders_left, count = count).to_string(),
        None => td_string!(locale, stop.orders_unread).to_owned(),
    };
    let unknown = (unknown != 0).then(|| td_string!(locale, stop.unknown_left, count = unknown).to_string());
    canceled.into_iter().chain([orders]).chain(unknown).collect::<Vec<_>>().join(" ")
}

pub fn scope_name(locale: Locale, scope: StopScope) -> &'static str {
    match scope {
        StopScope::Account => td_string!(locale, stop.account),
        StopScope::Everything => td_string!(locale, stop.everything),
    }
}

pub fn stopped_name(locale: Locale, stopped: Stopped) -> &'static str {
    match stopped {
        Stopped::Trading => td_string!(locale, stop.trading),
        Stopped::Guards => td_string!(locale, stop.guards),
    }
}
