//! Who did what, from where: filtered, and taken along.

mod words;

use crate::api::{AuditEntry, AuditPart, find_audit};
use crate::components::fault::Fault;
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use leptos::prelude::*;
use words::{ACTIONS, action_name};

#[component]
pub fn AuditPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = RwSignal::new(String::new());
    let before = RwSignal::new(None::<i64>);
    let asked = move || {
        let action = action.get();
        ((!action.is_empty()).then_some(action), before.get())
    };
    let read = Reading::new_with_options(asked, |(action, before)| find_audit(action, before), false);
    let content = move || {
        Suspend::new(async move {
            match read.await {
                Ok(part) => view! { <Entries part before/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    let export = move |format: &str| {
        let action = action.get();
        if action.is_empty() {
            format!("/settings/audit/export?format={format}")
        } else {
            format!("/settings/audit/export?format={format}&action={action}")
        }
    };
    let option = move |word: &'static str| {
        view! { <option value=word>{move || action_name(i18n.get_locale(), word).to_owned()}</option> }
    };
    view! {
        <PageTitle text=move || t_string!(i18n, audit.title)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, audit.title)}</h1>
            <p class="muted">{move || t_string!(i18n, audit.about)}</p>
        </header>
        <div class="security">
            <div class="security-buttons">
                <label for="audit-action">{move || t_string!(i18n, audit.filter)}</label>
                <select id="audit-action" data-testid="audit-action" prop:value=action
                    on:change=move |event| { before.set(None); action.set(event_target_value(&event)); }>
                    <option value="">{move || t_string!(i18n, audit.everything)}</option>
                    {ACTIONS.map(option).collect_view()}
                </select>
                <a class="button" data-testid="audit-csv" href=move || export("csv") rel="external" download>"CSV"</a>
                <a class="button" data-testid="audit-json" href=move || export("json") rel="external" download>"JSON"</a>
                <a class="button" data-testid="audit-head" href="/settings/audit/head" rel="external" download>
                    {move || t_string!(i18n, audit.head)}
                </a>
            </div>
            <p class="muted">{move || t_string!(i18n, audit.head_hint)}</p>
            <Transition fallback=move || view! { <p class="empty" aria-busy="true">{move || t_string!(i18n, security.loading)}</p> }>
                {content}
            </Transition>
        </div>
    }
    .erased()
}

#[component]
fn Entries(part: AuditPart, before: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let AuditPart { entries, has_more, is_whole } = part;
    let last = entries.last().map(|entry| entry.seq);
    let whose = move || if is_whole { t_string!(i18n, audit.whole) } else { t_string!(i18n, audit.own) };
    let is_empty = entries.is_empty();
    view! {
        <section class="card">
            <p class="muted" data-testid="audit-whose">{whose}</p>
            {is_empty.then(|| view! { <p>{move || t_string!(i18n, audit.none)}</p> })}
            <ul class="session-list">
                {entries.into_iter().map(|entry| view! { <Row entry/> }).collect_view()}
            </ul>
            <div class="security-buttons">
                {move || before.get().is_some().then(|| view! {
                    <button type="button" class="button" data-testid="audit-newest" on:click=move |_| before.set(None)>
                        {move || t_string!(i18n, audit.newest)}
                    </button>
                })}
                {has_more.then(|| view! {
                    <button type="button" class="button" data-testid="audit-older" on:click=move |_| before.set(last)>
                        {move || t_string!(i18n, audit.older)}
                    </button>
                })}
            </div>
        </section>
    }
    .erased()
}

#[component]
fn Row(entry: AuditEntry) -> impl IntoView {
    let i18n = use_i18n();
    let AuditEntry { seq, at, actor, source, action, subject, before, after } = entry;
    let value = move |label: fn(crate::i18n::Locale) -> &'static str, text: Option<String>| {
        text.map(|text| view! { <p class="muted">{move || label(i18n.get_locale())}" "<code>{text}</code></p> })
    };
    view! {
        <li class="session-row" data-testid="audit-entry">
            <div>
                <p class="session-name">
                    {move || action_name(i18n.get_locale(), &action).to_owned()}" "<code>{subject}</code>
                </p>
                <p class="muted">
                    {format::date_time(at)}" UTC, "{source}
                    {actor.map(|actor| format!(", {actor}"))}
                </p>
                {value(words::before, before)}
                {value(words::after, after)}
            </div>
            <span class="muted">"#"{seq}</span>
        </li>
    }
    .erased()
}
