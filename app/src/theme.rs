//! Dark or light: remembered in a cookie, so that the server paints the right one at once.

/// Dark, light, or as the reader's machine is at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Dark,
    Light,
    System,
}

/// The cookie that remembers the reader's choice.
pub const COOKIE: &str = "theme";

impl Theme {
    pub const fn as_str(self) -> &'static str {
        match self {
            Theme::Dark => "dark",
            Theme::Light => "light",
            Theme::System => "system",
        }
    }

    /// The opposite of what is seen.
    pub fn other(self) -> Theme {
        match self {
            Theme::Dark => Theme::Light,
            Theme::System if !is_machine_light() => Theme::Light,
            Theme::Light | Theme::System => Theme::Dark,
        }
    }

    pub fn parse(text: &str) -> Option<Theme> {
        [Theme::Dark, Theme::Light, Theme::System].into_iter().find(|theme| theme.as_str() == text)
    }
}

/// The theme that the page is painted in: from the request on the server, from the page itself in the browser.
pub fn painted() -> Theme {
    #[cfg(feature = "ssr")]
    let text = leptos::prelude::use_context::<http::request::Parts>().and_then(|parts| cookie_value(&parts, COOKIE));
    #[cfg(feature = "hydrate")]
    let text = leptos::prelude::document().document_element().and_then(|html| html.get_attribute("data-theme"));
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    let text: Option<String> = None;
    text.as_deref().and_then(Theme::parse).unwrap_or_default()
}

/// Whether the reader's machine prefers light pages.
#[cfg(feature = "hydrate")]
fn is_machine_light() -> bool {
    let asked = leptos::prelude::window().match_media("(prefers-color-scheme: light)");
    asked.ok().flatten().is_some_and(|answer| answer.matches())
}

#[cfg(not(feature = "hydrate"))]
fn is_machine_light() -> bool {
    false
}

/// Paints the page in a theme and remembers it.
pub fn paint(theme: Theme) {
    #[cfg(feature = "hydrate")]
    {
        if let Some(html) = leptos::prelude::document().document_element() {
            // An element of the page takes any attribute.
            let _ = html.set_attribute("data-theme", theme.as_str());
        }
        remember(COOKIE, theme.as_str());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = theme;
}

/// Keeps a reader's choice for a year, in a cookie that only this site gets.
#[cfg(feature = "hydrate")]
pub fn remember(name: &str, value: &str) {
    use wasm_bindgen::JsCast;
    if let Ok(document) = leptos::prelude::document().dyn_into::<web_sys::HtmlDocument>() {
        // A browser that refuses cookies forgets the choice, and no more.
        let _ = document.set_cookie(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"));
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn remember(_name: &str, _value: &str) {}

/// A cookie of a request.
#[cfg(feature = "ssr")]
pub fn cookie_value(parts: &http::request::Parts, name: &str) -> Option<String> {
    parts
        .headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_found_among_other_cookies() {
        let request = http::Request::builder().header("cookie", "a=1; theme=light").header("cookie", "b=2");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        assert_eq!(cookie_value(&parts, "theme").as_deref().and_then(Theme::parse), Some(Theme::Light));
        assert_eq!(cookie_value(&parts, "b").as_deref(), Some("2"));
        assert_eq!(cookie_value(&parts, "them"), None);
        assert_eq!(Theme::parse("<script>"), None);
    }
}
