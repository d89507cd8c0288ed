//! The language of the page: chosen by the reader, remembered in a cookie, guessed from the browser before that.

use crate::i18n::Locale;
use leptos_i18n::context::UseLocalesOptions;

/// The cookie that remembers the reader's choice.
pub const COOKIE: &str = "language";

/// On the server, the reader's choice goes before what the browser prefers.
pub fn locale_options() -> UseLocalesOptions {
    #[cfg(feature = "ssr")]
    return UseLocalesOptions::default().ssr_lang_header_getter(|| {
        let parts = leptos::prelude::use_context::<http::request::Parts>()?;
        let preferred = || parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok().map(str::to_owned);
        crate::theme::cookie_value(&parts, COOKIE).or_else(preferred)
    });
    #[cfg(not(feature = "ssr"))]
    UseLocalesOptions::default()
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
pub struct ClockOffset(pub leptos::prelude::RwSignal<i64>);
