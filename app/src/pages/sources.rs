//! Where prices come from, and how each source does.

mod words;

use crate::api::sources;
use crate::components::fault::Fault;
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use domain::source::SourceHealth;
use leptos::prelude::*;
use std::time::Duration;

/// How often the page looks again.
const PACE: Duration = Duration::from_secs(5);

#[component]
pub fn SourcesPage() -> impl IntoView {
    let i18n = use_i18n();
    let read = Reading::new_with_options(|| (), |()| sources(), false);
    Effect::new(move |_| {
        if let Ok(beat) = set_interval_with_handle(move || read.refetch(), PACE) {
            on_cleanup(move || beat.clear());
        }
    });
    let content = move || {
        Suspend::new(async move {
            match read.await {
                Ok(sources) if sources.is_empty() => {
                    view! { <p class="empty">{move || t_string!(i18n, sources.empty)}</p> }.erased()
                }
                Ok(sources) => {
                    let cards = sources.into_iter().map(|source| view! { <SourceCard source/> }).collect_view();
                    view! { <div class="security">{cards}</div> }.erased()
                }
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, sources.title)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, sources.title)}</h1>
            <p class="muted">{move || t_string!(i18n, sources.about)}</p>
        </header>
        <div>
            <Transition fallback=move || view! { <Skeleton lines=5 label=move || t_string!(i18n, sources.loading)/> }.erased()>
                {content}
            </Transition>
        </div>
    }
    .erased()
}

/// One source: its price with its age, and whatever could be wrong with it.
#[component]
fn SourceCard(source: SourceHealth) -> impl IntoView {
    let i18n = use_i18n();
    let name = source.name.clone();
    let source = StoredValue::new(source);
    let told = move |tell: fn(crate::i18n::Locale, &SourceHealth) -> String| {
        let locale = i18n.get_locale();
        source.with_value(|source| tell(locale, source))
    };
    let has_stream = source.with_value(|source| source.stream.is_some());
    let has_opinion = source.with_value(|source| source.opinion.is_some());
    view! {
        <section class="card" data-testid="source">
            <header class="card-head">
                <h2 class="session-name">{name}</h2>
                <span class="badge">{move || told(words::role)}</span>
            </header>
            <dl class="facts">
                <div><dt>{move || t_string!(i18n, live.price)}</dt><dd class="figure">{move || told(words::price)}</dd></div>
                <div><dt>{move || t_string!(i18n, sources.requests)}</dt><dd>{move || told(words::breaker)}</dd></div>
                {has_stream.then(|| view! {
                    <div><dt>{move || t_string!(i18n, sources.stream)}</dt><dd>{move || told(words::stream)}</dd></div>
                    <div><dt>{move || t_string!(i18n, sources.clock)}</dt><dd class="figure">{move || told(words::clock)}</dd></div>
                }.erased())}
                {has_opinion.then(|| view! {
                    <div><dt>{move || t_string!(i18n, sources.opinion)}</dt><dd data-testid="opinion">{move || told(words::opinion)}</dd></div>
                }.erased())}
            </dl>
        </section>
    }
    .erased()
}
