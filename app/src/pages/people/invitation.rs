//! A link for somebody new.

use super::board::{Board, Deed};
use super::somebody::RoleOptions;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use domain::{Registration, Role};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub fn InvitationCard(board: Board, registration: Registration, sends_mail: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (email, role) = (RwSignal::new(String::new()), RwSignal::new(Role::Operator));
    let is_closed = registration == Registration::Closed;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = email.get_untracked().trim().to_owned();
        board.run(Deed::Invite { role: role.get_untracked(), email: (!typed.is_empty()).then_some(typed) });
    };
    let hint = move || {
        if sends_mail { t_string!(i18n, people.invite_by_mail) } else { t_string!(i18n, people.invite_by_link) }
    };
    let form = move || {
        view! {
            <form method="post" on:submit=submit>
                <div class="field-grid">
                    <div class="field">
                        <label for="invite-email">{move || t_string!(i18n, people.invite_email)}</label>
                        <input id="invite-email" type="email" autocomplete="off" maxlength="254" aria-describedby="invite-hint"
                            data-testid="invite-email" bind:value=email/>
                    </div>
                    <div class="field">
                        <label for="invite-role">{move || t_string!(i18n, people.role)}</label>
                        <RoleOptions id="invite-role".to_owned() role/>
                    </div>
                </div>
                <p class="hint" id="invite-hint">{hint}</p>
                <button type="submit" class="button primary" data-testid="invite-submit">
                    {move || t_string!(i18n, people.invite_submit)}
                </button>
            </form>
        }
        .erased()
    };
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, people.invite)}</h2></header>
            {match is_closed {
                true => view! { <p class="muted">{move || t_string!(i18n, people.closed_fault)}</p> }.erased(),
                false => form(),
            }}
        </section>
    }
    .erased()
}
