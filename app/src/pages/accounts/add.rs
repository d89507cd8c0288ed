//! Takes another account in: with play money at once, or with a key that is checked first.

use super::board::{Board, Deed, News};
use super::key_fields::KeyFields;
use super::told::Told;
use crate::api::TypedKey;
use crate::components::badge::mode_of;
use crate::components::choice::Choice;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::Mode;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The least that a guard takes, in the exchange's words.
const SCOPES: [&str; 3] = ["account:read", "futures:isolated:read", "futures:isolated:write"];

#[component]
pub fn AddCard(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let (mode, name, typed) =
        (RwSignal::new(Mode::Paper), RwSignal::new(String::new()), RwSignal::new(TypedKey::default()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let key = (mode.get_untracked() != Mode::Paper).then(|| typed.get_untracked());
        board.run(Deed::Add { name: name.get_untracked(), mode: mode.get_untracked(), key });
    };
    Effect::new(move |_| {
        if matches!(board.news.get(), Some(News::Added { .. })) {
            name.set(String::new());
            typed.set(TypedKey::default());
        }
    });
    view! {
        <section class="card" aria-labelledby="add-account">
            <header class="card-head"><h2 id="add-account">{move || t_string!(i18n, accounts.add)}</h2></header>
            <form class="account-form" method="post" on:submit=submit>
                <Modes mode/>
                <div class="field">
                    <label for="account-name">{move || t_string!(i18n, accounts.name)}</label>
                    <input id="account-name" data-testid="account-name" type="text" autocomplete="off" maxlength="60"
                        required placeholder=move || name_of(i18n.get_locale(), mode.get()) bind:value=name/>
                </div>
                {move || match mode.get() {
                    Mode::Paper => view! { <p class="note">{move || t_string!(i18n, accounts.paper_note)}</p> }.erased(),
                    Mode::Signet | Mode::Live => view! { <KeyPart typed/> }.erased(),
                }}
                <Told board place=None/>
                <button type="submit" class="button primary" data-testid="account-add"
                    disabled=move || board.is_busy.get()>
                    {move || submit_text(i18n.get_locale(), mode.get(), board.is_busy.get())}
                </button>
            </form>
        </section>
    }
    .erased()
}

#[component]
fn Modes(mode: RwSignal<Mode>) -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |(this, testid): (Mode, &'static str)| {
        view! {
            <Choice group="account-mode" testid
                name=Signal::derive(move || mode_of(i18n.get_locale(), this).0)
                hint=Signal::derive(move || mode_of(i18n.get_locale(), this).1)
                is_chosen=Signal::derive(move || mode.get() == this)
                choose=Callback::new(move |()| mode.set(this))/>
        }
    };
    let all = [(Mode::Paper, "account-paper"), (Mode::Signet, "account-signet"), (Mode::Live, "account-live")];
    view! {
        <fieldset class="choices across">
            <legend>{move || t_string!(i18n, accounts.kind)}</legend>
            {all.map(choice).collect_view()}
        </fieldset>
    }
    .erased()
}

/// What the key must be able to do, and its fields.
#[component]
fn KeyPart(typed: RwSignal<TypedKey>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="key-help">
            <p>{move || t_string!(i18n, accounts.key_help)}</p>
            <ul class="scopes">
                {SCOPES.map(|scope| view! { <li class="badge"><code>{scope}</code></li> }).collect_view()}
            </ul>
            <p>{move || t_string!(i18n, accounts.key_never)}</p>
        </div>
        <KeyFields place="account".to_owned() typed/>
    }
    .erased()
}

fn name_of(locale: Locale, mode: Mode) -> &'static str {
    match mode {
        Mode::Paper => td_string!(locale, accounts.name_paper),
        Mode::Signet => td_string!(locale, accounts.name_signet),
        Mode::Live => td_string!(locale, accounts.name_live),
    }
}

fn submit_text(locale: Locale, mode: Mode, is_busy: bool) -> &'static str {
    match (is_busy, mode) {
        (true, Mode::Paper) => td_string!(locale, accounts.adding),
        (true, _) => td_string!(locale, accounts.asking),
        (false, Mode::Paper) => td_string!(locale, accounts.add_paper),
        (false, _) => td_string!(locale, accounts.check_and_add),
    }
}
