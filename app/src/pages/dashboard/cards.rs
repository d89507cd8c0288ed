//! The dashboard's figures, each with what it means when it is not known.

use crate::chart::short;
use crate::components::badge::{SideBadge, effect_of};
use crate::components::distance::{Danger, DistanceBar};
use crate::components::icon::Icon;
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::money::Money;
use crate::reason::state_name;
use domain::live::{AccountSnapshot, GuardSnapshot, PositionSnapshot};
use domain::{Bps, Price, Sats};
use leptos::prelude::*;

/// The nearest liquidation, the number that everything here is about.
#[component]
pub fn ClosestCard() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let closest = Memo::new(move |_| {
        let view = live.view.get()?;
        let id = view.closest?.position;
        view.positions.into_iter().find(|shown| shown.position.id == id)
    });
    let distance = move || closest.get().and_then(|shown| shown.distance);
    let trigger = Signal::derive(move || live.view.with(|view| trigger_of(view.as_ref()?.guard.as_ref())));
    let danger = move || distance().map(|distance| Danger::of(distance, trigger.get()));
    let number = move || match distance() {
        Some(distance) => format::percent(i18n.get_locale(), distance),
        None => "\u{2014}".to_owned(),
    };
    view! {
        <section class="card closest" data-tone=move || danger().map_or("none", Danger::as_str) aria-labelledby="closest">
            <header class="card-head">
                <h2 class="label" id="closest">{move || t_string!(i18n, figure.closest)}</h2>
                {move || danger().map(|danger| view! {
                    <span class="badge" data-tone=danger.as_str()>{danger.name(i18n.get_locale())}</span>
                }.erased())}
            </header>
            <p class="figure huge" data-testid="closest-distance">{move || number()}</p>
            <DistanceBar distance=Signal::derive(move || distance().unwrap_or(Bps::new(0))) trigger/>
            {move || match closest.get() {
                Some(shown) => view! { <ClosestFacts shown/> }.erased(),
                None => view! { <NoPosition/> }.erased(),
            }}
        </section>
    }
    .erased()
}

/// What to do where there is nothing to protect yet.
#[component]
fn NoPosition() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="empty">
            <p>{move || t_string!(i18n, figure.no_position)}</p>
            <a class="button" href="/trade">{move || t_string!(i18n, trade.open_one)}</a>
        </div>
    }
    .erased()
}

fn trigger_of(guard: Option<&GuardSnapshot>) -> Option<Bps> {
    guard.map(|guard| guard.guard.policy.trigger())
}

#[component]
fn ClosestFacts(shown: PositionSnapshot) -> impl IntoView {
    let i18n = use_i18n();
    let position = shown.position;
    let price = move |price| format::price(i18n.get_locale(), price);
    view! {
        <dl class="facts">
            <div><dt>{move || t_string!(i18n, position.liquidation)}</dt><dd class="figure bad">{move || price(position.liquidation)}</dd></div>
            {shown.guard_trigger.map(|trigger| view! {
                <div><dt>{move || t_string!(i18n, position.guard_trigger)}</dt><dd class="figure accent">{move || price(trigger)}</dd></div>
            }.erased())}
            <div><dt>{move || t_string!(i18n, position.entry)}</dt><dd class="figure">{move || price(position.entry)}</dd></div>
            <div>
                <dt>{move || t_string!(i18n, position.title)}" "{short(position.id)}</dt>
                <dd><SideBadge side=position.side/></dd>
            </div>
        </dl>
    }
    .erased()
}

/// Whether protection works, and how one can see that it does.
#[component]
pub fn GuardCard() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let guard = Memo::new(move |_| live.view.with(|view| view.as_ref()?.guard));
    let told = move || effect_of(i18n.get_locale(), guard.get().map(|guard| guard.effect));
    let age = move |age| match age {
        Some(age) => td_string!(i18n.get_locale(), live.ago, age = format::age(i18n.get_locale(), age)).to_string(),
        None => t_string!(i18n, live.never).to_owned(),
    };
    view! {
        <section class="card guard-card" data-tone=move || told().0 aria-labelledby="guard-card">
            <header class="card-head">
                <h2 class="label" id="guard-card">{move || t_string!(i18n, nav.guard)}</h2>
                <a class="more" href="/guard">
                    {move || if guard.get().is_some() { t_string!(i18n, guard.edit) } else { t_string!(i18n, guard.set_up) }}
                </a>
            </header>
            <p class="guard-state" data-testid="guard-state">
                {move || view! { <Icon sign=told().1/> }.erased()}
                <strong>{move || told().2}</strong>
            </p>
            <p class="muted">{move || told().3}</p>
            <dl class="facts">
                <div><dt>{move || t_string!(i18n, live.last_check)}</dt><dd class="figure">{move || age(live.check_age())}</dd></div>
                <div><dt>{move || t_string!(i18n, live.price)}</dt><dd class="figure">{move || age(live.price_age())}</dd></div>
                {move || guard.get().map(|guard| view! { <Spending guard/> }.erased())}
            </dl>
        </section>
    }
    .erased()
}

