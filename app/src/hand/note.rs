//! What was done last, told on the page itself once the dialog has closed.

use super::Hand;
use super::fate::Fates;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn HandNote() -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let is_told = Memo::new(move |_| !hand.is_asking() && hand.done.with(|done| !done.is_empty()));
    move || {
        is_told.get().then(|| {
            view! {
                <div class="hand-note" data-testid="hand-note">
                    <Fates wishes=hand.done.into()/>
                    <button type="button" class="button" on:click=move |_| hand.done.set(Vec::new())>
                        {move || t_string!(i18n, hand.dismiss)}
                    </button>
                </div>
            }
            .erased()
        })
    }
}
