//! How the pages look: theme, language, colours, units, what is hidden, and whether keys are shortcuts.

use crate::api::{ProfileFault, save_units};
use crate::components::choice::Choice;
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{self, t_string, use_i18n};
use crate::look::{COLOURS, HIDE, KEYS, Look, RISE, UNITS};
use crate::theme::{self, Theme};
use domain::Units;
use leptos::prelude::*;

#[component]
pub fn AppearancePage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle text=move || t_string!(i18n, appearance.title)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, appearance.title)}</h1>
            <p class="muted">{move || t_string!(i18n, appearance.about)}</p>
        </header>
        <div class="appearance">
            <section class="card"><Themes/></section>
            <section class="card"><Languages/></section>
            <section class="card"><Looks look=UNITS/></section>
            <section class="card"><Looks look=HIDE/></section>
            <section class="card"><Looks look=COLOURS/><Sample/></section>
            <section class="card"><Looks look=RISE/></section>
            <section class="card"><Looks look=KEYS/></section>
        </div>
    }
    .erased()
}

#[component]
fn Themes() -> impl IntoView {
    let i18n = use_i18n();
    let chosen = expect_context::<RwSignal<Theme>>();
    let choice = move |(this, testid): (Theme, &'static str)| {
        view! {
            <Choice group="theme" testid
                name=Signal::derive(move || theme_words(i18n.get_locale(), this).0)
                hint=Signal::derive(move || theme_words(i18n.get_locale(), this).1)
                is_chosen=Signal::derive(move || chosen.get() == this)
                choose=Callback::new(move |()| {
                    theme::paint(this);
                    chosen.set(this);
                })/>
        }
    };
    let all = [(Theme::System, "theme-system"), (Theme::Dark, "theme-dark"), (Theme::Light, "theme-light")];
    view! {
        <fieldset class="choices across">
            <legend>{move || t_string!(i18n, appearance.theme)}</legend>
            {all.map(choice).collect_view()}
        </fieldset>
    }
    .erased()
}

#[component]
fn Languages() -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |(this, testid): (Locale, &'static str)| {
        view! {
            <Choice group="language" testid
                name=Signal::derive(move || language::name(this))
                hint=Signal::derive(move || match this {
                    Locale::en => "1,234.5",
                    Locale::pt_BR => "1.234,5",
                })
                is_chosen=Signal::derive(move || i18n.get_locale() == this)
                choose=Callback::new(move |()| i18n.choose(this))/>
        }
    };
    let all = [(Locale::en, "language-en"), (Locale::pt_BR, "language-pt-BR")];
    view! {
        <fieldset class="choices across">
            <legend>{move || t_string!(i18n, appearance.language)}</legend>
            {all.map(choice).collect_view()}
        </fieldset>
    }
    .erased()
}

/// One choice; it holds at once, on this page and the next.
#[component]
fn Looks(look: Look) -> impl IntoView {
    let i18n = use_i18n();
    let (chosen, fault) = (RwSignal::new(look.chosen()), RwSignal::new(None::<ProfileFault>));
    let keep = move |value: &str| {
        // Units belong to the reader, on every device; the rest to this browser.
        let Some(units) = Units::named(value).filter(|_| look == UNITS) else { return };
        leptos::task::spawn_local(async move { fault.set(save_units(units).await.err()) });
    };
    let choice = move |(this, testid): (&'static str, &'static str)| {
        view! {
            <Choice group=testid testid
                name=Signal::derive(move || words(i18n.get_locale(), testid).0)
                hint=Signal::derive(move || words(i18n.get_locale(), testid).1)
                is_chosen=Signal::derive(move || chosen.get() == this)
                choose=Callback::new(move |()| {
                    look.choose(this);
                    chosen.set(this);
                    keep(this);
                })/>
        }
    };
    view! {
        <fieldset class="choices across">
            <legend>{move || legend(i18n.get_locale(), look)}</legend>
            {choices(look).iter().copied().map(choice).collect_view()}
            {move || fault.get().map(|_| view! {
                <p class="notice notice-bad" role="alert">{move || t_string!(i18n, appearance.units_not_kept)}</p>
            })}
        </fieldset>
    }
    .erased()
}

/// What the colours are used for, in the colours that are chosen.
#[component]
fn Sample() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="look-sample">
            <span class="badge" data-tone="good">{move || t_string!(i18n, danger.safe)}</span>
            <span class="badge" data-tone="warn">{move || t_string!(i18n, danger.near)}</span>
            <span class="badge" data-tone="bad">{move || t_string!(i18n, danger.critical)}</span>
            <span class="badge side" data-side="long">{move || t_string!(i18n, side.long)}</span>
            <span class="badge side" data-side="short">{move || t_string!(i18n, side.short)}</span>
        </p>
    }
    .erased()
}

/// Values with the names of their fields.
fn choices(look: Look) -> &'static [(&'static str, &'static str)] {
    match look {
        UNITS => &[("sats", "units-sats"), ("btc", "units-btc"), ("usd", "units-usd")],
        HIDE => &[("off", "hide-off"), ("on", "hide-on")],
        COLOURS => &[("standard", "colours-standard"), ("safe", "colours-safe")],
        RISE => &[("green", "rise-green"), ("red", "rise-red")],
        _ => &[("on", "keys-on"), ("off", "keys-off")],
    }
}

fn legend(locale: Locale, look: Look) -> &'static str {
    match look {
        UNITS => td_string!(locale, appearance.units),
        HIDE => td_string!(locale, appearance.hide),
        COLOURS => td_string!(locale, appearance.colours),
        RISE => td_string!(locale, appearance.rise),
        _ => td_string!(locale, appearance.keys),
    }
}

fn theme_words(locale: Locale, theme: Theme) -> (&'static str, &'static str) {
    match theme {
        Theme::System => (td_string!(locale, appearance.system), td_string!(locale, appearance.system_hint)),
        Theme::Dark => (td_string!(locale, appearance.dark), td_string!(locale, appearance.dark_hint)),
        Theme::Light => (td_string!(locale, appearance.light), td_string!(locale, appearance.light_hint)),
    }
}

/// Name and meaning of a value.
fn words(locale: Locale, testid: &str) -> (&'static str, &'static str) {
    match testid {
        "units-sats" => ("sats", td_string!(locale, appearance.sats_hint)),
        "units-btc" => ("BTC", td_string!(locale, appearance.btc_hint)),
        "units-usd" => ("USD", td_string!(locale, appearance.usd_hint)),
        "hide-off" => (td_string!(locale, appearance.show), td_string!(locale, appearance.show_hint)),
        "hide-on" => (td_string!(locale, appearance.hidden), td_string!(locale, appearance.hidden_hint)),
        "colours-standard" => (td_string!(locale, appearance.standard), td_string!(locale, appearance.standard_hint)),
        "colours-safe" => (td_string!(locale, appearance.safe), td_string!(locale, appearance.safe_hint)),
        "rise-green" => (td_string!(locale, appearance.green), td_string!(locale, appearance.green_hint)),
        "rise-red" => (td_string!(locale, appearance.red), td_string!(locale, appearance.red_hint)),
        "keys-on" => (td_string!(locale, appearance.keys_on), td_string!(locale, appearance.keys_on_hint)),
        _ => (td_string!(locale, appearance.keys_off), td_string!(locale, appearance.keys_off_hint)),
    }
}
