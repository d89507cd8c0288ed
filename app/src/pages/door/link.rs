//! What a one-time link carries. It stands behind the `#` of the address, which no browser sends to a server: so it is in no
//! log of a proxy, and only the page's own script can read it.

use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Empty on the server, and until the page has woken.
pub fn link_token() -> RwSignal<String> {
    let (token, carried) = (RwSignal::new(String::new()), use_location().hash);
    // Another link in the same window changes nothing but what stands behind the `#`.
    Effect::new(move || {
        if let Some(carried) = carried.read().strip_prefix("#token=") {
            token.set(carried.to_owned());
        }
    });
    token
}

/// Shown until then; for good where scripts are off, or a part of the link was lost.
#[component]
pub fn Unread() -> impl IntoView {
    let i18n = use_i18n();
    view! { <p class="muted" data-testid="link-unread">{move || t_string!(i18n, door.unread)}</p> }.erased()
}
