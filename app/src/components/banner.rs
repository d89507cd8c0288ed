//! The red banner: says so, across the page, when what is shown must not be trusted.

use crate::components::badge::key_fault_text;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::{Blindness, Live};
use domain::brake::Brakes;
use domain::live::Alarm;
use leptos::prelude::*;

/// Nothing while all is well.
#[component]
pub fn Banner() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let blindness = Memo::new(move |_| live.blindness());
    let brakes = Memo::new(move |_| live.snapshot.with(|it| it.as_ref().map(|it| it.value.brakes).unwrap_or_default()));
    let age = move || {
        live.price_age().map(|age| {
            let locale = i18n.get_locale();
            td_string!(locale, banner.last_price, age = format::age(locale, age)).to_string()
        })
    };
    let shown = move |blindness: Blindness| {
        view! {
            <div class="banner" data-testid="stale-banner">
                <Icon sign=Sign::Alert/>
                <p>{move || blindness_text(i18n.get_locale(), blindness)}" "<span aria-live="off">{move || age()}</span></p>
            </div>
        }
    };
    view! {
        <div aria-live="assertive">
            {move || live.signed_out.get().then(|| view! {
                <div class="banner" data-testid="signed-out-banner">
                    <Icon sign=Sign::Alert/>
                    <p>{move || t_string!(i18n, banner.signed_out)}" "<a href="/sign-in" target="_blank" rel="noopener">{move || t_string!(i18n, banner.sign_in_again)}</a></p>
                </div>
            }.erased())}
            {move || brakes.get().any().then(|| view! { <BrakeBanner brakes=brakes.get()/> }.erased())}
            {move || blindness.get().filter(|it| !is_brake(*it)).map(shown)}
        </div>
    }
    .erased()
}

/// What a person or the breaker holds back, with the way to the switches; on every page.
#[component]
fn BrakeBanner(brakes: Brakes) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || {
        let locale = i18n.get_locale();
        let trading = brakes.trading.map(|_| td_string!(locale, stop.banner_trading));
        let guards = brakes.guards.map(|_| td_string!(locale, stop.banner_guards));
        let breaker = brakes.breaker.then(|| td_string!(locale, stop.banner_breaker));
        [guards, breaker, trading].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    view! {
        <div class="banner" data-testid="brake-banner">
            <Icon sign=Sign::Stop/>
            <p>{text}" "<a href="/stop">{move || t_string!(i18n, stop.to_switches)}</a></p>
        </div>
    }
    .erased()
}

/// What the other banner tells.
fn is_brake(blindness: Blindness) -> bool {
    matches!(blindness, Blindness::Alarm(Alarm::GuardStopped | Alarm::BreakerTripped))
}

fn blindness_text(locale: Locale, blindness: Blindness) -> &'static str {
    match blindness {
        Blindness::LinkLost => td_string!(locale, banner.link_lost),
        Blindness::PriceStale | Blindness::Alarm(Alarm::PriceStale) => td_string!(locale, banner.price_stale),
        Blindness::Alarm(Alarm::ExchangeUnreadable) => td_string!(locale, banner.exchange_unreadable),
        Blindness::Alarm(Alarm::PositionFrozen) => td_string!(locale, banner.position_frozen),
        Blindness::Alarm(Alarm::GuardLate) => td_string!(locale, banner.guard_late),
        Blindness::Alarm(Alarm::GuardedElsewhere) => td_string!(locale, banner.guarded_elsewhere),
        Blindness::Alarm(Alarm::ReleasesDiffer) => td_string!(locale, banner.releases_differ),
        Blindness::Alarm(Alarm::GuardStopped) => td_string!(locale, banner.guard_stopped),
        Blindness::Alarm(Alarm::DatabaseLost) => td_string!(locale, banner.database_lost),
        Blindness::Alarm(Alarm::BreakerTripped) => td_string!(locale, banner.breaker_tripped),
        Blindness::Alarm(Alarm::PositionLost) => td_string!(locale, banner.position_lost),
        Blindness::Alarm(Alarm::KeyUnfit(fault)) => key_fault_text(locale, fault),
    }
}
