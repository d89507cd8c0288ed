//! The step between signing in and one's desk on a server that demands a second factor: adding the first one.

use super::authenticator::AuthenticatorCard;
use super::confirm::ConfirmCard;
use super::passkeys::PasskeysCard;
use super::{Board, Told};
use crate::api::Security;
use crate::components::icon::Mark;
use crate::components::page_title::PageTitle;
use crate::components::preferences::{LanguageToggle, ThemeToggle};
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn OwedFactorPage() -> impl IntoView {
    let i18n = use_i18n();
    let board = Board::new();
    let content = move || {
        Suspend::new(async move {
            match board.read.await {
                Ok(security) => view! { <Steps board security/> }.erased(),
                Err(fault) => view! { <Told fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, owed.title)/>
        <main class="lonely">
            <div class="door door-wide">
                <Mark/>
                <h1>{move || t_string!(i18n, owed.title)}</h1>
                <p class="muted">{move || t_string!(i18n, owed.text)}</p>
                <div aria-live="polite">{move || board.fault.get().map(|fault| view! { <Told fault/> })}</div>
                <div class="security">
                    <Transition fallback=move || view! { <Skeleton lines=6 label=move || t_string!(i18n, security.loading)/> }.erased()>
                        {content}
                    </Transition>
                </div>
                <p><a href="/sign-in">{move || t_string!(i18n, code.back)}</a></p>
            </div>
            <div class="door-tools"><LanguageToggle/><ThemeToggle/></div>
        </main>
    }
    .erased()
}

#[component]
fn Steps(board: Board, security: Security) -> impl IntoView {
    let i18n = use_i18n();
    let Security { authenticator_since, recovery_codes_left, passkeys, passkeys_are_on, is_confirmed, .. } = security;
    let has_passkeys = !passkeys.is_empty();
    let is_paid = authenticator_since.is_some() || has_passkeys;
    view! {
        {(!is_confirmed).then(|| view! {
            <ConfirmCard board is_confirmed asks_code=is_paid has_passkeys/>
        })}
        <AuthenticatorCard board since=authenticator_since codes_left=recovery_codes_left is_confirmed/>
        <PasskeysCard board passkeys are_on=passkeys_are_on is_confirmed/>
        {is_paid.then(|| view! {
            <a class="button primary" href="/" rel="external" data-testid="go-on">{move || t_string!(i18n, owed.go_on)}</a>
        })}
    }
    .erased()
}
