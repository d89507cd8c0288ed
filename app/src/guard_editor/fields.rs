//! The editor's fields, each with its fault beneath.

use crate::chart::short;
use crate::components::badge::side_name;
use crate::components::choice::Choice;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::guard_editor::Editor;
use crate::guard_editor::changes::{at_limit_name, scope_name};
use crate::guard_editor::form::{Field, FieldFault, fault_text};
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::number::parse_percent;
use crate::reason::state_name;
use domain::{AtLimit, Bps, GuardScope, GuardState};
use leptos::prelude::*;

/// The steps of a share's slider.
const STEP: i64 = 25;

/// What is wrong with a field now.
fn fault_of(editor: Editor, field: Field) -> Memo<Option<FieldFault>> {
    Memo::new(move |_| {
        let faults = editor.form.with(|form| form.parse().err())?;
        faults.into_iter().find(|(faulty, _)| *faulty == field).map(|(_, fault)| fault)
    })
}

#[component]
fn FieldNote(editor: Editor, field: Field, #[prop(into)] hint: Signal<&'static str>) -> impl IntoView {
    let i18n = use_i18n();
    let fault = fault_of(editor, field);
    let note_id = format!("{}-note", field.id());
    let testid = format!("{}-fault", field.id());
    view! {
        <div id=note_id aria-live="polite">
            {move || match fault.get() {
                Some(fault) => view! {
                    <p class="field-fault" data-testid=testid.clone()>
                        <Icon sign=Sign::Alert/>{fault_text(i18n.get_locale(), fault)}
                    </p>
                }.erased(),
                None => view! { <p class="hint">{hint}</p> }.erased(),
            }}
        </div>
    }
    .erased()
}

/// A text field, so that whatever was typed stays to be seen and mended.
#[component]
fn TextInput(editor: Editor, field: Field, unit: &'static str) -> impl IntoView {
    let fault = fault_of(editor, field);
    view! {
        <span class="input-with-unit">
            <input id=field.id() data-testid=field.id() type="text" autocomplete="off"
                inputmode=if unit == "%" { "decimal" } else { "numeric" }
                value=editor.form.with_untracked(|form| form.text(field).to_owned())
                prop:value=move || editor.form.with(|form| form.text(field).to_owned())
                aria-invalid=move || fault.get().is_some().to_string()
                aria-describedby=format!("{}-note", field.id())
                on:input=move |event| editor.form.update(|form| form.set_text(field, event_target_value(&event)))/>
            <span class="unit">{unit}</span>
        </span>
    }
    .erased()
}

/// A limit: its name, its text field, what it means.
#[component]
pub fn LimitField(
    editor: Editor,
    field: Field,
    unit: &'static str,
    #[prop(into)] name: Signal<&'static str>,
    #[prop(into)] hint: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=field.id()>{name}</label>
            <TextInput editor field unit/>
            <FieldNote editor field hint/>
        </div>
    }
    .erased()
}

/// A share: a slider and a text field that follow each other.
#[component]
pub fn ShareField(
    editor: Editor,
    field: Field,
    most: i64,
    #[prop(into)] name: Signal<&'static str>,
    #[prop(into)] hint: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    // An unreadable text leaves the slider where it was.
    let shown = Memo::new(move |before: Option<&Bps>| {
        let typed = editor.form.with(|form| parse_percent(form.text(field)).ok());
        typed.or(before.copied()).unwrap_or_default()
    });
    let slide = move |event| {
        if let Ok(share) = event_target_value(&event).parse() {
            editor.form.update(|form| form.slide(field, Bps::new(share)));
        }
    };
    view! {
        <div class="field">
            <div class="field-head">
                <label for=field.id()>{name}</label>
                <TextInput editor field unit="%"/>
            </div>
            <input type="range" class="slider" min=STEP max=most step=STEP data-testid=format!("{}-slider", field.id())
                aria-label=name value=shown.get_untracked().get().to_string()
                prop:value=move || shown.get().get().to_string()
                aria-valuetext=move || format::percent(i18n.get_locale(), shown.get()) on:input=slide/>
            <FieldNote editor field hint/>
        </div>
    }
    .erased()
}

