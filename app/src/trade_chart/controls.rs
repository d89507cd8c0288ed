//! Which bars are shown, and what is worked out from them.

use super::Canvas;
use super::studies::Study;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

/// Bar lengths to choose from, in seconds, with what they are called.
const LENGTHS: [(i64, &str); 6] =
    [(60, "1m"), (300, "5m"), (900, "15m"), (3_600, "1h"), (14_400, "4h"), (86_400, "1d")];

#[component]
pub fn Controls(canvas: Canvas) -> impl IntoView {
    let i18n = use_i18n();
    let length = move |(seconds, name): (i64, &'static str)| {
        let is_chosen = move || canvas.seconds.get() == seconds;
        view! {
            <button type="button" class="segment" data-testid=format!("bars-{name}") aria-pressed=move || is_chosen().to_string()
                on:click=move |_| canvas.seconds.set(seconds)>{name}</button>
        }
    };
    let study = move |study: Study| {
        let is_shown = move || canvas.shown.with(|shown| shown.contains(&study));
        let name = move || if study == Study::Volume { t_string!(i18n, trade.volume) } else { study.name() };
        let toggle = move |_| {
            canvas.shown.update(|shown| match shown.iter().position(|known| *known == study) {
                Some(at) => drop(shown.remove(at)),
                None => shown.push(study),
            });
        };
        view! {
            <button type="button" class="chip" data-testid=format!("study-{}", study.id())
                aria-pressed=move || is_shown().to_string() on:click=toggle>{name}</button>
        }
    };
    view! {
        <div class="chart-controls">
            <div class="segments" role="group" aria-label=move || t_string!(i18n, chart.bar_length)>
                {LENGTHS.map(length).collect_view()}
            </div>
            <div class="chips" role="group" aria-label=move || t_string!(i18n, trade.studies)>
                {Study::ALL.map(study).collect_view()}
            </div>
        </div>
    }
    .erased()
}
