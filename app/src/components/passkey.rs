//! A button that asks for a passkey.

use crate::api::{PasskeyFault, PasskeyUse, ask_passkey, show_passkey};
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::passkey::{Ask, ask};
use leptos::prelude::*;

/// `done` runs once the passkey was taken; why it was not is said beneath.
#[component]
pub fn PasskeyButton(purpose: PasskeyUse, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let fault = RwSignal::new(None);
    let is_busy = RwSignal::new(false);
    let show = move |_| {
        is_busy.set(true);
        leptos::task::spawn_local(async move {
            let shown = shown(purpose).await;
            is_busy.set(false);
            fault.set(shown.err());
            if shown.is_ok() {
                done.run(());
            }
        });
    };
    view! {
        <div class="passkey-ask">
            <button type="button" class="button" data-testid="use-passkey" on:click=show disabled=is_busy>
                <Icon sign=Sign::Key/>{move || t_string!(i18n, passkeys.show)}
            </button>
            <div aria-live="polite">{move || fault.get().map(|fault| view! { <PasskeyProblem fault/> })}</div>
        </div>
    }
    .erased()
}

async fn shown(purpose: PasskeyUse) -> Result<(), PasskeyFault> {
    let options = ask_passkey(purpose).await?;
    show_passkey(purpose, ask(Ask::Get, &options).await?).await
}

#[component]
pub fn PasskeyProblem(fault: PasskeyFault) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="field-fault" data-testid="passkey-fault">
            <Icon sign=Sign::Alert/>{move || fault_text(i18n.get_locale(), fault)}
        </p>
    }
    .erased()
}

fn fault_text(locale: Locale, fault: PasskeyFault) -> &'static str {
    match fault {
        PasskeyFault::SignedOut => td_string!(locale, fault.signed_out),
        PasskeyFault::NotConfirmed => td_string!(locale, security.fault_not_confirmed),
        PasskeyFault::StartOver => td_string!(locale, code.start_over),
        PasskeyFault::Off => td_string!(locale, passkeys.off),
        PasskeyFault::Name => td_string!(locale, tokens.fault_name),
        PasskeyFault::TooMany => td_string!(locale, passkeys.fault_many),
        PasskeyFault::NotFound => td_string!(locale, passkeys.fault_none),
        PasskeyFault::Wrong => td_string!(locale, passkeys.fault_wrong),
        PasskeyFault::Locked => td_string!(locale, sign_in.locked),
        PasskeyFault::Canceled => td_string!(locale, passkeys.fault_canceled),
        PasskeyFault::NotSupported => td_string!(locale, passkeys.fault_browser),
        PasskeyFault::Unavailable => td_string!(locale, fault.unavailable),
        PasskeyFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}
