//! The programs that signed in with a code.

use super::{Board, scope_names};
use crate::api::{Client, end_client};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::zone;
use leptos::prelude::*;

#[component]
pub fn ClientsCard(board: Board, clients: Vec<Client>) -> impl IntoView {
    let i18n = use_i18n();
    let has_none = clients.is_empty();
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, tokens.clients)}</h2></header>
            {has_none.then(|| view! { <p class="muted">{move || t_string!(i18n, tokens.no_clients)}</p> })}
            <ul class="session-list">
                {clients.into_iter().map(|client| view! { <Row board client/> }).collect_view()}
            </ul>
        </section>
    }
    .erased()
}

#[component]
fn Row(board: Board, client: Client) -> impl IntoView {
    let i18n = use_i18n();
    let Client { id, name, scopes, source, created_at, seen_at } = client;
    let end = move |_| board.run(end_client(id), |()| ());
    view! {
        <li class="session-row" data-testid="client">
            <div>
                <p class="session-name">{name}</p>
                <p class="muted">{move || scope_names(i18n.get_locale(), scopes)}</p>
                <p class="muted">
                    {source}" "
                    {move || t_string!(i18n, security.signed_in)}" "{zone::date_time(created_at)}". "
                    {move || t_string!(i18n, security.seen)}" "{zone::date_time(seen_at)}
                </p>
            </div>
            <button type="button" class="button" data-testid="end-client" on:click=end>
                {move || t_string!(i18n, security.end)}
            </button>
        </li>
    }
    .erased()
}
