//! Times in the zone that the reader chose, or the one that their browser is in.

use crate::format;
use domain::{Millis, Timestamp};

/// The browser's part: `public/zone.js`.
#[cfg(feature = "hydrate")]
mod browser {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(raw_module = "/zone.js")]
    extern "C" {
        pub fn offset(ms: f64) -> f64;
    }
}

/// How far the reader's zone is from UTC at a moment, in minutes to the east.
#[cfg(feature = "hydrate")]
pub fn offset(at: Timestamp) -> i64 {
    browser::offset(at.unix_ms() as f64) as i64
}

/// On the server, what the page says is what the browser will find.
#[cfg(feature = "ssr")]
pub fn offset(at: Timestamp) -> i64 {
    named().and_then(|name| service::zone::offset(&name, at)).unwrap_or(0)
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
pub fn offset(_: Timestamp) -> i64 {
    0
}

/// The zone by its IANA name: the reader's choice, or what their browser said; `None` before it has.
#[cfg(feature = "ssr")]
pub fn named() -> Option<String> {
    let parts = leptos::prelude::use_context::<http::request::Parts>()?;
    let chosen = crate::session::known().and_then(|known| known.time_zone);
    chosen.or_else(|| crate::theme::cookie_value(&parts, "zone")).filter(|name| service::zone::is_known(name))
}

#[cfg(not(feature = "ssr"))]
pub fn named() -> Option<String> {
    None
}

/// A moment on the reader's clock, to the minute: `2020-03-12 07:41`.
pub fn date_time(at: Timestamp) -> String {
    format::date_time(at.plus(Millis::new(offset(at) * Millis::MINUTE.get())))
}
