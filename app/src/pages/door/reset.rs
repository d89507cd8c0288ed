//! A new password in place of one that was forgotten.

use super::fault::{Fault, Spent};
use super::join::NewPassword;
use super::link::Unread;
use crate::api::{ResetPassword, is_reset_open};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use leptos::prelude::*;

#[component]
pub fn ResetPage(token: RwSignal<String>) -> impl IntoView {
    let is_open = Reading::new_with_options(move || token.get(), is_reset_open, true);
    let content = move || {
        let token = token.get();
        Suspend::new(async move {
            match is_open.await {
                _ if token.is_empty() => view! { <Unread/> }.erased(),
                Ok(true) => view! { <ResetForm token/> }.erased(),
                Ok(false) => view! { <Spent/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! { <Suspense>{content}</Suspense> }.erased()
}

#[component]
fn ResetForm(token: String) -> impl IntoView {
    let i18n = use_i18n();
    let reset = ServerAction::<ResetPassword>::new();
    let fault = move || reset.value().get().and_then(Result::err);
    view! {
        <p class="muted">{move || t_string!(i18n, door.reset_text)}</p>
        <ActionForm action=reset>
            <input type="hidden" name="token" value=token/>
            <NewPassword/>
            <div aria-live="polite">{move || fault().map(|fault| view! { <Fault fault/> }.erased())}</div>
            <button type="submit" class="button primary" data-testid="reset-submit"
                disabled=move || reset.pending().get()>{move || t_string!(i18n, door.reset_submit)}</button>
        </ActionForm>
    }
    .erased()
}
