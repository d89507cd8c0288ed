//! The way between the pages of settings, above each of them.

use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::Role;
use leptos::prelude::*;
use leptos_router::components::A;

const PEOPLE: &str = "/settings/people";
const TABS: [&str; 9] = [
    "/settings/accounts",
    "/settings/sharing",
    "/settings/profile",
    "/settings/appearance",
    "/settings/security",
    "/settings/tokens",
    "/settings/market",
    PEOPLE,
    "/settings/audit",
];

fn tab_name(locale: Locale, href: &str) -> &'static str {
    match href {
        "/settings/appearance" => td_string!(locale, appearance.title),
        PEOPLE => td_string!(locale, people.title),
        "/settings/profile" => td_string!(locale, profile.title),
        "/settings/sharing" => td_string!(locale, sharing.title),
        "/settings/security" => td_string!(locale, nav.security),
        "/settings/tokens" => td_string!(locale, tokens.title),
        "/settings/market" => td_string!(locale, sources.title),
        "/settings/audit" => td_string!(locale, audit.title),
        _ => td_string!(locale, accounts.title),
    }
}

#[component]
pub fn SettingsTabs() -> impl IntoView {
    let i18n = use_i18n();
    let tab = move |href: &'static str| {
        view! { <A href attr:class="tab">{move || tab_name(i18n.get_locale(), href)}</A> }
    };
    let is_admin = use_context::<Role>() == Some(Role::Admin);
    let tabs = TABS.into_iter().filter(move |href| is_admin || *href != PEOPLE);
    view! {
        <nav class="tabs" aria-label=move || t_string!(i18n, nav.settings)>{tabs.map(tab).collect_view()}</nav>
    }
    .erased()
}
