//! Shows again who it is, before the factors may be changed.

use super::Board;
use crate::api::PasskeyUse;
use crate::components::passkey::PasskeyButton;
use crate::components::step_up::StepUp;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn ConfirmCard(board: Board, is_confirmed: bool, asks_code: bool, has_passkeys: bool) -> impl IntoView {
    let i18n = use_i18n();
    if is_confirmed {
        return view! { <p class="note" data-testid="is-confirmed">{move || t_string!(i18n, security.is_confirmed)}</p> }.erased();
    }
    let done = Callback::new(move |()| {
        board.fault.set(None);
        board.read.refetch();
    });
    let failed = Callback::new(move |fault| board.fault.set(Some(fault)));
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, security.confirm)}</h2></header>
            <p class="muted">{move || t_string!(i18n, security.confirm_text)}</p>
            <StepUp testid="confirm" code=Some(asks_code) done failed/>
            {has_passkeys.then(|| view! { <PasskeyButton purpose=PasskeyUse::StepUp done/> })}
        </section>
    }
    .erased()
}
