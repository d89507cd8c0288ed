//! The way in.

use crate::api::{PasskeyUse, SignIn, SignInFault, find_doors};
use crate::components::icon::{Icon, Mark, Sign};
use crate::components::page_title::PageTitle;
use crate::components::passkey::PasskeyButton;
use crate::components::preferences::{LanguageToggle, ThemeToggle};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let sign_in = ServerAction::<SignIn>::new();
    let fault = move || sign_in.value().get().and_then(Result::err);
    view! {
        <PageTitle text=move || t_string!(i18n, sign_in.title)/>
        <main class="lonely">
            <div class="door">
                <Mark/>
                <h1>"Axisor"</h1>
                <p class="muted">{move || t_string!(i18n, sign_in.promise)}</p>
                <ActionForm action=sign_in>
                    <div class="field">
                        <label for="email">{move || t_string!(i18n, sign_in.email)}</label>
                        <input id="email" name="email" type="email" autocomplete="username" required
                            data-testid="sign-in-email"/>
                    </div>
                    <div class="field">
                        <label for="password">{move || t_string!(i18n, sign_in.password)}</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required
                            data-testid="sign-in-password"/>
                    </div>
                    <div aria-live="polite">
                        {move || fault().map(|fault| view! {
                            <p class="field-fault" data-testid="sign-in-fault">
                                <Icon sign=Sign::Alert/>{fault_text(i18n.get_locale(), fault)}
                            </p>
                        }.erased())}
                    </div>
                    <button type="submit" class="button primary" data-testid="sign-in-submit"
                        disabled=move || sign_in.pending().get()>{move || t_string!(i18n, sign_in.submit)}</button>
                </ActionForm>
                <PasskeyButton purpose=PasskeyUse::SignIn done=go_in()/>
                <Doors/>
            </div>
            <div class="door-tools"><LanguageToggle/><ThemeToggle/></div>
        </main>
    }
    .erased()
}

/// The ways in for who has no password, or not any more.
#[component]
fn Doors() -> impl IntoView {
    let i18n = use_i18n();
    let doors = Reading::new_with_options(|| (), |()| find_doors(), true);
    let register = move || {
        Suspend::new(async move {
            let is_open = doors.await.is_ok_and(|doors| doors.is_open);
            is_open.then(|| {
                view! {
                    <a href="/door/register" data-testid="to-register">{move || t_string!(i18n, door.register)}</a>
                }
            })
        })
    };
    view! {
        <p class="door-ways">
            <a href="/door/forgotten" data-testid="to-forgotten">{move || t_string!(i18n, door.forgotten)}</a>
            <Suspense>{register}</Suspense>
        </p>
    }
    .erased()
}

/// Loads the dashboard anew: the page behind it knows nothing of who has come in.
pub(super) fn go_in() -> Callback<()> {
    Callback::new(|()| {
        #[cfg(feature = "hydrate")]
        if window().location().set_href("/").is_err() {
            leptos::logging::error!("the dashboard cannot be opened");
        }
    })
}

pub(crate) fn fault_text(locale: Locale, fault: SignInFault) -> &'static str {
    match fault {
        SignInFault::WrongEmailOrPassword => td_string!(locale, sign_in.wrong),
        SignInFault::WrongCode => td_string!(locale, code.wrong),
        SignInFault::StartOver => td_string!(locale, code.start_over),
        SignInFault::Locked => td_string!(locale, sign_in.locked),
        SignInFault::Busy => td_string!(locale, sign_in.busy),
        SignInFault::Unavailable => td_string!(locale, fault.unavailable),
        SignInFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}
