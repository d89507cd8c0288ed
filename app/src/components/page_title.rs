//! The title of a page, in the browser's tab.

use crate::erased::Erased;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::Title;

/// Erased here, because the browser erases components and the server does not: so both leave the same mark in the page.
#[component]
pub fn PageTitle(#[prop(into)] text: TextProp) -> impl IntoView {
    // The server asks for the title after the page was rendered, when what the text depends on may be gone.
    #[cfg(feature = "ssr")]
    let text = TextProp::from(text.get().into_owned());
    view! { <Title text/> }.erased()
}
