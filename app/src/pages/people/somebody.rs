//! One person: who they are, and what an admin may do with them, each for a reason.

use super::board::{Board, Change, Deed};
use super::plans::GrantForm;
use crate::api::Somebody;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::pages::profile::plan::term_text;
use crate::zone;
use domain::{Plan, Role, UserId};
use leptos::prelude::*;

#[component]
pub fn Row(board: Board, somebody: Somebody, sends_mail: bool) -> impl IntoView {
    let i18n = use_i18n();
    let Somebody { user, email, name, role, since, suspended, is_email_verified, has_second_factor, .. } = somebody;
    let Somebody { sessions, is_self, plan, .. } = somebody;
    let called = if name.is_empty() { email.clone() } else { format!("{name} ({email})") };
    let is_suspended = suspended.is_some();
    let factor = move || {
        if has_second_factor { t_string!(i18n, people.has_factor) } else { t_string!(i18n, people.no_factor) }
    };
    let places = move || td_string!(i18n.get_locale(), people.sessions, count = sessions).to_string();
    view! {
        <li class="session-row person" data-testid="person" data-email=email>
            <div>
                <p class="session-name">{called}</p>
                <p class="muted">
                    {move || role_name(i18n.get_locale(), role)}" \u{b7} "{factor}" \u{b7} "{places}" \u{b7} "
                    {move || t_string!(i18n, sharing.since)}" "{zone::date_time(since)}
                    {(sends_mail && !is_email_verified).then(|| view! { " \u{b7} "{move || t_string!(i18n, people.unverified)} })}
                </p>
                <p class="muted" data-testid="person-plan">
                    {move || t_string!(i18n, plan.title)}": "{move || term_text(i18n.get_locale(), plan)}
                </p>
                {suspended.map(|(at, why)| view! {
                    <p class="person-suspended" data-testid="person-suspended">
                        {move || t_string!(i18n, people.suspended)}" "{zone::date_time(at)}": "{why}
                    </p>
                })}
            </div>
            {match is_self {
                true => view! { <span class="badge">{move || t_string!(i18n, people.you)}</span> }.erased(),
                false => view! { <Deeds board user role plan=plan.plan is_suspended has_second_factor/> }.erased(),
            }}
        </li>
    }
    .erased()
}

#[component]
fn Deeds(
    board: Board,
    user: UserId,
    role: Role,
    plan: Plan,
    is_suspended: bool,
    has_second_factor: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let (why, wanted) = (RwSignal::new(String::new()), RwSignal::new(role));
    let run = move |change| board.run(Deed::To(user, change, why.get_untracked()));
    let button = move |testid: &'static str, change: Change, name: fn(Locale) -> &'static str| {
        view! {
            <button type="button" class="button" data-testid=testid on:click=move |_| run(change)>
                {move || name(i18n.get_locale())}
            </button>
        }
        .erased()
    };
    let change_role = move |_| run(Change::Role(wanted.get_untracked()));
    let in_or_out = match is_suspended {
        true => button("restore", Change::Restore, |locale| td_string!(locale, people.restore)),
        false => button("suspend", Change::Suspend, |locale| td_string!(locale, people.suspend)),
    };
    let (reason_id, role_id) = (format!("why-{user}"), format!("role-{user}"));
    view! {
        <details class="person-deeds">
            <summary class="button" data-testid="person-change">{move || t_string!(i18n, people.change)}</summary>
            <div class="field">
                <label for=reason_id.clone()>{move || t_string!(i18n, people.reason)}</label>
                <input id=reason_id type="text" autocomplete="off" maxlength="200" data-testid="reason" bind:value=why/>
            </div>
            <div class="person-role">
                <label for=role_id.clone()>{move || t_string!(i18n, people.role)}</label>
                <RoleOptions id=role_id role=wanted/>
                <button type="button" class="button" data-testid="change-role" on:click=change_role>
                    {move || t_string!(i18n, people.change_role)}
                </button>
            </div>
            <GrantForm board user plan why/>
            <div class="security-buttons">
                {in_or_out}
                {button("sign-out-person", Change::SignOut, |locale| td_string!(locale, people.sign_out))}
                {button("reset-link", Change::MakeResetLink, |locale| td_string!(locale, people.reset_link))}
                {has_second_factor.then(|| {
                    button("reset-factors", Change::ResetFactors, |locale| td_string!(locale, people.reset_factors))
                })}
            </div>
        </details>
    }
    .erased()
}

/// The roles to choose from.
#[component]
pub fn RoleOptions(id: String, role: RwSignal<Role>) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |one: Role| {
        view! {
            <option value=one.as_str() selected=role.get_untracked() == one>
                {move || role_name(i18n.get_locale(), one)}
            </option>
        }
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        if let Some(chosen) = Role::ALL.into_iter().find(|one| one.as_str() == value) {
            role.set(chosen);
        }
    };
    view! { <select id=id.clone() data-testid=id on:change=choose>{Role::ALL.map(option).collect_view()}</select> }
        .erased()
}

fn role_name(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Viewer => td_string!(locale, people.viewer),
        Role::Operator => td_string!(locale, people.operator),
        Role::Admin => td_string!(locale, people.admin),
    }
}
