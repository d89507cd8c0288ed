//! Where somebody is signed in, each with its end.

use super::Board;
use crate::api::{OpenSession, end_other_sessions, end_session};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::zone;
use leptos::prelude::*;

#[component]
pub fn SessionsCard(board: Board, sessions: Vec<OpenSession>) -> impl IntoView {
    let i18n = use_i18n();
    let has_others = 1 < sessions.len();
    let end_others = move |_| board.run(end_other_sessions(), |_| ());
    view! {
        <section class="card">
            <header class="card-head">
                <h2>{move || t_string!(i18n, security.sessions)}</h2>
                {has_others.then(|| view! {
                    <button type="button" class="button" data-testid="end-others" on:click=end_others>
                        {move || t_string!(i18n, security.end_others)}
                    </button>
                })}
            </header>
            <ul class="session-list">
                {sessions.into_iter().map(|session| view! { <Row board session/> }).collect_view()}
            </ul>
        </section>
    }
    .erased()
}

#[component]
fn Row(board: Board, session: OpenSession) -> impl IntoView {
    let i18n = use_i18n();
    let OpenSession { id, is_this_one, signed_in_at, seen_at, address, agent } = session;
    let name = move || {
        if agent.is_empty() { t_string!(i18n, security.unknown_agent).to_owned() } else { agent.clone() }
    };
    let end = move |_| board.run(end_session(id.clone()), |()| ());
    view! {
        <li class="session-row" data-testid="session">
            <div>
                <p class="session-name">{name}</p>
                <p class="muted">
                    {address}" "
                    {move || t_string!(i18n, security.signed_in)}" "{zone::date_time(signed_in_at)}". "
                    {move || t_string!(i18n, security.seen)}" "{zone::date_time(seen_at)}
                </p>
            </div>
            {if is_this_one {
                view! { <span class="badge">{move || t_string!(i18n, security.this_one)}</span> }.erased()
            } else {
                view! {
                    <button type="button" class="button" data-testid="end-session" on:click=end>
                        {move || t_string!(i18n, security.end)}
                    </button>
                }
                .erased()
            }}
        </li>
    }
    .erased()
}
