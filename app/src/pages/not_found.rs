//! There is nothing at this address.

use crate::components::icon::Mark;
use crate::components::page_title::PageTitle;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <PageTitle text=move || t_string!(i18n, not_found.title)/>
        <main class="lonely">
            <div class="door">
                <Mark/>
                <h1>{move || t_string!(i18n, not_found.title)}</h1>
                <p class="muted">{move || t_string!(i18n, not_found.text)}</p>
                <a class="button" href="/">{move || t_string!(i18n, not_found.home)}</a>
            </div>
        </main>
    }
    .erased()
}
