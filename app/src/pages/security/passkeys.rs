//! A person's passkeys: added, named, removed.

use super::Board;
use crate::api::{OwnPasskey, PasskeyFault, begin_passkey, finish_passkey, remove_passkey};
use crate::components::passkey::PasskeyProblem;
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use crate::passkey::{Ask, ask};
use crate::zone;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

type Problem = RwSignal<Option<PasskeyFault>>;

/// `are_on` says whether the program has an address that passkeys can be bound to.
#[component]
pub fn PasskeysCard(board: Board, passkeys: Vec<OwnPasskey>, are_on: bool, is_confirmed: bool) -> impl IntoView {
    let i18n = use_i18n();
    let problem: Problem = RwSignal::new(None);
    let has_none = passkeys.is_empty();
    let about = move || if are_on { t_string!(i18n, passkeys.about) } else { t_string!(i18n, passkeys.off) };
    let row = move |passkey| view! { <Row board problem passkey is_confirmed/> };
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, passkeys.title)}</h2></header>
            <p class="muted" data-testid="passkeys-about">{about}</p>
            {(has_none && are_on).then(|| view! { <p>{move || t_string!(i18n, passkeys.none)}</p> })}
            <ul class="session-list">{passkeys.into_iter().map(row).collect_view()}</ul>
            {(is_confirmed && are_on).then(|| view! { <Add board problem/> })}
            <div aria-live="polite">{move || problem.get().map(|fault| view! { <PasskeyProblem fault/> })}</div>
        </section>
    }
    .erased()
}

#[component]
fn Add(board: Board, problem: Problem) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move {
            match added(name.get_untracked()).await {
                Ok(codes) => {
                    problem.set(None);
                    if !codes.is_empty() {
                        board.codes.set(codes);
                    }
                    board.read.refetch();
                }
                Err(fault) => problem.set(Some(fault)),
            }
        });
    };
    view! {
        <form method="post" on:submit=submit>
            <div class="field">
                <label for="passkey-name">{move || t_string!(i18n, passkeys.name)}</label>
                <input id="passkey-name" type="text" maxlength="60" required autocomplete="off"
                    data-testid="passkey-name" bind:value=name/>
            </div>
            <button type="submit" class="button primary" data-testid="add-passkey">
                {move || t_string!(i18n, passkeys.add)}
            </button>
        </form>
    }
    .erased()
}

async fn added(name: String) -> Result<Vec<String>, PasskeyFault> {
    let options = begin_passkey().await?;
    finish_passkey(name, ask(Ask::Create, &options).await?).await
}

#[component]
fn Row(board: Board, problem: Problem, passkey: OwnPasskey, is_confirmed: bool) -> impl IntoView {
    let i18n = use_i18n();
    let OwnPasskey { id, name, added_at, last_used_at } = passkey;
    let used = move || last_used_at.map_or_else(|| t_string!(i18n, tokens.never).to_owned(), format::date_time);
    let remove = move |_| {
        leptos::task::spawn_local(async move {
            let removed = remove_passkey(id).await;
            problem.set(removed.err());
            board.read.refetch();
        });
    };
    view! {
        <li class="session-row" data-testid="passkey">
            <div>
                <p class="session-name">{name}</p>
                <p class="muted">
                    {move || t_string!(i18n, passkeys.added_at)}" "{zone::date_time(added_at)}". "
                    {move || t_string!(i18n, tokens.used)}" "{used}
                </p>
            </div>
            {is_confirmed.then(|| view! {
                <button type="button" class="button" data-testid="remove-passkey" on:click=remove>
                    {move || t_string!(i18n, passkeys.remove)}
                </button>
            })}
        </li>
    }
    .erased()
}
