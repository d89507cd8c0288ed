//! How a reader wants the pages: each choice is kept in a cookie and painted on the document, so that the server's first
//! word is the right one.

/// One thing to choose, by the name of its cookie and of its mark on the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    name: &'static str,
    /// The first is what it is before anybody chose.
    values: &'static [&'static str],
}

/// The colour of what rises.
pub const RISE: Look = Look { name: "rise", values: &["green", "red"] };
/// Colours that who can't tell red from green can tell apart.
pub const COLOURS: Look = Look { name: "palette", values: &["standard", "safe"] };
/// In what money is shown first.
pub const UNITS: Look = Look { name: "units", values: &["sats", "btc", "usd"] };
/// Whether balances are kept from who looks over a shoulder.
pub const HIDE: Look = Look { name: "hide", values: &["off", "on"] };
/// Whether single keys are shortcuts.
pub const KEYS: Look = Look { name: "keys", values: &["on", "off"] };

impl Look {
    /// What was chosen: from the request on the server, from the document in the browser.
    pub fn chosen(self) -> &'static str {
        #[cfg(feature = "ssr")]
        let text = leptos::prelude::use_context::<http::request::Parts>()
            .and_then(|parts| self.kept().or_else(|| crate::theme::cookie_value(&parts, self.name)));
        #[cfg(feature = "hydrate")]
        let text = leptos::prelude::document()
            .document_element()
            .and_then(|html| html.get_attribute(&format!("data-{}", self.name)));
        #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
        let text: Option<String> = None;
        self.parse(text.as_deref())
    }

    /// Paints the document so, and remembers it.
    pub fn choose(self, value: &'static str) {
        #[cfg(feature = "hydrate")]
        if let Some(html) = leptos::prelude::document().document_element() {
            // An element of the page takes any attribute.
            let _ = html.set_attribute(&format!("data-{}", self.name), value);
        }
        crate::theme::remember(self.name, value);
    }

    /// What the reader chose on whatever device.
    #[cfg(feature = "ssr")]
    fn kept(self) -> Option<String> {
        let units = crate::session::known().filter(|_| self == UNITS)?.units?;
        Some(units.as_str().to_owned())
    }

    fn parse(self, text: Option<&str>) -> &'static str {
        let [first, ..] = self.values else { return "" };
        self.values.iter().find(|known| Some(**known) == text).unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_says_nonsense_changes_nothing() {
        assert_eq!(UNITS.parse(Some("btc")), "btc");
        for nonsense in [None, Some(""), Some("\"><script>"), Some("BTC")] {
            assert_eq!(UNITS.parse(nonsense), "sats");
        }
    }
}
