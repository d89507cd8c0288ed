//! Shows that an address is somebody's: by a click, since opening a page changes nothing.

use super::fault::Fault;
use crate::api::{JoinFault, verify_email};
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn VerifyPage(token: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let answer = RwSignal::new(None::<Result<(), JoinFault>>);
    let verify = move |_| {
        let token = token.get_untracked();
        leptos::task::spawn_local(async move { answer.set(Some(verify_email(token).await)) });
    };
    let told = move |answer| match answer {
        Ok(()) => view! {
            <p class="notice notice-good" role="status" data-testid="verified">
                <Icon sign=Sign::Check/><span>{move || t_string!(i18n, door.verified)}</span>
            </p>
            <a class="button" href="/">{move || t_string!(i18n, door.go_on)}</a>
        }
        .erased(),
        Err(fault) => view! { <Fault fault/> }.erased(),
    };
    view! {
        <p class="muted">{move || t_string!(i18n, door.verify_text)}</p>
        <div aria-live="polite">{move || answer.get().map(told)}</div>
        {move || answer.get().is_none().then(|| view! {
            <button type="button" class="button primary" data-testid="verify-submit" on:click=verify>
                {move || t_string!(i18n, door.verify_submit)}
            </button>
        })}
    }
    .erased()
}
