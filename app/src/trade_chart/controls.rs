//! Which bars are shown, and what is worked out from them.

use super::Extras;
use super::studies::Study;
use crate::chart::Canvas;
use crate::chart::parts::{ALL, Lengths};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn Controls(canvas: Canvas, extras: Extras) -> impl IntoView {
    let i18n = use_i18n();
    let study = move |study: Study| {
        let is_shown = move || extras.shown.with(|shown| shown.contains(&study));
        let name = move || if study == Study::Volume { t_string!(i18n, trade.volume) } else { study.name() };
        let toggle = move |_| {
            extras.shown.update(|shown| match shown.iter().position(|known| *known == study) {
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
            <Lengths canvas lengths=&ALL/>
            <div class="chips" role="group" aria-label=move || t_string!(i18n, trade.studies)>
                {Study::ALL.map(study).collect_view()}
            </div>
        </div>
    }
    .erased()
}
