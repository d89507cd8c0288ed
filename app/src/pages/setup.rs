//! The first user is made here, through a link that works once.

use crate::api::{SetUp, SetUpFault, is_setup_open};
use crate::components::icon::{Icon, Mark, Sign};
use crate::components::page_title::PageTitle;
use crate::components::preferences::{LanguageToggle, ThemeToggle};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::pages::door::{Unread, link_token, password_text};
use crate::wire::Reading;
use leptos::prelude::*;

#[component]
pub fn SetUpPage() -> impl IntoView {
    let i18n = use_i18n();
    let token = link_token();
    let is_open = Reading::new_with_options(move || token.get(), is_setup_open, true);
    let content = move || {
        let token = token.get();
        Suspend::new(async move {
            match is_open.await {
                _ if token.is_empty() => view! { <Unread/> }.erased(),
                Ok(true) => view! { <SetUpForm token/> }.erased(),
                Ok(false) => view! { <Spent/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, set_up.title)/>
        <main class="lonely">
            <div class="door">
                <Mark/>
                <h1>{move || t_string!(i18n, set_up.title)}</h1>
                <Suspense>{content}</Suspense>
            </div>
            <div class="door-tools"><LanguageToggle/><ThemeToggle/></div>
        </main>
    }
    .erased()
}

#[component]
fn SetUpForm(token: String) -> impl IntoView {
    let i18n = use_i18n();
    let set_up = ServerAction::<SetUp>::new();
    let fault = move || set_up.value().get().and_then(Result::err);
    view! {
        <p class="muted">{move || t_string!(i18n, set_up.text)}</p>
        <ActionForm action=set_up>
            <input type="hidden" name="token" value=token/>
            <div class="field">
                <label for="email">{move || t_string!(i18n, sign_in.email)}</label>
                <input id="email" name="email" type="email" autocomplete="username" required maxlength="254"
                    data-testid="set-up-email"/>
            </div>
            <div class="field">
                <label for="password">{move || t_string!(i18n, sign_in.password)}</label>
                <input id="password" name="password" type="password" autocomplete="new-password" required
                    minlength="12" maxlength="128" aria-describedby="password-rule" data-testid="set-up-password"/>
                <p class="hint" id="password-rule">{move || t_string!(i18n, set_up.password_rule)}</p>
            </div>
            <div aria-live="polite">{move || fault().map(|fault| view! { <Fault fault/> }.erased())}</div>
            <button type="submit" class="button primary" data-testid="set-up-submit"
                disabled=move || set_up.pending().get()>{move || t_string!(i18n, set_up.submit)}</button>
        </ActionForm>
    }
    .erased()
}

/// Somebody was here before.
#[component]
fn Spent() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Fault fault=SetUpFault::LinkSpent/>
        <a class="button" href="/sign-in">{move || t_string!(i18n, sign_in.submit)}</a>
    }
    .erased()
}

#[component]
fn Fault(fault: SetUpFault) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="field-fault" role="alert" data-testid="set-up-fault">
            <Icon sign=Sign::Alert/>{move || fault_text(i18n.get_locale(), fault)}
        </p>
    }
    .erased()
}

fn fault_text(locale: Locale, fault: SetUpFault) -> &'static str {
    match fault {
        SetUpFault::LinkSpent => td_string!(locale, set_up.link_spent),
        SetUpFault::Email => td_string!(locale, set_up.email_fault),
        SetUpFault::Password(fault) => password_text(locale, fault),
        SetUpFault::Busy => td_string!(locale, sign_in.busy),
        SetUpFault::Unavailable => td_string!(locale, fault.unavailable),
        SetUpFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}