#[component]
fn Spending(guard: GuardSnapshot) -> impl IntoView {
    let i18n = use_i18n();
    let policy = guard.guard.policy;
    let rule = move || {
        let locale = i18n.get_locale();
        format!("{} \u{2192} {}", format::percent(locale, policy.trigger()), format::percent(locale, policy.target()))
    };
    let today = move || {
        let locale = i18n.get_locale();
        let (added, allowed) = (format::sats(locale, guard.added_today), format::sats(locale, policy.limits().per_day));
        td_string!(locale, guard.of_limit, used = added, allowed = allowed).to_string()
    };
    view! {
        <div><dt>{move || t_string!(i18n, guard.rule)}</dt><dd class="figure">{move || rule()}</dd></div>
        <div><dt>{move || t_string!(i18n, guard.added_today)}</dt><dd class="figure">{move || today()}</dd></div>
        <div>
            <dt>{move || t_string!(i18n, guard.version)}</dt>
            <dd class="figure">{guard.guard.version}" \u{b7} "{move || state_name(i18n.get_locale(), guard.guard.state)}</dd>
        </div>
    }
    .erased()
}

type Pick = fn(&AccountSnapshot) -> Option<Sats>;
type Write = fn(Locale, Sats, Option<Price>) -> Money;

/// The account's money.
#[component]
pub fn Figures() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let sats = move |pick: Pick| live.view.with(|view| view.as_ref().and_then(pick));
    let money = move |pick: Pick, write: Write| {
        let price = live.price.with(|price| price.map(|price| price.value.tick.last));
        sats(pick).map(|amount| write(i18n.get_locale(), amount, price))
    };
    let cell = move |testid: &'static str, pick: Pick, write: Write| {
        let main = move || {
            money(pick, write).map_or_else(|| (no_data(i18n.get_locale()), ""), |money| (money.main, money.unit))
        };
        view! { <span data-testid=testid data-private>{move || main().0}</span>" "<small>{move || main().1}</small> }
            .erased()
    };
    let worth = move |pick: Pick, write: Write| money(pick, write).and_then(|money| money.beside);
    let pnl_tone = Signal::derive(move || match sats(|view| Some(view.unrealised_pnl)).map_or(0, Sats::get) {
        0 => "none",
        1.. => "good",
        _ => "bad",
    });
    let used = move || {
        live.view.with(|view| {
            let view = view.as_ref()?;
            let share = share_of(view.margin_used, view.equity?)?;
            Some(
                td_string!(i18n.get_locale(), figure.of_equity, share = format::percent(i18n.get_locale(), share))
                    .to_string(),
            )
        })
    };
    view! {
        <section class="figures card" aria-label=move || t_string!(i18n, figure.title)>
            <div class="figure-cell">
                <h3 class="label">{move || t_string!(i18n, figure.wallet)}</h3>
                <p class="figure large">{cell("wallet", |view| view.wallet, Money::of)}</p>
                <p class="figure sub" data-private>{move || worth(|view| view.wallet, Money::of)}</p>
            </div>
            <div class="figure-cell">
                <h3 class="label">{move || t_string!(i18n, figure.equity)}</h3>
                <p class="figure large">{cell("equity", |view| view.equity, Money::of)}</p>
                <p class="figure sub" data-private>{move || worth(|view| view.equity, Money::of)}</p>
            </div>
            <div class="figure-cell">
                <h3 class="label">{move || t_string!(i18n, figure.margin_used)}</h3>
                <p class="figure large">{cell("margin-used", |view| Some(view.margin_used), Money::of)}</p>
                <p class="figure sub">{move || used()}</p>
            </div>
            <div class="figure-cell" data-tone=pnl_tone>
                <h3 class="label">{move || t_string!(i18n, figure.pnl)}</h3>
                <p class="figure large tone">{cell("pnl", |view| Some(view.unrealised_pnl), Money::signed)}</p>
                <p class="figure sub" data-private>{move || worth(|view| Some(view.unrealised_pnl), Money::signed)}</p>
            </div>
            <Funding/>
        </section>
    }
    .erased()
}

/// When funding comes next, by the market's clock.
#[component]
fn Funding() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let coming = move || live.view.with(|view| view.as_ref()?.funding);
    let when = move || match (coming(), live.price.get()) {
        (Some(coming), Some(price)) => format::countdown(coming.at.since(price.value.tick.at)),
        (Some(coming), None) => format::clock(coming.at, 0),
        (None, _) => no_data(i18n.get_locale()),
    };
    let rate = move || {
        coming().map(|coming| {
            let locale = i18n.get_locale();
            let rate = format::rate(locale, coming.rate);
            match coming.rate.hundred_millionths() {
                0 => rate,
                1.. => td_string!(locale, figure.longs_pay, rate = rate).to_string(),
                _ => td_string!(locale, figure.shorts_pay, rate = rate).to_string(),
            }
        })
    };
    view! {
        <div class="figure-cell">
            <h3 class="label">{move || t_string!(i18n, figure.next_funding)}</h3>
            <p class="figure large" data-testid="next-funding">{move || when()}</p>
            <p class="figure sub">{move || rate()}</p>
        </div>
    }
    .erased()
}

fn no_data(locale: Locale) -> String {
    td_string!(locale, figure.no_data).to_owned()
}

/// A part as a share of a whole; `None` of nothing.
fn share_of(part: Sats, whole: Sats) -> Option<Bps> {
    let share = i128::from(part.get()) * i128::from(Bps::ONE.get()) / i128::from(whole.get()).max(1);
    whole.is_positive().then(|| i64::try_from(share).ok().map(Bps::new)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_not_shown() {
        assert_eq!(share_of(Sats::new(1), Sats::new(4)), Some(Bps::new(2_500)));
        assert_eq!(share_of(Sats::new(1), Sats::ZERO), None);
        assert_eq!(share_of(Sats::MAX, Sats::new(1)), None);
    }
}
