//! One decision as a reader sees it: what was done or not, why, when, at what price.

use crate::components::badge::OutcomeBadge;
use crate::erased::Erased;
use crate::format;
use crate::language::{ClockOffset, t_string, use_i18n};
use crate::reason::{reason_sentence, why};
use domain::{LedgerEntry, Reason};
use leptos::prelude::*;

/// A decision in a list. `is_full` shows price, distance and both clocks too.
#[component]
pub fn ActivityRow(entry: LedgerEntry, #[prop(optional)] is_full: bool) -> impl IntoView {
    let i18n = use_i18n();
    let ClockOffset(offset) = expect_context();
    let is_save = matches!(entry.reason, Reason::MarginAdded { .. });
    let (seq, at, market_at, outcome) = (entry.seq, entry.at, entry.market_at, entry.outcome);
    let (price, distance) = (entry.price, entry.distance);
    let why = why(&entry.reason);
    let asks = entry.position.map(|position| format!("/positions/{position}/why?at={}", at.unix_ms()));
    let details = move || {
        let locale = i18n.get_locale();
        view! {
            <dl class="row-facts">
                {price.map(|price| view! { <div><dt>{move || t_string!(i18n, activity.price)}</dt><dd>{format::price(locale, price)}</dd></div> }.erased())}
                {distance.map(|distance| view! {
                    <div><dt>{move || t_string!(i18n, activity.distance)}</dt><dd>{format::percent(locale, distance)}</dd></div>
                }.erased())}
                <div><dt>{move || t_string!(i18n, activity.clock)}</dt><dd>{move || format::clock(at, offset.get())}</dd></div>
                {asks.clone().map(|href| view! {
                    <div><dd><a href=href data-testid="ask-why">{move || t_string!(i18n, why.ask)}</a></dd></div>
                }.erased())}
            </dl>
        }
    };
    view! {
        <li class="activity-row" class:saved=is_save data-testid="activity-row" data-outcome=outcome.as_str()
            data-why=why data-seq=seq.to_string()>
            <time class="row-time" datetime=format::date_time(market_at)>
                {if is_full { format::date_time(market_at) } else { format::clock(market_at, 0) }}
            </time>
            <OutcomeBadge outcome/>
            <div class="row-text">
                <p>{move || reason_sentence(i18n.get_locale(), &entry)}</p>
                {is_full.then_some(details)}
            </div>
        </li>
    }
    .erased()
}
