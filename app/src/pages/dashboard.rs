//! The account at a glance: the price, the danger, the guard, the money, what happened.

use crate::chart::Chart;
use crate::components::activity_row::ActivityRow;
use crate::components::page_title::PageTitle;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::pages::dashboard::cards::{ClosestCard, Figures, GuardCard};
use leptos::prelude::*;

mod cards;

/// How many decisions are shown.
const SHOWN: usize = 8;

#[component]
pub fn DashboardPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let is_unguarded = Memo::new(move |_| live.view.with(|view| view.as_ref().is_some_and(|it| it.guard.is_none())));
    view! {
        <PageTitle text=move || t_string!(i18n, nav.dashboard)/>
        <h1 class="sr-only">{move || t_string!(i18n, nav.dashboard)}</h1>
        {move || is_unguarded.get().then(|| view! { <Unguarded/> }.erased())}
        <div class="dashboard">
            <div class="area-closest"><ClosestCard/></div>
            <div class="area-guard"><GuardCard/></div>
            <div class="area-figures"><Figures/></div>
            <div class="area-chart"><Chart/></div>
            <div class="area-events"><Events/></div>
        </div>
    }
    .erased()
}

/// The way to a first guard.
#[component]
fn Unguarded() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="notice welcome-note">
            <p>{move || t_string!(i18n, welcome.unguarded)}</p>
            <a class="button primary" href="/welcome" data-testid="to-welcome">{move || t_string!(i18n, welcome.begin)}</a>
        </div>
    }
    .erased()
}

#[component]
fn Events() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let newest = Memo::new(move |_| live.decisions.with(|kept| kept.iter().take(SHOWN).cloned().collect::<Vec<_>>()));
    view! {
        <section class="card" aria-labelledby="events">
            <header class="card-head">
                <h2 class="label" id="events">{move || t_string!(i18n, activity.newest)}</h2>
                <a class="more" href="/activity">{move || t_string!(i18n, activity.all)}</a>
            </header>
            <ul class="activity">
                <For each=move || newest.get() key=|entry| entry.seq let:entry><ActivityRow entry/></For>
            </ul>
            {move || newest.with(Vec::is_empty).then(|| view! { <p class="empty">{move || t_string!(i18n, activity.empty)}</p> }.erased())}
        </section>
    }
    .erased()
}
