//! The title of a page, in the browser's tab.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::Title;

/// Erased here, because the browser erases components and the server does not: so both leave the same mark in the page.
#[component]
pub fn PageTitle(#[prop(into)] text: TextProp) -> impl IntoView {
    view! { <Title text/> }.into_any()
}
