//! The ways in beside the password: an invitation, a registration, a new password, an address that is shown to be one's
//! own.

mod ask;
mod fault;
mod join;
mod link;
mod reset;
mod verify;

use crate::components::icon::Mark;
use crate::components::page_title::PageTitle;
use crate::components::preferences::{LanguageToggle, ThemeToggle};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::use_i18n;
use crate::pages::not_found::NotFoundPage;
use ask::{AskToRegister, AskToReset};
pub use fault::{Fault, password_text};
use join::JoinPage;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
pub use link::{Unread, link_token};
use reset::ResetPage;
use verify::VerifyPage;

/// `/door/:page`
#[component]
pub fn DoorPage() -> impl IntoView {
    let page = use_params_map().read_untracked().get("page").unwrap_or_default();
    let token = link_token();
    match page.as_str() {
        "join" => framed(|locale| td_string!(locale, door.join), view! { <JoinPage token/> }.erased()),
        "register" => framed(|locale| td_string!(locale, door.register), view! { <AskToRegister/> }.erased()),
        "forgotten" => framed(|locale| td_string!(locale, door.forgotten), view! { <AskToReset/> }.erased()),
        "reset" => framed(|locale| td_string!(locale, door.reset), view! { <ResetPage token/> }.erased()),
        "verify" => framed(|locale| td_string!(locale, door.verify), view! { <VerifyPage token/> }.erased()),
        _ => view! { <NotFoundPage/> }.erased(),
    }
}

fn framed(title: fn(Locale) -> &'static str, content: AnyView) -> AnyView {
    let i18n = use_i18n();
    view! {
        <PageTitle text=move || title(i18n.get_locale())/>
        <main class="lonely">
            <div class="door">
                <Mark/>
                <h1>{move || title(i18n.get_locale())}</h1>
                {content}
            </div>
            <div class="door-tools"><LanguageToggle/><ThemeToggle/></div>
        </main>
    }
    .erased()
}
