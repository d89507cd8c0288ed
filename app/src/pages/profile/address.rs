//! The reader's address, and whether it was shown to be theirs.

use super::Done;
use crate::api::{JoinFault, ask_to_verify};
use crate::erased::Erased;
use crate::i18n::td_string;
use crate::language::{t_string, use_i18n};
use crate::pages::door::Fault;
use leptos::prelude::*;

#[component]
pub fn AddressCard(email: String, is_email_verified: bool, sends_mail: bool) -> impl IntoView {
    let i18n = use_i18n();
    let answer = RwSignal::new(None::<Result<(), JoinFault>>);
    let ask = move |_| leptos::task::spawn_local(async move { answer.set(Some(ask_to_verify().await)) });
    let told = move |answer| match answer {
        Ok(()) => view! { <Done text=|locale| td_string!(locale, profile.letter_sent)/> }.erased(),
        Err(fault) => view! { <Fault fault/> }.erased(),
    };
    let standing = move || match (is_email_verified, sends_mail) {
        (true, _) => t_string!(i18n, profile.verified),
        (false, true) => t_string!(i18n, profile.unverified),
        (false, false) => t_string!(i18n, profile.no_mail),
    };
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, sign_in.email)}</h2></header>
            <p class="session-name">{email}</p>
            <p class="muted" data-testid="email-standing">{standing}</p>
            <div aria-live="polite">{move || answer.get().map(told)}</div>
            {(!is_email_verified && sends_mail).then(|| view! {
                <button type="button" class="button" data-testid="ask-to-verify" on:click=ask>
                    {move || t_string!(i18n, profile.ask_to_verify)}
                </button>
            })}
        </section>
    }
    .erased()
}
