//! The first user is made here, through a link that works once.

use crate::api::{SetUp, SetUpFault, is_setup_open};
use crate::components::icon::{Icon, Mark, Sign};
use crate::components::preferences::{LanguageToggle, ThemeToggle};
use crate::i18n::{Locale, t, t_string, td_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SetUpPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let is_open = Resource::new_blocking(move || token.get(), is_setup_open);
    let content = move || {
        Suspend::new(async move {
            match is_open.await {
                Ok(true) => view! { <SetUpForm token=token.get_untracked()/> }.into_any(),
                Ok(false) => view! { <Fault fault=SetUpFault::LinkSpent/> }.into_any(),
                Err(fault) => view! { <Fault fault/> }.into_any(),
            }
        })
    };
    view! {
        <Title text=move || t_string!(i18n, set_up.title)/>
        <main class="lonely">
            <div class="door">
                <Mark/>
                <h1>{t!(i18n, set_up.title)}</h1>
                <p class="muted">{t!(i18n, set_up.text)}</p>
                <Suspense>{content}</Suspense>
            </div>
            <div class="door-tools"><LanguageToggle/><ThemeToggle/></div>
        </main>
    }
    .into_any()
}

#[component]
fn SetUpForm(token: String) -> impl IntoView {
    let i18n = use_i18n();
    let set_up = ServerAction::<SetUp>::new();
    let fault = move || set_up.value().get().and_then(Result::err);
    view! {
        <ActionForm action=set_up>
            <input type="hidden" name="token" value=token/>
            <div class="field">
                <label for="email">{t!(i18n, sign_in.email)}</label>
                <input id="email" name="email" type="email" autocomplete="username" required maxlength="254"
                    data-testid="set-up-email"/>
            </div>
            <div class="field">
                <label for="password">{t!(i18n, sign_in.password)}</label>
                <input id="password" name="password" type="password" autocomplete="new-password" required
                    minlength="12" maxlength="128" aria-describedby="password-rule" data-testid="set-up-password"/>
                <p class="hint" id="password-rule">{t!(i18n, set_up.password_rule)}</p>
            </div>
            <div aria-live="polite">{move || fault().map(|fault| view! { <Fault fault/> })}</div>
            <button type="submit" class="button primary" data-testid="set-up-submit"
                disabled=move || set_up.pending().get()>{t!(i18n, set_up.submit)}</button>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn Fault(fault: SetUpFault) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="field-fault" role="alert" data-testid="set-up-fault">
            <Icon sign=Sign::Alert/>{move || fault_text(i18n.get_locale(), fault)}
        </p>
    }
    .into_any()
}

fn fault_text(locale: Locale, fault: SetUpFault) -> &'static str {
    match fault {
        SetUpFault::LinkSpent => td_string!(locale, set_up.link_spent),
        SetUpFault::Email => td_string!(locale, set_up.email_fault),
        SetUpFault::PasswordTooShort => td_string!(locale, set_up.too_short),
        SetUpFault::PasswordTooLong => td_string!(locale, set_up.too_long),
        SetUpFault::PasswordCommon => td_string!(locale, set_up.common),
        SetUpFault::PasswordWeak => td_string!(locale, set_up.weak),
        SetUpFault::Busy => td_string!(locale, sign_in.busy),
        SetUpFault::Unavailable => td_string!(locale, fault.unavailable),
        SetUpFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}
