//! The tokens that a person has made.

use super::{Board, scope_names};
use crate::api::{Token, revoke_token};
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use crate::zone;
use leptos::prelude::*;

#[component]
pub fn TokensCard(board: Board, tokens: Vec<Token>) -> impl IntoView {
    let i18n = use_i18n();
    let has_none = tokens.is_empty();
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, tokens.yours)}</h2></header>
            {has_none.then(|| view! { <p class="muted">{move || t_string!(i18n, tokens.none)}</p> })}
            <ul class="session-list">
                {tokens.into_iter().map(|token| view! { <Row board token/> }).collect_view()}
            </ul>
        </section>
    }
    .erased()
}

#[component]
fn Row(board: Board, token: Token) -> impl IntoView {
    let i18n = use_i18n();
    let Token { id, name, scopes, created_at, expires_at, last_used_at, is_over } = token;
    let used = move || last_used_at.map_or_else(|| t_string!(i18n, tokens.never).to_owned(), format::date_time);
    let revoke = move |_| board.run(revoke_token(id), |()| ());
    let end = move || if is_over { t_string!(i18n, tokens.over) } else { t_string!(i18n, tokens.until) };
    view! {
        <li class="session-row" data-testid="token">
            <div>
                <p class="session-name">{name}</p>
                <p class="muted">{move || scope_names(i18n.get_locale(), scopes)}</p>
                <p class="muted">
                    {move || t_string!(i18n, tokens.made_at)}" "{zone::date_time(created_at)}". "
                    {end}" "{zone::date_time(expires_at)}". "
                    {move || t_string!(i18n, tokens.used)}" "{used}
                </p>
            </div>
            <button type="button" class="button" data-testid="revoke-token" on:click=revoke>
                {move || t_string!(i18n, tokens.revoke)}
            </button>
        </li>
    }
    .erased()
}
