//! The browser's side of the trade chart: `public/trade-chart.js`.

use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen(raw_module = "/trade-chart.js")]
extern "C" {
    /// A chart inside an element. `dragged` is called with the name of a level and the price it was let go at.
    pub type Drawing;

    #[wasm_bindgen(js_name = create)]
    pub fn create(container: &web_sys::Element, dragged: &Closure<dyn FnMut(String, f64)>) -> Drawing;

    /// Replaces all bars: five numbers each.
    #[wasm_bindgen(method, js_name = setBars)]
    pub fn set_bars(this: &Drawing, flat: Vec<f64>);

    /// Changes the newest bar, or adds the next.
    #[wasm_bindgen(method)]
    pub fn update(this: &Drawing, at: f64, open: f64, high: f64, low: f64, close: f64);

    #[wasm_bindgen(method, js_name = setLevels)]
    pub fn set_levels(this: &Drawing, json: &str);

    #[wasm_bindgen(method, js_name = setStudies)]
    pub fn set_studies(this: &Drawing, json: &str);

    /// Paints with the colours that the page has now.
    #[wasm_bindgen(method)]
    pub fn theme(this: &Drawing);

    #[wasm_bindgen(method)]
    pub fn dispose(this: &Drawing);
}
