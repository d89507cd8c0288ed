//! One account: what it is, how its key does, and what can be done with it.

use super::board::{Board, Deed, Tested};
use super::key_fields::KeyFields;
use super::told::{Told, fault_text};
use crate::api::{EntrustedAccount, KeyScopes, KeyStanding, TypedKey};
use crate::components::badge::{ModeBadge, key_fault_text};
use crate::components::hold_to_confirm::HoldToConfirm;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::{AccountId, Mode};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// What is open beneath an account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Panel {
    Shut,
    Replace,
    Remove,
}

#[component]
pub fn Row(board: Board, entrusted: EntrustedAccount) -> impl IntoView {
    let i18n = use_i18n();
    let EntrustedAccount { account, key } = entrusted;
    let (id, mode) = (account.id, account.mode);
    let (panel, tested) = (RwSignal::new(Panel::Shut), RwSignal::new(None::<Tested>));
    let key = Memo::new(move |_| board.key_of(id).unwrap_or(key));
    let state = move || state_of(i18n.get_locale(), key.get());
    let toggle = move |this| panel.update(|panel| *panel = if *panel == this { Panel::Shut } else { this });
    let keyed = (mode != Mode::Paper).then(|| {
        view! {
            <button type="button" class="button" data-testid="key-test" disabled=move || board.is_busy.get()
                on:click=move |_| board.test(id, tested)>{move || t_string!(i18n, accounts.test)}</button>
            <button type="button" class="button" data-testid="key-replace"
                aria-expanded=move || (panel.get() == Panel::Replace).to_string()
                on:click=move |_| toggle(Panel::Replace)>{move || t_string!(i18n, accounts.replace)}</button>
        }
        .erased()
    });
    let open = move || match panel.get() {
        Panel::Shut => ().into_any(),
        Panel::Replace => view! { <ReplaceForm board account=id/> }.erased(),
        Panel::Remove => view! { <RemovePanel board account=id mode/> }.erased(),
    };
    view! {
        <li class="card entrusted-row" data-testid="account-row">
            <div class="entrusted-head">
                <h2>{account.name}</h2>
                <ModeBadge mode/>
            </div>
            <p class="key-state tone" data-tone=move || state().0 data-testid="key-state">
                {move || view! { <Icon sign=state().1/> }.erased()}
                <span>{move || state().2}</span>
            </p>
            <div class="entrusted-buttons">
                {keyed}
                <button type="button" class="button" data-testid="account-remove"
                    aria-expanded=move || (panel.get() == Panel::Remove).to_string()
                    on:click=move |_| toggle(Panel::Remove)>{move || t_string!(i18n, accounts.remove)}</button>
            </div>
            <div aria-live="polite">{move || tested.get().map(|tested| view! { <Result tested/> }.erased())}</div>
            {open}
            <Told board place=Some(id)/>
        </li>
    }
    .erased()
}

/// What the exchange has just said of the key.
#[component]
fn Result(tested: Tested) -> impl IntoView {
    let i18n = use_i18n();
    let KeyScopes { granted, missing } = match tested {
        Ok(scopes) => scopes,
        Err(fault) => {
            return view! {
                <div class="notice notice-bad" data-testid="key-refused">
                    <Icon sign=Sign::Alert/>
                    <p>{move || fault_text(i18n.get_locale(), &fault)}</p>
                </div>
            }
            .erased();
        }
    };
    let is_whole = missing.is_empty();
    let verdict = move || if is_whole { t_string!(i18n, accounts.sound) } else { t_string!(i18n, accounts.not_enough) };
    let scope = |(word, tone, sign): (String, &'static str, Sign)| {
        view! { <li class="badge" data-tone=tone><Icon sign/><code>{word}</code></li> }
    };
    let granted = granted.into_iter().map(|word| (word, "good", Sign::Check));
    let missing = missing.into_iter().map(|word| (word, "warn", Sign::Close));
    view! {
        <div class="notice" class:notice-good=is_whole data-testid="key-scopes">
            <Icon sign=if is_whole { Sign::Check } else { Sign::Alert }/>
            <p>{verdict}</p>
            <ul class="scopes">{missing.chain(granted).map(scope).collect_view()}</ul>
        </div>
    }
    .erased()
}

#[component]
fn ReplaceForm(board: Board, account: AccountId) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(TypedKey::default());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        board.run(Deed::Replace { account, key: typed.get_untracked() });
    };
    view! {
        <form class="account-form panel" method="post" on:submit=submit>
            <p class="muted">{move || t_string!(i18n, accounts.replace_about)}</p>
            <KeyFields place=format!("replace-{account}") typed/>
            <button type="submit" class="button primary" data-testid="key-replace-submit"
                disabled=move || board.is_busy.get()>
                {move || if board.is_busy.get() { t_string!(i18n, accounts.asking) } else { t_string!(i18n, accounts.replace_submit) }}
            </button>
        </form>
    }
    .erased()
}

#[component]
fn RemovePanel(board: Board, account: AccountId, mode: Mode) -> impl IntoView {
    let i18n = use_i18n();
    let about = move || match mode {
        Mode::Paper => t_string!(i18n, accounts.remove_paper),
        Mode::Signet | Mode::Live => t_string!(i18n, accounts.remove_about),
    };
    let label = Signal::derive(move || t_string!(i18n, accounts.remove_submit));
    let word = Signal::derive(move || t_string!(i18n, accounts.remove_word));
    let confirm = Callback::new(move |()| board.run(Deed::Remove { account }));
    view! {
        <div class="panel">
            <p class="muted">{about}</p>
            <HoldToConfirm testid="account-remove-hold" label word confirm/>
        </div>
    }
    .erased()
}

/// Tone, sign and words of a key's state.
fn state_of(locale: Locale, key: KeyStanding) -> (&'static str, Sign, &'static str) {
    match key {
        KeyStanding::NotNeeded => ("info", Sign::Dot, td_string!(locale, accounts.key_not_needed)),
        KeyStanding::Unused => ("warn", Sign::Alert, td_string!(locale, accounts.key_unused)),
        KeyStanding::Untried => ("info", Sign::Eye, td_string!(locale, accounts.key_untried)),
        KeyStanding::Works => ("good", Sign::Check, td_string!(locale, accounts.key_works)),
        KeyStanding::Unfit(fault) => ("bad", Sign::Alert, key_fault_text(locale, fault)),
    }
}
