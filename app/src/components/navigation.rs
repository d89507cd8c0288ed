//! The way around: a rail on a desk; on a phone a bar of five at the foot, and the stop in reach above every page.

use crate::components::account_switch::AccountSwitch;
use crate::components::badge::ModeBadge;
use crate::components::icon::{Icon, Mark, Sign};
use crate::components::preferences::{LanguageToggle, PaletteButton, SecurityLink, SignOutButton, ThemeToggle};
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::{Link, Live};
use domain::Access;
use domain::account::AccountSummary;
use leptos::prelude::*;
use leptos_router::components::A;

const PLACES: [(&str, &str, Sign); 6] = [
    ("/", "nav-dashboard", Sign::Dashboard),
    ("/positions", "nav-positions", Sign::Positions),
    ("/trade", "nav-trade", Sign::Trade),
    ("/guard", "nav-guard", Sign::Guard),
    ("/activity", "nav-activity", Sign::Activity),
    ("/stop", "nav-stop", Sign::Stop),
];

fn place_name(locale: Locale, href: &str) -> &'static str {
    match href {
        "/positions" => td_string!(locale, nav.positions),
        "/trade" => td_string!(locale, nav.trade),
        "/guard" => td_string!(locale, nav.guard),
        "/activity" => td_string!(locale, nav.activity),
        "/stop" => td_string!(locale, nav.stop),
        _ => td_string!(locale, nav.dashboard),
    }
}

/// The links; the style makes them a rail or a bar.
#[component]
pub fn Places() -> impl IntoView {
    let i18n = use_i18n();
    let links = PLACES.map(|(href, testid, sign)| place(href, testid, sign)).collect_view();
    view! { <nav class="places" aria-label=move || t_string!(i18n, nav.label)>{links}</nav> }.erased()
}

fn place(href: &'static str, testid: &'static str, sign: Sign) -> AnyView {
    let i18n = use_i18n();
    view! {
        <A href exact=true attr:class="place" attr:data-testid=testid>
            <Icon sign/>
            <span>{move || place_name(i18n.get_locale(), href)}</span>
        </A>
    }
    .erased()
}

/// Name, mode, and how fresh what is shown is; on every page.
#[component]
pub fn TopBar(accounts: Vec<AccountSummary>, account: AccountSummary) -> impl IntoView {
    let i18n = use_i18n();
    let (mode, is_seen) = (account.mode, account.access == Access::See);
    view! {
        <header class="top-bar">
            <a class="brand" href="/" aria-label="Axisor"><Mark/><span>"Axisor"</span></a>
            <div class="account">
                <AccountSwitch accounts shown=account/>
                <ModeBadge mode/>
                {is_seen.then(|| view! { <span class="badge" data-testid="see-only">{move || t_string!(i18n, sharing.see_only)}</span> }.erased())}
            </div>
            <Freshness/>
            <div class="tools">
                <PaletteButton/><SecurityLink/><LanguageToggle/><ThemeToggle/><SignOutButton/>
                {place("/stop", "nav-stop", Sign::Stop)}
            </div>
        </header>
    }
    .erased()
}

/// How old the price is and whether the page still hears.
#[component]
fn Freshness() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let age = move || {
        let locale = i18n.get_locale();
        match live.price_age() {
            Some(age) => td_string!(locale, live.price_age, age = format::age(locale, age)).to_string(),
            None => td_string!(locale, figure.no_price).to_owned(),
        }
    };
    let state = Signal::derive(move || match (live.blindness(), live.link.get()) {
        (Some(_), _) => "bad",
        (None, Link::Open) => "good",
        (None, _) => "waiting",
    });
    let name = move || match state.get() {
        "bad" if live.link.get() == Link::Lost => t_string!(i18n, live.reconnecting),
        "bad" => t_string!(i18n, live.blind),
        "good" => t_string!(i18n, live.live),
        _ => t_string!(i18n, live.connecting),
    };
    view! {
        <p class="freshness" data-tone=state>
            <span class="pulse" aria-hidden="true"></span>
            <span class="freshness-state">{move || name()}</span>
            <span class="freshness-age" data-testid="price-age">{move || age()}</span>
        </p>
    }
    .erased()
}

/// Where the chart's drawing comes from, and what this is.
#[component]
pub fn PageFoot() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <footer class="page-foot">
            <p>
                {move || t_string!(i18n, foot.charts)}" "
                <a href="https://www.tradingview.com/" rel="noreferrer noopener" target="_blank">"Lightweight Charts\u{2122} by TradingView"</a>
                " (Apache-2.0)."
            </p>
            <p>{move || t_string!(i18n, foot.times)}</p>
            <button type="button" class="button install" data-install>{move || t_string!(i18n, foot.install)}</button>
        </footer>
    }
    .erased()
}
