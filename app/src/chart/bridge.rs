//! The browser's side of the chart: `public/chart.js`, which loads the drawing library.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(raw_module = "/chart.js")]
extern "C" {
    /// A chart inside an element.
    pub type Drawing;

    #[wasm_bindgen(js_name = create)]
    pub fn create(container: &web_sys::Element) -> Drawing;

    /// Replaces all bars: five numbers each.
    #[wasm_bindgen(method, js_name = setBars)]
    pub fn set_bars(this: &Drawing, flat: Vec<f64>);

    /// Changes the newest bar, or adds the next.
    #[wasm_bindgen(method)]
    pub fn update(this: &Drawing, at: f64, open: f64, high: f64, low: f64, close: f64);

    #[wasm_bindgen(method, js_name = setLines)]
    pub fn set_lines(this: &Drawing, json: &str);

    #[wasm_bindgen(method, js_name = setMarkers)]
    pub fn set_markers(this: &Drawing, json: &str);

    /// Paints with the colours that the page has now.
    #[wasm_bindgen(method)]
    pub fn theme(this: &Drawing);

    #[wasm_bindgen(method)]
    pub fn dispose(this: &Drawing);
}
