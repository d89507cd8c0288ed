//! One decision with everything that is known of it, for the pages that are about decisions.

use crate::components::activity_row::ActivityRow;
use crate::erased::Erased;
use crate::format;
use crate::language::{ClockOffset, t_string, use_i18n};
use crate::reason::by_hand::whole_sentence;
use domain::LedgerEntry;
use leptos::prelude::*;

/// A decision with its whole sentence; `has_facts` adds price, distance, our own clock and the way to ask why.
#[component]
pub fn FullRow(entry: LedgerEntry, #[prop(optional)] has_facts: bool) -> impl IntoView {
    let i18n = use_i18n();
    let told = entry.clone();
    let said = Signal::derive(move || whole_sentence(i18n.get_locale(), &told));
    let facts = has_facts.then(|| view! { <Facts entry=entry.clone()/> }.erased());
    view! { <ActivityRow entry said is_dated=has_facts>{facts}</ActivityRow> }.erased()
}

#[component]
fn Facts(entry: LedgerEntry) -> impl IntoView {
    let i18n = use_i18n();
    let ClockOffset(offset) = expect_context();
    let LedgerEntry { at, price, distance, position, .. } = entry;
    let asks = position.map(|position| format!("/positions/{position}/why?at={}", at.unix_ms()));
    view! {
        <dl class="row-facts">
            {price.map(|price| view! {
                <div><dt>{move || t_string!(i18n, activity.price)}</dt><dd>{move || format::price(i18n.get_locale(), price)}</dd></div>
            }.erased())}
            {distance.map(|distance| view! {
                <div><dt>{move || t_string!(i18n, activity.distance)}</dt><dd>{move || format::percent(i18n.get_locale(), distance)}</dd></div>
            }.erased())}
            <div><dt>{move || t_string!(i18n, activity.clock)}</dt><dd>{move || format::clock(at, offset.get())}</dd></div>
            {asks.map(|href| view! {
                <div><dd><a href=href data-testid="ask-why">{move || t_string!(i18n, why.ask)}</a></dd></div>
            }.erased())}
        </dl>
    }
    .erased()
}
