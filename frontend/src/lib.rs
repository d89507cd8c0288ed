//! Wakes the page in the browser.

use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server has rendered.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    request_animation_frame(tell_awake);
}

/// Lets styles and tests know that the page answers now.
fn tell_awake() {
    if let Some(html) = document().document_element() {
        // An element of the page takes any attribute.
        let _ = html.set_attribute("data-hydrated", "");
    }
}
