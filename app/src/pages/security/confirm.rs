//! Shows again who it is, before the factors may be changed.

use super::Board;
use crate::api::step_up;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub fn ConfirmCard(board: Board, is_confirmed: bool, asks_code: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        board.run(step_up(password.get_untracked(), code.get_untracked()), |()| ());
    };
    if is_confirmed {
        return view! { <p class="note" data-testid="is-confirmed">{move || t_string!(i18n, security.is_confirmed)}</p> }.erased();
    }
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, security.confirm)}</h2></header>
            <p class="muted">{move || t_string!(i18n, security.confirm_text)}</p>
            <form method="post" on:submit=submit>
                <div class="field">
                    <label for="confirm-password">{move || t_string!(i18n, security.password)}</label>
                    <input id="confirm-password" type="password" autocomplete="current-password" required
                        data-testid="confirm-password" bind:value=password/>
                </div>
                {asks_code.then(|| view! {
                    <div class="field">
                        <label for="confirm-code">{move || t_string!(i18n, security.code)}</label>
                        <input id="confirm-code" autocomplete="one-time-code" spellcheck="false" maxlength="40" required
                            data-testid="confirm-code" bind:value=code/>
                    </div>
                })}
                <button type="submit" class="button" data-testid="confirm-submit">
                    {move || t_string!(i18n, security.confirm_submit)}
                </button>
            </form>
        </section>
    }
    .erased()
}
