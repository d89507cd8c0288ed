//! Theme, language, one's own security and the way out.

use crate::api::SignOut;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::language::{self, t_string, use_i18n};
use crate::theme::{self, Theme};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;

#[component]
pub fn ThemeToggle() -> impl IntoView {
    let i18n = use_i18n();
    let theme = expect_context::<RwSignal<Theme>>();
    let sign = move || match theme.get() {
        Theme::Dark | Theme::System => view! { <Icon sign=Sign::Sun/> }.erased(),
        Theme::Light => view! { <Icon sign=Sign::Moon/> }.erased(),
    };
    let label = Signal::derive(move || match theme.get() {
        Theme::Dark | Theme::System => t_string!(i18n, nav.to_light),
        Theme::Light => t_string!(i18n, nav.to_dark),
    });
    let switch = move |_| {
        theme::paint(theme.get_untracked().other());
        theme.update(|theme| *theme = theme.other());
    };
    view! {
        <button type="button" class="icon-button" data-testid="theme-toggle" aria-label=label title=label on:click=switch>
            {move || sign()}
        </button>
    }
    .erased()
}

#[component]
pub fn LanguageToggle() -> impl IntoView {
    let i18n = use_i18n();
    let other = move || language::other(i18n.get_locale());
    let switch = move |_| i18n.choose(language::other(i18n.get_locale()));
    view! {
        <button type="button" class="icon-button wide" data-testid="language-toggle" lang=move || language::tag(other())
            title=move || language::name(other()) on:click=switch>
            <Icon sign=Sign::Globe/>
            <span>{move || language::name(other())}</span>
        </button>
    }
    .erased()
}

/// Opens the palette; `keys.js` hears the press.
#[component]
pub fn PaletteButton() -> impl IntoView {
    let i18n = use_i18n();
    let label = move || t_string!(i18n, nav.search);
    view! {
        <button type="button" class="icon-button" data-opens-palette aria-label=label title=label><Icon sign=Sign::Search/></button>
    }
    .erased()
}

#[component]
pub fn SecurityLink() -> impl IntoView {
    let i18n = use_i18n();
    let label = move || t_string!(i18n, nav.security);
    view! {
        <A href="/settings/security" attr:class="icon-button" attr:data-testid="security-link" attr:aria-label=label
            attr:title=label>
            <Icon sign=Sign::Key/>
        </A>
    }
    .erased()
}

/// A plain form: the browser forgets all that it was shown.
#[component]
pub fn SignOutButton() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <form class="sign-out" method="post" action=SignOut::PATH>
            <button type="submit" class="icon-button wide" data-testid="sign-out">
                <Icon sign=Sign::Leave/>
                <span>{move || t_string!(i18n, nav.sign_out)}</span>
            </button>
        </form>
    }
    .erased()
}
