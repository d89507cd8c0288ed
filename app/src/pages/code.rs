//! The second step of signing in.

use super::sign_in::{fault_text, go_in};
use crate::api::{EnterCode, PasskeyUse, has_passkey};
use crate::components::icon::{Icon, Mark, Sign};
use crate::components::page_title::PageTitle;
use crate::components::passkey::PasskeyButton;
use crate::components::preferences::{LanguageToggle, ThemeToggle};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use leptos::prelude::*;

#[component]
pub fn CodePage() -> impl IntoView {
    let i18n = use_i18n();
    let enter = ServerAction::<EnterCode>::new();
    let fault = move || enter.value().get().and_then(Result::err);
    let has_one = Reading::new_with_options(|| (), |()| has_passkey(), true);
    let passkey = move || {
        Suspend::new(async move {
            let has_one = has_one.await.unwrap_or(false);
            has_one.then(|| view! { <PasskeyButton purpose=PasskeyUse::SecondFactor done=go_in()/> }.erased())
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, code.title)/>
        <main class="lonely">
            <div class="door">
                <Mark/>
                <h1>{move || t_string!(i18n, code.title)}</h1>
                <p class="muted">{move || t_string!(i18n, code.text)}</p>
                <ActionForm action=enter>
                    <div class="field">
                        <label for="code">{move || t_string!(i18n, code.label)}</label>
                        <input id="code" name="code" autocomplete="one-time-code" autocapitalize="characters"
                            spellcheck="false" maxlength="40" required aria-describedby="code-hint"
                            data-testid="code"/>
                        <p class="hint" id="code-hint">{move || t_string!(i18n, code.hint)}</p>
                    </div>
                    <div aria-live="polite">
                        {move || fault().map(|fault| view! {
                            <p class="field-fault" data-testid="code-fault">
                                <Icon sign=Sign::Alert/>{fault_text(i18n.get_locale(), fault)}
                            </p>
                        })}
                    </div>
                    <button type="submit" class="button primary" data-testid="code-submit"
                        disabled=move || enter.pending().get()>{move || t_string!(i18n, code.submit)}</button>
                </ActionForm>
                <Transition>{passkey}</Transition>
                <p><a href="/sign-in">{move || t_string!(i18n, code.back)}</a></p>
            </div>
            <div class="door-tools"><LanguageToggle/><ThemeToggle/></div>
        </main>
    }
    .erased()
}
