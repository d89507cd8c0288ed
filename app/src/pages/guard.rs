//! The guard: its rule, what the rule would do, and every version it had.

use crate::api::{GuardHistory, find_guard};
use crate::components::badge::effect_of;
use crate::components::fault::Fault;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::erased::Erased;
use crate::format;
use crate::guard_editor::Editor;
use crate::guard_editor::fields::{AtLimitField, LimitField, ScopeField, ShareField, StateField};
use crate::guard_editor::form::Field;
use crate::guard_editor::preview::PreviewCard;
use crate::guard_editor::replay::ReplayCard;
use crate::guard_editor::saving::SaveCard;
use crate::i18n::td_string;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::reason::state_name;
use crate::wire::Reading;
use crate::zone;
use domain::guard_policy::Guard;
use leptos::prelude::*;

#[component]
pub fn GuardPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let history = Reading::new_with_options(|| (), move |()| find_guard(live.account), false);
    let content = move || {
        Suspend::new(async move {
            match history.await {
                Ok(history) => view! { <Edit history/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, nav.guard)/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, nav.guard)}</h1>
            <p class="muted">{move || t_string!(i18n, guard.about)}</p>
        </header>
        <Suspense fallback=|| view! { <div class="page-wait" aria-busy="true"></div> }.erased()>{content}</Suspense>
    }
    .erased()
}

#[component]
fn Edit(history: GuardHistory) -> impl IntoView {
    let editor = Editor::new(history.current, history.versions);
    view! {
        <div class="editor">
            <div class="editor-form">
                <RuleCard editor/>
                <LimitsCard editor/>
                <div class="card"><AtLimitField editor/></div>
                <StateCard editor/>
            </div>
            <div class="editor-side">
                <PreviewCard editor/>
                <ReplayCard editor/>
                <SaveCard editor/>
                <Versions editor/>
            </div>
        </div>
    }
    .erased()
}

#[component]
fn RuleCard(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card" aria-labelledby="rule-fields">
            <header class="card-head"><h2 class="label" id="rule-fields">{move || t_string!(i18n, guard.rule)}</h2></header>
            <ScopeField editor/>
            <ShareField editor field=Field::Trigger most=2_000
                name=Signal::derive(move || t_string!(i18n, field.trigger))
                hint=Signal::derive(move || t_string!(i18n, field.trigger_hint))/>
            <ShareField editor field=Field::Target most=4_000
                name=Signal::derive(move || t_string!(i18n, field.target))
                hint=Signal::derive(move || t_string!(i18n, field.target_hint))/>
        </section>
    }
    .erased()
}

#[component]
fn LimitsCard(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card" aria-labelledby="limits">
            <header class="card-head"><h2 class="label" id="limits">{move || t_string!(i18n, guard.limits)}</h2></header>
            <div class="field-grid">
                <LimitField editor field=Field::PerAction unit="sats"
                    name=Signal::derive(move || t_string!(i18n, field.per_action))
                    hint=Signal::derive(move || t_string!(i18n, field.per_action_hint))/>
                <LimitField editor field=Field::PerPosition unit="sats"
                    name=Signal::derive(move || t_string!(i18n, field.per_position))
                    hint=Signal::derive(move || t_string!(i18n, field.per_position_hint))/>
                <LimitField editor field=Field::PerDay unit="sats"
                    name=Signal::derive(move || t_string!(i18n, field.per_day))
                    hint=Signal::derive(move || t_string!(i18n, field.per_day_hint))/>
                <LimitField editor field=Field::Reserve unit="sats"
                    name=Signal::derive(move || t_string!(i18n, field.reserve))
                    hint=Signal::derive(move || t_string!(i18n, field.reserve_hint))/>
                <LimitField editor field=Field::Cooldown unit="s"
                    name=Signal::derive(move || t_string!(i18n, field.cooldown))
                    hint=Signal::derive(move || t_string!(i18n, field.cooldown_hint))/>
                <LimitField editor field=Field::MaxActions unit="\u{d7}"
                    name=Signal::derive(move || t_string!(i18n, field.max_actions))
                    hint=Signal::derive(move || t_string!(i18n, field.max_actions_hint))/>
            </div>
        </section>
    }
    .erased()
}

#[component]
fn StateCard(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card" aria-labelledby="state">
            <header class="card-head"><h2 class="label" id="state">{move || t_string!(i18n, field.state)}</h2></header>
            <Effect/>
            <StateField editor/>
        </section>
    }
    .erased()
}

/// What the saved guard does now, and why it does nothing where it is armed and can't act.
#[component]
fn Effect() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let effect = Memo::new(move |_| live.view.with(|view| Some(view.as_ref()?.guard?.effect)));
    let told = move || effect_of(i18n.get_locale(), effect.get());
    view! {
        <p class="guard-state" data-testid="guard-effect">
            {move || view! { <Icon sign=told().1/> }.erased()}
            <strong>{move || told().2}</strong>
        </p>
        <p class="muted">{move || told().3}</p>
    }
    .erased()
}

/// Every version, newest first.
#[component]
fn Versions(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |guard: &Guard| {
        let locale = i18n.get_locale();
        let policy = guard.policy;
        let rule = format!(
            "{} \u{2192} {}",
            format::percent(locale, policy.trigger()),
            format::percent(locale, policy.target())
        );
        view! {
            <li>
                <span class="version">{td_string!(locale, guard.version_number, version = guard.version).to_string()}</span>
                <span class="badge">{state_name(locale, guard.state)}</span>
                <span class="figure">{rule}</span>
                <time class="sub">{zone::date_time(guard.saved_at)}</time>
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="versions">
            <header class="card-head"><h2 class="label" id="versions">{move || t_string!(i18n, guard.versions)}</h2></header>
            <ol class="versions" data-testid="guard-versions">
                {move || editor.versions.with(|versions| versions.iter().map(line).collect_view())}
            </ol>
            {move || editor.versions.with(Vec::is_empty).then(|| view! { <p class="empty">{move || t_string!(i18n, guard.no_version)}</p> }.erased())}
        </section>
    }
    .erased()
}
