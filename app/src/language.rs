//! The language of the page: chosen by the reader, remembered in a cookie, guessed from the browser before that.

use crate::i18n::Locale;
use leptos::prelude::*;

/// The cookie that remembers the reader's choice.
pub const COOKIE: &str = "language";

/// The language that the page is in now.
#[derive(Clone, Copy)]
pub struct Language(RwSignal<Locale>);

/// A text in the language that the page is in now.
macro_rules! t_string {
    ($i18n:expr, $($text:tt)+) => {
        crate::i18n::td_string!($i18n.get_locale(), $($text)+)
    };
}
pub(crate) use t_string;

/// The language that the page is in now.
pub fn use_i18n() -> Language {
    expect_context()
}

impl Language {
    /// What the server chose for the reader, and the browser finds on the page.
    pub fn provide() {
        provide_context(Language(RwSignal::new(chosen())));
    }

    pub fn get_locale(self) -> Locale {
        self.0.get()
    }

    /// Changes the language and remembers it.
    pub fn choose(self, locale: Locale) {
        crate::theme::remember(COOKIE, tag(locale));
        #[cfg(feature = "hydrate")]
        if let Some(html) = document().document_element() {
            // An element of the page takes any attribute.
            let _ = html.set_attribute("lang", tag(locale));
        }
        self.0.set(locale);
    }
}

/// On the server, the reader's choice goes before what the browser prefers.
#[cfg(feature = "ssr")]
pub fn chosen() -> Locale {
    use leptos_i18n::Locale as _;
    let Some(parts) = use_context::<http::request::Parts>() else { return Locale::default() };
    let header = || parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok().map(str::to_owned);
    let wanted = crate::theme::cookie_value(&parts, COOKIE).or_else(header).unwrap_or_default();
    let tags: Vec<&str> = wanted.split(',').filter_map(|part| part.split(';').next()).map(str::trim).collect();
    Locale::find_locale(&tags)
}

/// What the server chose.
#[cfg(not(feature = "ssr"))]
pub fn chosen() -> Locale {
    let lang = document().document_element().and_then(|html| html.get_attribute("lang"));
    [Locale::en, Locale::pt_BR].into_iter().find(|known| lang.as_deref() == Some(tag(*known))).unwrap_or_default()
}

/// The other language.
pub fn other(locale: Locale) -> Locale {
    match locale {
        Locale::en => Locale::pt_BR,
        Locale::pt_BR => Locale::en,
    }
}

/// What a reader of the language calls it.
pub fn name(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "English",
        Locale::pt_BR => "Português",
    }
}

pub fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::pt_BR => "pt-BR",
    }
}

/// How far the reader's clock is from UTC, in minutes; 0 until the page woke.
#[derive(Clone, Copy)]
pub struct ClockOffset(pub RwSignal<i64>);
