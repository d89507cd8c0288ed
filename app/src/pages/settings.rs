//! The settings and the emergency stop: one download, whichever of them is opened.

use crate::erased::Erased;
use crate::pages::accounts::AccountsPage;
use crate::pages::appearance::AppearancePage;
use crate::pages::audit::AuditPage;
use crate::pages::brakes::BrakesPage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::people::PeoplePage;
use crate::pages::profile::ProfilePage;
use crate::pages::security::SecurityPage;
use crate::pages::sharing::SharingPage;
use crate::pages::sources::SourcesPage;
use crate::pages::tokens::TokensPage;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/settings/:page`, and `/stop`, which names no page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let params = use_params_map();
    let page = Memo::new(move |_| params.read().get("page").unwrap_or_default());
    move || match page.get().as_str() {
        "accounts" => view! { <AccountsPage/> }.erased(),
        "appearance" => view! { <AppearancePage/> }.erased(),
        "profile" => view! { <ProfilePage/> }.erased(),
        "people" => view! { <PeoplePage/> }.erased(),
        "security" => view! { <SecurityPage/> }.erased(),
        "tokens" => view! { <TokensPage/> }.erased(),
        "market" => view! { <SourcesPage/> }.erased(),
        "sharing" => view! { <SharingPage/> }.erased(),
        "audit" => view! { <AuditPage/> }.erased(),
        "" => view! { <BrakesPage/> }.erased(),
        _ => view! { <NotFoundPage/> }.erased(),
    }
}
