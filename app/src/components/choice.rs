//! One of a few, all visible.

use crate::erased::Erased;
use leptos::prelude::*;

/// An option of a group: its value for tests, its name, and what it means.
#[component]
pub fn Choice(
    group: &'static str,
    testid: &'static str,
    #[prop(into)] name: Signal<&'static str>,
    #[prop(into)] hint: Signal<&'static str>,
    #[prop(into)] is_chosen: Signal<bool>,
    choose: Callback<()>,
) -> impl IntoView {
    let hint_id = format!("{testid}-hint");
    view! {
        <label class="choice">
            <input type="radio" name=group data-testid=testid prop:checked=is_chosen checked=is_chosen.get_untracked()
                aria-describedby=hint_id.clone() on:change=move |_| choose.run(())/>
            <span class="choice-text">
                <span class="choice-name">{name}</span>
                <span class="choice-hint" id=hint_id>{hint}</span>
            </span>
        </label>
    }
    .erased()
}
