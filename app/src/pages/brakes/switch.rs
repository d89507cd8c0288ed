//! The two switches of one reach: trading, and the guard.

use super::{Board, Deed};
use crate::components::hold_to_confirm::HoldToConfirm;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::brake::{Pulled, StopScope, Stopped};
use leptos::prelude::*;

/// Both switches of the account, or of everything. Who may not release them sees them all the same.
#[component]
pub fn Switches(board: Board, scope: StopScope, pulled: Vec<Pulled>, may_release: bool) -> impl IntoView {
    let i18n = use_i18n();
    let heading = move || match scope {
        StopScope::Account => t_string!(i18n, stop.this_account),
        StopScope::Everything => t_string!(i18n, stop.every_account),
    };
    let find = move |stopped| pulled.iter().find(|it| (it.scope, it.stopped) == (scope, stopped)).copied();
    let (trading, guards) = (find(Stopped::Trading), find(Stopped::Guards));
    view! {
        <section class="card" data-testid=match scope { StopScope::Account => "stop-account", StopScope::Everything => "stop-everything" }>
            <header class="card-head"><h2>{heading}</h2></header>
            {(!may_release).then(|| view! { <p class="note">{move || t_string!(i18n, stop.master_only)}</p> }.erased())}
            <Switch board scope stopped=Stopped::Trading pulled=trading may_release/>
            <Switch board scope stopped=Stopped::Guards pulled=guards may_release/>
        </section>
    }
    .erased()
}

#[component]
fn Switch(
    board: Board,
    scope: StopScope,
    stopped: Stopped,
    pulled: Option<Pulled>,
    may_release: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || words(i18n.get_locale(), stopped);
    let state = move || match pulled {
        Some(pulled) => t_string!(i18n, stop.on, time = format::date_time(pulled.at)).to_string(),
        None => t_string!(i18n, stop.off).to_owned(),
    };
    let account = (scope == StopScope::Account).then_some(board.account);
    let keep_orders = RwSignal::new(false);
    let keeps = stopped == Stopped::Trading && pulled.is_none() && may_release;
    let control = match pulled {
        Some(_) if may_release => view! {
            <button type="button" class="button" data-testid=testid(scope, stopped).1
                on:click=move |_| board.run(Deed::Release { account, stopped })>
                {move || text().3}
            </button>
        }
        .erased(),
        None if may_release => {
            let confirm = Callback::new(move |()| {
                board.run(Deed::Pull { account, stopped, keep_orders: keep_orders.get_untracked() });
            });
            let label = Signal::derive(move || text().2);
            view! { <HoldToConfirm testid=testid(scope, stopped).0 label confirm/> }.erased()
        }
        _ => ().into_any(),
    };
    view! {
        <div class="switch" data-on=pulled.is_some().to_string()>
            <header class="switch-head">
                <h3>{move || text().0}</h3>
                <strong class="badge" data-tone=if pulled.is_some() { "bad" } else { "good" } data-testid="switch-state">
                    <Icon sign=if pulled.is_some() { Sign::Stop } else { Sign::Dot }/>
                    {state}
                </strong>
            </header>
            <p class="muted">{move || text().1}</p>
            {keeps.then(|| view! {
                <label class="check">
                    <input type="checkbox" prop:checked=keep_orders
                        on:change=move |event| keep_orders.set(event_target_checked(&event))/>
                    <span>{move || t_string!(i18n, stop.keep_orders)}</span>
                </label>
            }.erased())}
            {control}
        </div>
    }
    .erased()
}

/// Name, meaning, the words that pull, the words that release.
fn words(locale: Locale, stopped: Stopped) -> (&'static str, &'static str, &'static str, &'static str) {
    match stopped {
        Stopped::Trading => (
            td_string!(locale, stop.trading_title),
            td_string!(locale, stop.trading_about),
            td_string!(locale, stop.pull_trading),
            td_string!(locale, stop.release_trading),
        ),
        Stopped::Guards => (
            td_string!(locale, stop.guards_title),
            td_string!(locale, stop.guards_about),
            td_string!(locale, stop.pull_guards),
            td_string!(locale, stop.release_guards),
        ),
    }
}

fn testid(scope: StopScope, stopped: Stopped) -> (&'static str, &'static str) {
    match (scope, stopped) {
        (StopScope::Account, Stopped::Trading) => ("pull-trading", "release-trading"),
        (StopScope::Account, Stopped::Guards) => ("pull-guards", "release-guards"),
        (StopScope::Everything, Stopped::Trading) => ("pull-all-trading", "release-all-trading"),
        (StopScope::Everything, Stopped::Guards) => ("pull-all-guards", "release-all-guards"),
    }
}
