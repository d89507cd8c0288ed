//! The browser's side of the charts: `public/chart.js`, which loads the drawing library.

use wasm_bindgen::prelude::{Closure, wasm_bindgen};

/// Called with the name of a level and the price in dollars that it was let go at.
pub type Dragged = Closure<dyn FnMut(String, f64)>;

#[wasm_bindgen(raw_module = "/chart.js")]
extern "C" {
    /// A chart inside an element.
    pub type Drawing;

    /// With somebody to call, levels can be dragged.
    #[wasm_bindgen(js_name = create)]
    pub fn create(container: &web_sys::Element, dragged: Option<&Dragged>) -> Drawing;

    /// Replaces all bars: five numbers each.
    #[wasm_bindgen(method, js_name = setBars)]
    pub fn set_bars(this: &Drawing, flat: Vec<f64>);

    /// Changes the newest bar, or adds the next.
    #[wasm_bindgen(method)]
    pub fn update(this: &Drawing, at: f64, open: f64, high: f64, low: f64, close: f64);

    /// Replaces all that lies over the bars and is called so: `levels`, `markers`, `studies`.
    #[wasm_bindgen(method)]
    pub fn lay(this: &Drawing, layer: &str, json: &str);

    /// Paints with the colours that the page has now.
    #[wasm_bindgen(method)]
    pub fn theme(this: &Drawing);

    #[wasm_bindgen(method)]
    pub fn dispose(this: &Drawing);
}
