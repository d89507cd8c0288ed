//! A new password in place of the old.

use super::Done;
use crate::api::{JoinFault, change_password};
use crate::erased::Erased;
use crate::i18n::td_string;
use crate::language::{t_string, use_i18n};
use crate::pages::door::Fault;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub fn PasswordCard() -> impl IntoView {
    let i18n = use_i18n();
    let (old, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let answer = RwSignal::new(None::<Result<(), JoinFault>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move {
            let changed = change_password(old.get_untracked(), new.get_untracked()).await;
            if changed.is_ok() {
                old.set(String::new());
                new.set(String::new());
            }
            answer.set(Some(changed));
        });
    };
    let told = move |answer| match answer {
        Ok(()) => view! { <Done text=|locale| td_string!(locale, profile.password_changed)/> }.erased(),
        Err(fault) => view! { <Fault fault/> }.erased(),
    };
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, profile.password)}</h2></header>
            <p class="muted">{move || t_string!(i18n, profile.password_text)}</p>
            <form method="post" on:submit=submit>
                <div class="field-grid">
                    <div class="field">
                        <label for="old-password">{move || t_string!(i18n, profile.old_password)}</label>
                        <input id="old-password" type="password" autocomplete="current-password" required maxlength="128"
                            data-testid="old-password" bind:value=old/>
                    </div>
                    <div class="field">
                        <label for="next-password">{move || t_string!(i18n, profile.new_password)}</label>
                        <input id="next-password" type="password" autocomplete="new-password" required minlength="12"
                            maxlength="128" data-testid="next-password" aria-describedby="next-password-rule" bind:value=new/>
                        <p class="hint" id="next-password-rule">{move || t_string!(i18n, set_up.password_rule)}</p>
                    </div>
                </div>
                <div aria-live="polite">{move || answer.get().map(told)}</div>
                <button type="submit" class="button" data-testid="change-password">
                    {move || t_string!(i18n, profile.change)}
                </button>
            </form>
        </section>
    }
    .erased()
}
