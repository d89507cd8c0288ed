//! Password and code again, where something must not be done by who found a browser open.

use crate::api::{SecurityFault, step_up};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// `done` runs once the session is confirmed; `failed` with why it was not.
#[component]
pub fn StepUp(done: Callback<()>, failed: Callback<SecurityFault>) -> impl IntoView {
    let i18n = use_i18n();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move {
            match step_up(password.get_untracked(), code.get_untracked()).await {
                Ok(()) => done.run(()),
                Err(fault) => failed.run(fault),
            }
        });
    };
    view! {
        <form class="step-up" method="post" on:submit=submit>
            <div class="field">
                <label for="step-up-password">{move || t_string!(i18n, security.password)}</label>
                <input id="step-up-password" type="password" autocomplete="current-password" required
                    data-testid="step-up-password" bind:value=password/>
            </div>
            <div class="field">
                <label for="step-up-code">{move || t_string!(i18n, stop.code)}</label>
                <input id="step-up-code" autocomplete="one-time-code" spellcheck="false" maxlength="40"
                    data-testid="step-up-code" bind:value=code/>
            </div>
            <button type="submit" class="button" data-testid="step-up-submit">
                {move || t_string!(i18n, security.confirm_submit)}
            </button>
        </form>
    }
    .erased()
}
