//! Which of the reader's accounts the pages are about; remembered in a cookie, so that the server renders the same one.

use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use domain::AccountId;
use domain::account::AccountSummary;
use leptos::prelude::*;

/// The cookie that remembers the reader's choice.
pub const COOKIE: &str = "account";

/// The account's name; a choice where there are several.
#[component]
pub fn AccountSwitch(accounts: Vec<AccountSummary>, shown: AccountSummary) -> impl IntoView {
    let i18n = use_i18n();
    if accounts.len() < 2 {
        return view! { <a class="account-name" href="/settings/accounts">{shown.name}</a> }.erased();
    }
    let option = |account: AccountSummary| {
        let is_shown = account.id == shown.id;
        view! { <option value=account.id.to_string() selected=is_shown>{account.name}</option> }
    };
    view! {
        <select class="account-switch" data-testid="account-switch" aria-label=move || t_string!(i18n, nav.account)
            on:change=move |event| choose(&event_target_value(&event))>
            {accounts.into_iter().map(option).collect_view()}
        </select>
    }
    .erased()
}

/// Every page is about one account, so the page starts anew with the other.
fn choose(id: &str) {
    if id.parse::<AccountId>().is_ok() {
        crate::theme::remember(COOKIE, id);
        #[cfg(feature = "hydrate")]
        if let Err(error) = window().location().reload() {
            leptos::logging::error!("the page cannot be read again: {error:?}");
        }
    }
}
