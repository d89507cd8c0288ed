//! What a new token is called, may read, and how long it lives.

use super::{Board, Shown, scope_name};
use crate::api::{make_sign_in_code, make_token};
use crate::erased::Erased;
use crate::i18n::td_string;
use crate::language::{t_string, use_i18n};
use domain::{ApiScope, ApiScopes};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// No token, but a code by which the program signs in and fetches tokens of its own.
const ONCE: &str = "once";
const LIVES: [u16; 4] = [7, 30, 90, 365];

#[component]
pub fn MakeCard(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let scopes = RwSignal::new(ApiScopes::NONE);
    let days = RwSignal::new("30".to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (called, may, life) = (name.get_untracked(), scopes.get_untracked(), days.get_untracked());
        let make = async move {
            match life.parse() {
                Ok(days) => make_token(called, may, days).await.map(Shown::Token),
                Err(_) => make_sign_in_code(called, may).await.map(Shown::Code),
            }
        };
        board.run(make, move |shown| {
            name.set(String::new());
            board.made.set(Some(shown));
        });
    };
    let life = move |count: u16| {
        let text = move || td_string!(i18n.get_locale(), tokens.days, count = count).to_string();
        view! { <option value=count.to_string() selected={count == 30}>{text}</option> }
    };
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, tokens.make)}</h2></header>
            <form method="post" on:submit=submit>
                <div class="field">
                    <label for="token-name">{move || t_string!(i18n, tokens.name)}</label>
                    <input id="token-name" type="text" maxlength="60" required autocomplete="off"
                        data-testid="token-name" bind:value=name/>
                </div>
                <fieldset class="choices">
                    <legend>{move || t_string!(i18n, tokens.scopes)}</legend>
                    {ApiScope::ALL.map(|scope| view! { <ScopeBox scope scopes/> }).collect_view()}
                </fieldset>
                <div class="field">
                    <label for="token-days">{move || t_string!(i18n, tokens.life)}</label>
                    <select id="token-days" data-testid="token-days" bind:value=days>
                        {LIVES.map(life).collect_view()}
                        <option value=ONCE>{move || t_string!(i18n, tokens.once)}</option>
                    </select>
                </div>
                <button type="submit" class="button primary" data-testid="make-token">
                    {move || t_string!(i18n, tokens.make)}
                </button>
            </form>
        </section>
    }
    .erased()
}

#[component]
fn ScopeBox(scope: ApiScope, scopes: RwSignal<ApiScopes>) -> impl IntoView {
    let i18n = use_i18n();
    let change = move |event| {
        let chosen = event_target_checked(&event);
        scopes.update(|scopes| *scopes = if chosen { scopes.with(scope) } else { scopes.without(scope) });
    };
    view! {
        <label class="choice">
            <input type="checkbox" data-testid=scope.as_str() on:change=change/>
            <span class="choice-text">
                <span class="choice-name">{move || scope_name(i18n.get_locale(), scope)}</span>
                <span class="choice-hint"><code>{scope.as_str()}</code></span>
            </span>
        </label>
    }
    .erased()
}
