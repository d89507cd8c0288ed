//! The shape of what is still on its way, in place of a blank.

use crate::erased::Erased;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// As many lines as will roughly be there; what is waited for is told to who can't see them.
#[component]
pub fn Skeleton(#[prop(into)] label: TextProp, #[prop(default = 3)] lines: usize) -> impl IntoView {
    let line = |_| view! { <span class="skeleton line"></span> }.erased();
    view! {
        <div class="skeletons" role="status" aria-busy="true">
            <span class="sr-only">{move || label.get()}</span>
            {(0..lines).map(line).collect_view()}
        </div>
    }
    .erased()
}
