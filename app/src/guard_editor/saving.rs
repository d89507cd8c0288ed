//! Saving the guard: what would change, the sentence that is confirmed, and what came of it.

use crate::api::{SaveGuardFault, find_guard, save_guard};
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::guard_editor::Editor;
use crate::guard_editor::changes::changes;
use crate::guard_editor::form::{FieldFault, Form, fault_text};
use crate::guard_editor::sentence::rule_sentence;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::reason::state_name;
use domain::guard_policy::Guard;
use domain::{GuardPolicy, GuardState};
use leptos::html::Dialog;
use leptos::prelude::*;

type Saved = Result<Guard, SaveGuardFault>;

/// The rule in words, the difference to the saved version, and the button.
#[component]
pub fn SaveCard(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let dialog = NodeRef::<Dialog>::new();
    let saving: Action<(GuardPolicy, GuardState), Saved> =
        Action::new(move |(policy, state): &(GuardPolicy, GuardState)| {
            let (draft, state, based_on) =
                ((*policy).into(), *state, editor.saved.get_untracked().map_or(0, |guard| guard.version));
            async move {
                let saved = save_guard(live.account, draft, state, based_on).await;
                if let Ok(guard) = saved {
                    editor.saved.set(Some(guard));
                    editor.versions.update(|versions| versions.insert(0, guard));
                    editor.was_tried.set(false);
                }
                saved
            }
        });
    let send = move || {
        if let Ok(policy) = editor.form.with_untracked(Form::parse) {
            saving.dispatch((policy, editor.form.with_untracked(|form| form.state)));
        }
    };
    let ask = move |_| {
        editor.was_tried.set(true);
        match editor.form.with_untracked(Form::parse) {
            Err(faults) => focus_first(&faults),
            Ok(_) if editor.form.with_untracked(|form| form.state) == GuardState::Live => open(dialog),
            Ok(_) => send(),
        }
    };
    let confirm = move |_| {
        close(dialog);
        send();
    };
    view! {
        <section class="card save-card" aria-labelledby="rule">
            <header class="card-head"><h2 class="label" id="rule">{move || t_string!(i18n, guard.in_words)}</h2></header>
            <Sentence editor/>
            <Difference editor/>
            <div aria-live="polite">{move || outcome(editor, saving)}</div>
            <button type="button" class="button primary" data-testid="guard-save" disabled=move || saving.pending().get() on:click=ask>
                {move || save_label(i18n.get_locale(), editor)}
            </button>
        </section>
        <dialog node_ref=dialog class="dialog" aria-labelledby="confirm-title">
            <h2 id="confirm-title">{move || t_string!(i18n, guard.confirm_title)}</h2>
            <p class="muted">{move || t_string!(i18n, guard.confirm_text)}</p>
            <p class="rule-sentence" data-testid="guard-sentence">{move || sentence(i18n.get_locale(), editor)}</p>
            <div class="dialog-buttons">
                <button type="button" class="button" data-testid="guard-cancel" on:click=move |_| close(dialog)>{move || t_string!(i18n, guard.cancel)}</button>
                <button type="button" class="button primary" data-testid="guard-confirm" on:click=confirm>{move || t_string!(i18n, guard.confirm)}</button>
            </div>
        </dialog>
    }
    .erased()
}

fn sentence(locale: Locale, editor: Editor) -> Option<String> {
    editor.form.with(Form::parse_numbers).map(|policy| rule_sentence(locale, &policy))
}

#[component]
fn Sentence(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    move || match editor.form.with(Form::parse) {
        Ok(policy) => view! { <p class="rule-sentence">{rule_sentence(i18n.get_locale(), &policy)}</p> }.erased(),
        Err(faults) => {
            let is_choice_alone = faults.iter().all(|(_, fault)| *fault == FieldFault::Missing);
            let text = if is_choice_alone {
                td_string!(i18n.get_locale(), guard.choose)
            } else {
                td_string!(i18n.get_locale(), guard.mend)
            };
            view! { <p class="muted">{text}</p> }.erased()
        }
    }
}

/// What the save would change.
#[component]
fn Difference(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let (saved, policy) = (editor.saved.get()?, editor.form.with(Form::parse).ok()?);
        let locale = i18n.get_locale();
        let state = editor.form.with(|form| form.state);
        let changes = changes(locale, (&saved.policy, saved.state), (&policy, state));
        let title = if changes.is_empty() {
            td_string!(locale, guard.unchanged, version = saved.version).to_string()
        } else {
            td_string!(locale, guard.difference, before = saved.version, after = saved.version + 1).to_string()
        };
        let line = |change: crate::guard_editor::changes::Change| {
            view! {
                <div><dt>{change.name}</dt><dd class="figure"><del>{change.before}</del>" \u{2192} "<ins>{change.after}</ins></dd></div>
            }
        };
        Some(view! {
            <div class="difference" data-testid="guard-difference">
                <h3 class="label">{title}</h3>
                <dl class="facts">{changes.into_iter().map(line).collect_view()}</dl>
            </div>
        })
    }
}

