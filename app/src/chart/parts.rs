//! What every chart's card is put together from.

use crate::chart::Canvas;
use crate::components::fault::fault_text;
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

/// Bar lengths to choose from, in seconds, with what they are called; the shortest first.
pub type Length = (i64, &'static str);
pub const SHORT: [Length; 4] = [(60, "1m"), (300, "5m"), (900, "15m"), (3_600, "1h")];
pub const ALL: [Length; 6] = [(60, "1m"), (300, "5m"), (900, "15m"), (3_600, "1h"), (14_400, "4h"), (86_400, "1d")];

/// The market with its newest price.
#[component]
pub fn LastPrice(canvas: Canvas) -> impl IntoView {
    let i18n = use_i18n();
    let last = move || {
        canvas.live.price.get().map_or_else(
            || t_string!(i18n, figure.no_price).to_owned(),
            |price| format::price(i18n.get_locale(), price.value.tick.last),
        )
    };
    view! {
        <div class="chart-price">
            <h2 class="label">"BTC/USD"</h2>
            <p class="figure price">{last}</p>
        </div>
    }
    .erased()
}

#[component]
pub fn Lengths(canvas: Canvas, lengths: &'static [Length]) -> impl IntoView {
    let i18n = use_i18n();
    let button = move |(seconds, name): &'static Length| {
        let is_chosen = move || canvas.seconds.get() == *seconds;
        view! {
            <button type="button" class="segment" data-testid=format!("bars-{name}")
                aria-pressed=move || is_chosen().to_string() on:click=move |_| canvas.seconds.set(*seconds)>{*name}</button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=move || t_string!(i18n, chart.bar_length)>
            {lengths.iter().map(button).collect_view()}
        </div>
    }
    .erased()
}

/// Where it is drawn; what lies over it says why there is nothing to see.
#[component]
pub fn ChartBox(canvas: Canvas, testid: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    let is_empty = move || canvas.bars.with(|bars| bars.as_ref().is_none_or(|bars| bars.all().is_empty()));
    let text = move || match canvas.fault.get() {
        Some(fault) => fault_text(i18n.get_locale(), fault),
        None => t_string!(i18n, chart.loading),
    };
    let cover =
        move || is_empty().then(|| view! { <p class="chart-cover" role="status">{move || text()}</p> }.erased());
    view! {
        <div class="chart-box">
            <div class="chart" aria-hidden="true" data-testid=testid node_ref=canvas.container></div>
            {cover}
        </div>
    }
    .erased()
}

/// What the colours of the lines mean.
#[component]
pub fn Keys() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <span class="key key-entry">{move || t_string!(i18n, chart.entry)}</span>
        <span class="key key-guard">{move || t_string!(i18n, chart.guard)}</span>
        <span class="key key-liquidation">{move || t_string!(i18n, chart.liquidation)}</span>
        <span class="key key-stop">"SL / TP"</span>
    }
    .erased()
}
