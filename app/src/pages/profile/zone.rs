//! The zone in which the reader wants to read times.

use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

/// A choice among zones; the first is the browser's own.
#[component]
pub fn ZoneField(zone: RwSignal<Option<String>>, zones: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = zone.get_untracked();
    // One that was chosen under a name that is not offered any more stays what it is.
    let kept = chosen.clone().filter(|chosen| !zones.contains(chosen));
    let option = |name: String| {
        let is_it = chosen.as_ref() == Some(&name);
        view! { <option value=name.clone() selected=is_it>{name.replace('_', " ")}</option> }
    };
    let options = kept.into_iter().chain(zones).map(option).collect_view();
    let choose = move |event| zone.set(Some(event_target_value(&event)).filter(|name| !name.is_empty()));
    view! {
        <div class="field">
            <label for="profile-zone">{move || t_string!(i18n, profile.zone)}</label>
            <select id="profile-zone" data-testid="profile-zone" aria-describedby="profile-zone-hint" on:change=choose>
                <option value="">{move || t_string!(i18n, profile.zone_own)}</option>
                {options}
            </select>
            <p class="hint" id="profile-zone-hint">{move || t_string!(i18n, profile.zone_hint)}</p>
        </div>
    }
    .erased()
}

/// Says it to what formats times on this page, and on those that follow until the next is loaded.
pub fn paint(zone: Option<&str>) {
    #[cfg(feature = "hydrate")]
    if let Some(html) = document().document_element() {
        // An element of the page takes any attribute.
        let _ = html.set_attribute("data-zone", zone.unwrap_or_default());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = zone;
}
