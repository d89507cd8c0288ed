//! Wakes the page in the browser.

use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Takes over the page that the server has rendered.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let Some(body) = document().body() else { return };
    // What the page needs beyond this module is downloaded on the way.
    spawn_local(async {
        leptos::mount::hydrate_from_async(body, app::App).await.forget();
        request_animation_frame(tell_awake);
    });
}

/// Lets styles and tests know that the page answers now.
fn tell_awake() {
    if let Some(html) = document().document_element() {
        // An element of the page takes any attribute.
        let _ = html.set_attribute("data-hydrated", "");
    }
}
