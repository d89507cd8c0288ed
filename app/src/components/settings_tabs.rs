//! The way between the pages of settings, above each of them.

use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;
use leptos_router::components::A;

const TABS: [&str; 6] = [
    "/settings/accounts",
    "/settings/appearance",
    "/settings/security",
    "/settings/tokens",
    "/settings/market",
    "/settings/audit",
];

fn tab_name(locale: Locale, href: &str) -> &'static str {
    match href {
        "/settings/appearance" => td_string!(locale, appearance.title),
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
    view! {
        <nav class="tabs" aria-label=move || t_string!(i18n, nav.settings)>{TABS.map(tab).collect_view()}</nav>
    }
    .erased()
}