/// Whom the guard protects.
#[component]
pub fn ScopeField(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let chosen = Memo::new(move |_| scope_value(editor.form.with(|form| form.scope)));
    let options = Memo::new(move |_| {
        let locale = i18n.get_locale();
        let mut options: Vec<(String, String)> = [GuardScope::All, GuardScope::Longs, GuardScope::Shorts]
            .map(|scope| (scope_value(scope), scope_name(locale, scope)))
            .into();
        let saved = editor.form.with(|form| form.scope);
        live.snapshot.with(|snapshot| {
            for shown in snapshot.iter().flat_map(|snapshot| &snapshot.value.positions) {
                let position = shown.position;
                let name = td_string!(
                    locale,
                    scope.position,
                    id = short(position.id),
                    side = side_name(locale, position.side),
                    quantity = format::whole(locale, position.quantity.get())
                );
                options.push((scope_value(GuardScope::Position(position.id)), name.to_string()));
            }
        });
        // A position that has been closed meanwhile is still what the rule says.
        if !options.iter().any(|(value, _)| *value == scope_value(saved)) {
            options.push((scope_value(saved), scope_name(locale, saved)));
        }
        options
    });
    let pick = move |event| {
        let scope = parse_scope(&event_target_value(&event));
        editor.form.update(|form| form.scope = scope);
    };
    view! {
        <div class="field">
            <label for="guard-scope">{move || t_string!(i18n, field.scope)}</label>
            <select id="guard-scope" data-testid="guard-scope" prop:value=move || chosen.get() on:change=pick>
                {move || options.get().into_iter().map(|(value, name)| {
                    let is_chosen = chosen.get_untracked() == value;
                    view! { <option value=value selected=is_chosen>{name}</option> }
                }).collect_view()}
            </select>
            <p class="hint">{move || t_string!(i18n, field.scope_hint)}</p>
        </div>
    }
    .erased()
}

fn scope_value(scope: GuardScope) -> String {
    match scope {
        GuardScope::All => "all".to_owned(),
        GuardScope::Longs => "longs".to_owned(),
        GuardScope::Shorts => "shorts".to_owned(),
        GuardScope::Position(id) => id.to_string(),
    }
}

fn parse_scope(value: &str) -> GuardScope {
    match value {
        "longs" => GuardScope::Longs,
        "shorts" => GuardScope::Shorts,
        id => id.parse().map_or(GuardScope::All, GuardScope::Position),
    }
}

/// What follows when a limit stops the guard: a choice that must be made.
#[component]
pub fn AtLimitField(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |at_limit: AtLimit, testid: &'static str, hint: fn(Locale) -> &'static str| {
        view! {
            <Choice group="at-limit" testid
                name=Signal::derive(move || at_limit_name(i18n.get_locale(), at_limit))
                hint=Signal::derive(move || hint(i18n.get_locale()))
                is_chosen=Signal::derive(move || editor.form.with(|form| form.at_limit == Some(at_limit)))
                choose=Callback::new(move |()| editor.form.update(|form| form.at_limit = Some(at_limit)))/>
        }
    };
    let is_missing = move || editor.was_tried.get() && editor.form.with(|form| form.at_limit.is_none());
    view! {
        <fieldset class="choices">
            <legend>{move || t_string!(i18n, field.at_limit)}" "<span class="required">{move || t_string!(i18n, field.required)}</span></legend>
            {option(AtLimit::AlertOnly, "guard-at-limit-alert_only", |locale| td_string!(locale, at_limit.alert_only_hint))}
            {option(AtLimit::Close, "guard-at-limit-close", |locale| td_string!(locale, at_limit.close_hint))}
            {option(AtLimit::Nothing, "guard-at-limit-nothing", |locale| td_string!(locale, at_limit.nothing_hint))}
            <div aria-live="polite">
                {move || is_missing().then(|| view! {
                    <p class="field-fault" data-testid="guard-at-limit-fault">
                        <Icon sign=Sign::Alert/>{fault_text(i18n.get_locale(), FieldFault::Missing)}
                    </p>
                }.erased())}
            </div>
            <p class="hint">{move || t_string!(i18n, at_limit.no_reduce)}</p>
        </fieldset>
    }
    .erased()
}

/// Whether the guard acts.
#[component]
pub fn StateField(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |state: GuardState, testid: &'static str, hint: fn(Locale) -> &'static str| {
        view! {
            <Choice group="guard-state" testid
                name=Signal::derive(move || state_name(i18n.get_locale(), state))
                hint=Signal::derive(move || hint(i18n.get_locale()))
                is_chosen=Signal::derive(move || editor.form.with(|form| form.state == state))
                choose=Callback::new(move |()| editor.form.update(|form| form.state = state))/>
        }
    };
    view! {
        <fieldset class="choices across" aria-label=move || t_string!(i18n, field.state)>
            {option(GuardState::Shadow, "guard-state-shadow", |locale| td_string!(locale, state.shadow_hint))}
            {option(GuardState::Live, "guard-state-live", |locale| td_string!(locale, state.live_hint))}
            {option(GuardState::Off, "guard-state-off", |locale| td_string!(locale, state.off_hint))}
        </fieldset>
    }
    .erased()
}
