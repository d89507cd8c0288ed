//! Password and code again, where something must not be done by who found a browser open.

use crate::api::{SecurityFault, asks_code, step_up};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// `done` runs once the session is confirmed; `failed` with why it was not. Who has no authenticator is asked no code;
/// a page that knows whether there is one says so in `code`. The fields are named after `testid`.
#[component]
pub fn StepUp(
    done: Callback<()>,
    failed: Callback<SecurityFault>,
    #[prop(default = "step-up")] testid: &'static str,
    #[prop(optional_no_strip)] code: Option<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (password, typed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // Where it can't be found out, a code may be given.
    let needs_code = RwSignal::new(code);
    if code.is_none() {
        leptos::task::spawn_local(async move { needs_code.set(asks_code().await.ok()) });
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move {
            match step_up(password.get_untracked(), typed.get_untracked()).await {
                Ok(()) => done.run(()),
                Err(fault) => failed.run(fault),
            }
        });
    };
    let code_field = move || {
        let needs = needs_code.get();
        (needs != Some(false)).then(|| {
            let label =
                move || if needs.is_some() { t_string!(i18n, security.code) } else { t_string!(i18n, stop.code) };
            view! {
                <div class="field">
                    <label for=format!("{testid}-code")>{label}</label>
                    <input id=format!("{testid}-code") type="text" autocomplete="one-time-code" spellcheck="false" maxlength="40"
                        required=needs.is_some() data-testid=format!("{testid}-code") bind:value=typed/>
                </div>
            }
            .erased()
        })
    };
    view! {
        <form class="step-up" method="post" on:submit=submit>
            <div class="field">
                <label for=format!("{testid}-password")>{move || t_string!(i18n, security.password)}</label>
                <input id=format!("{testid}-password") type="password" autocomplete="current-password" required
                    data-testid=format!("{testid}-password") bind:value=password/>
            </div>
            {code_field}
            <button type="submit" class="button" data-testid=format!("{testid}-submit")>
                {move || t_string!(i18n, security.confirm_submit)}
            </button>
        </form>
    }
    .erased()
}