fn save_label(locale: Locale, editor: Editor) -> String {
    let state = state_name(locale, editor.form.with(|form| form.state));
    td_string!(locale, guard.save, version = editor.based_on() + 1, state = state).to_string()
}

/// What came of the last save.
fn outcome(editor: Editor, saving: Action<(GuardPolicy, GuardState), Saved>) -> Option<AnyView> {
    let locale = use_i18n().get_locale();
    let faults = editor.was_tried.get().then(|| editor.form.with(|form| form.parse().err())).flatten();
    if let Some(faults) = faults {
        let text = td_string!(locale, guard.faults, count = faults.len()).to_string();
        return Some(
            view! { <p class="field-fault" data-testid="guard-faults"><Icon sign=Sign::Alert/>{text}</p> }.erased(),
        );
    }
    match saving.value().get()? {
        Ok(guard) => {
            let state = state_name(locale, guard.state);
            let text = td_string!(locale, guard.saved, version = guard.version, state = state).to_string();
            Some(view! { <p class="field-good" data-testid="guard-saved"><Icon sign=Sign::Check/>{text}</p> }.erased())
        }
        Err(fault) => Some(view! { <SaveFault fault editor/> }.erased()),
    }
}

#[component]
fn SaveFault(fault: SaveGuardFault, editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let read_again = Action::new(move |(): &()| async move {
        if let Ok(history) = find_guard(live.account).await {
            // What was typed stays: it is compared with, and saved on top of, what is newest.
            editor.saved.set(history.current);
            editor.versions.set(history.versions);
        }
    });
    let help = match fault {
        SaveGuardFault::Conflict => view! {
            <button type="button" class="button" data-testid="guard-read-again" on:click=move |_| { read_again.dispatch(()); }>
                {move || t_string!(i18n, guard.read_again)}
            </button>
        }.erased(),
        SaveGuardFault::SignedOut => view! {
            <a href="/sign-in" target="_blank" rel="noopener">{move || t_string!(i18n, banner.sign_in_again)}</a>
        }.erased(),
        _ => ().into_any(),
    };
    view! {
        <div class="notice notice-bad" role="alert" data-testid="guard-save-fault">
            <Icon sign=Sign::Alert/>
            <p>{move || save_fault_text(i18n.get_locale(), fault)}</p>
            {help}
        </div>
    }
    .erased()
}

fn save_fault_text(locale: Locale, fault: SaveGuardFault) -> String {
    match fault {
        SaveGuardFault::SignedOut => td_string!(locale, guard.signed_out).to_owned(),
        SaveGuardFault::Forbidden => td_string!(locale, fault.forbidden).to_owned(),
        SaveGuardFault::NotFound => td_string!(locale, fault.not_found).to_owned(),
        SaveGuardFault::Conflict => td_string!(locale, guard.conflict).to_owned(),
        SaveGuardFault::Invalid(error) => fault_text(locale, FieldFault::Policy(error)),
        SaveGuardFault::Full(full) => crate::pages::profile::plan::full_text(locale, full),
        SaveGuardFault::Unavailable => td_string!(locale, guard.unavailable).to_owned(),
        SaveGuardFault::Unreachable => td_string!(locale, guard.unreachable).to_owned(),
    }
}

#[cfg(feature = "hydrate")]
fn focus_first(faults: &[(crate::guard_editor::form::Field, FieldFault)]) {
    use wasm_bindgen::JsCast;
    let element = faults
        .first()
        .and_then(|(field, _)| document().query_selector(&format!("[data-testid='{}']", field.id())).ok()?);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // The fault is told beneath its field whether or not the browser takes us there.
        let _ = element.focus();
    }
}

#[cfg(not(feature = "hydrate"))]
fn focus_first(_faults: &[(crate::guard_editor::form::Field, FieldFault)]) {}

fn open(dialog: NodeRef<Dialog>) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = dialog.get_untracked() {
        // It fails only where it is open already.
        let _ = dialog.show_modal();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = dialog;
}

fn close(dialog: NodeRef<Dialog>) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = dialog;
}
