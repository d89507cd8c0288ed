//! Somebody new makes themselves known, by an invitation or a registration.

use super::fault::{Fault, Spent};
use super::link::Unread;
use crate::api::{Join, Offer, find_offer};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use leptos::prelude::*;

#[component]
pub fn JoinPage(token: RwSignal<String>) -> impl IntoView {
    let offer = Reading::new_with_options(move || token.get(), find_offer, true);
    let content = move || {
        let token = token.get();
        Suspend::new(async move {
            match offer.await {
                _ if token.is_empty() => view! { <Unread/> }.erased(),
                Ok(Some(offer)) => view! { <JoinForm token offer/> }.erased(),
                Ok(None) => view! { <Spent/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! { <Suspense>{content}</Suspense> }.erased()
}

#[component]
fn JoinForm(token: String, offer: Offer) -> impl IntoView {
    let i18n = use_i18n();
    let join = ServerAction::<Join>::new();
    let fault = move || join.value().get().and_then(Result::err);
    let is_fixed = offer.email.is_some();
    view! {
        <p class="muted">{move || t_string!(i18n, door.join_text)}</p>
        <ActionForm action=join>
            <input type="hidden" name="token" value=token/>
            <div class="field">
                <label for="email">{move || t_string!(i18n, sign_in.email)}</label>
                <input id="email" name="email" type="email" autocomplete="username" required maxlength="254"
                    value=offer.email.unwrap_or_default() readonly=is_fixed data-testid="join-email"/>
            </div>
            <NewPassword/>
            <div aria-live="polite">{move || fault().map(|fault| view! { <Fault fault/> }.erased())}</div>
            <button type="submit" class="button primary" data-testid="join-submit"
                disabled=move || join.pending().get()>{move || t_string!(i18n, set_up.submit)}</button>
        </ActionForm>
    }
    .erased()
}

/// A field for a password that is to be.
#[component]
pub fn NewPassword() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <label for="password">{move || t_string!(i18n, sign_in.password)}</label>
            <input id="password" name="password" type="password" autocomplete="new-password" required minlength="12"
                maxlength="128" aria-describedby="password-rule" data-testid="new-password"/>
            <p class="hint" id="password-rule">{move || t_string!(i18n, set_up.password_rule)}</p>
        </div>
    }
    .erased()
}
