//! Letters that somebody asks for from outside. What is answered tells nobody whether an address is known here.

use super::fault::Fault;
use crate::api::{JoinFault, ask_to_register, ask_to_reset, find_doors};
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;

type Asking = fn(String) -> Pin<Box<dyn Future<Output = Result<(), JoinFault>>>>;

#[component]
pub fn AskToRegister() -> impl IntoView {
    let doors = Reading::new_with_options(|| (), |()| find_doors(), true);
    let content = move || {
        Suspend::new(async move {
            match doors.await {
                Ok(doors) if doors.is_open => {
                    view! { <AskForm ask=(|email| Box::pin(ask_to_register(email))) as Asking/> }.erased()
                }
                Ok(_) => view! { <Fault fault=JoinFault::NotOpen/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! { <Suspense>{content}</Suspense><Back/> }.erased()
}

#[component]
pub fn AskToReset() -> impl IntoView {
    let doors = Reading::new_with_options(|| (), |()| find_doors(), true);
    let content = move || {
        Suspend::new(async move {
            match doors.await {
                Ok(doors) if doors.sends_mail => {
                    view! { <AskForm ask=(|email| Box::pin(ask_to_reset(email))) as Asking/> }.erased()
                }
                Ok(_) => view! { <Fault fault=JoinFault::NoMail/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! { <Suspense>{content}</Suspense><Back/> }.erased()
}

#[component]
fn AskForm(ask: Asking) -> impl IntoView {
    let i18n = use_i18n();
    let email = RwSignal::new(String::new());
    let answer = RwSignal::new(None::<Result<(), JoinFault>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move { answer.set(Some(ask(email.get_untracked()).await)) });
    };
    let told = move |answer| match answer {
        Ok(()) => view! {
            <p class="notice notice-good" role="status" data-testid="letter-sent">
                <Icon sign=Sign::Check/><span>{move || t_string!(i18n, door.letter_sent)}</span>
            </p>
        }
        .erased(),
        Err(fault) => view! { <Fault fault/> }.erased(),
    };
    view! {
        <p class="muted">{move || t_string!(i18n, door.ask_text)}</p>
        <form method="post" on:submit=submit>
            <div class="field">
                <label for="email">{move || t_string!(i18n, sign_in.email)}</label>
                <input id="email" type="email" autocomplete="username" required maxlength="254" data-testid="ask-email"
                    bind:value=email/>
            </div>
            <div aria-live="polite">{move || answer.get().map(told)}</div>
            <button type="submit" class="button primary" data-testid="ask-submit">
                {move || t_string!(i18n, door.ask_submit)}
            </button>
        </form>
    }
    .erased()
}

#[component]
fn Back() -> impl IntoView {
    let i18n = use_i18n();
    view! { <p><a href="/sign-in">{move || t_string!(i18n, code.back)}</a></p> }.erased()
}
