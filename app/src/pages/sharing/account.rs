//! One account: who sees it, and who is to see it, too.

use super::Board;
use crate::api::{SharedAccount, SharedWith, share_account, unshare_account};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::zone;
use domain::{Access, AccountId};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub fn AccountCard(board: Board, account: SharedAccount) -> impl IntoView {
    let i18n = use_i18n();
    let SharedAccount { account, name, shared_with } = account;
    let is_alone = shared_with.is_empty();
    view! {
        <section class="card" data-testid="shared-account">
            <header class="card-head"><h2 class="session-name">{name}</h2></header>
            {is_alone.then(|| view! { <p class="muted">{move || t_string!(i18n, sharing.nobody)}</p> }.erased())}
            <ul class="session-list">
                {shared_with.into_iter().map(|with| view! { <Row board account with/> }).collect_view()}
            </ul>
            <ShareForm board account/>
        </section>
    }
    .erased()
}

#[component]
fn Row(board: Board, account: AccountId, with: SharedWith) -> impl IntoView {
    let i18n = use_i18n();
    let SharedWith { user, email, access, since } = with;
    let may = move || match access {
        Access::Act | Access::Owner => t_string!(i18n, sharing.may_act),
        Access::See => t_string!(i18n, sharing.may_see),
    };
    view! {
        <li class="session-row" data-testid="share">
            <div>
                <p class="session-name">{email}</p>
                <p class="muted">{may}" \u{b7} "{move || t_string!(i18n, sharing.since)}" "{zone::date_time(since)}</p>
            </div>
            <button type="button" class="button" data-testid="unshare"
                on:click=move |_| board.run(unshare_account(account, user))>
                {move || t_string!(i18n, sharing.end)}
            </button>
        </li>
    }
    .erased()
}

#[component]
fn ShareForm(board: Board, account: AccountId) -> impl IntoView {
    let i18n = use_i18n();
    let (email, may_act) = (RwSignal::new(String::new()), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        board.run(share_account(account, email.get_untracked(), may_act.get_untracked()));
    };
    let id = format!("share-{account}");
    view! {
        <form method="post" on:submit=submit>
            <div class="field">
                <label for=id.clone()>{move || t_string!(i18n, sharing.email)}</label>
                <input id=id type="email" autocomplete="off" required data-testid="share-email" bind:value=email/>
            </div>
            <label class="tick">
                <input type="checkbox" data-testid="share-act" bind:checked=may_act/>
                <span>{move || t_string!(i18n, sharing.act)}</span>
            </label>
            <button type="submit" class="button" data-testid="share-submit">
                {move || t_string!(i18n, sharing.submit)}
            </button>
        </form>
    }
    .erased()
}
