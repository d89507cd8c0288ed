//! Wakes the page in the browser.

use app::App;
use leptos::prelude::document;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once its wasm has arrived.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    if let Some(html) = document().document_element() {
        // An element of the page takes any attribute; by this one styles and tests know that buttons work.
        let _ = html.set_attribute("data-hydrated", "");
    }
}
