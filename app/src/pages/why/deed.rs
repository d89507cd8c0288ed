//! What was done at the exchange, and what shows that it was.

use crate::components::full_row::FullRow;
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::reason::by_hand::what;
use domain::action::Change;
use domain::why::Deed;
use domain::{ActionState, iso8601};
use leptos::prelude::*;

#[component]
pub fn DeedCard(deed: Option<Deed>) -> impl IntoView {
    let i18n = use_i18n();
    let content = match deed {
        None => view! { <p class="empty">{move || t_string!(i18n, why.did_nothing)}</p> }.erased(),
        Some(deed) => view! { <Done deed/> }.erased(),
    };
    view! {
        <section class="card" data-testid="why-deed">
            <header class="card-head"><h2>{move || t_string!(i18n, why.did)}</h2></header>
            {content}
        </section>
    }
    .erased()
}

#[component]
fn Done(deed: Deed) -> impl IntoView {
    let i18n = use_i18n();
    let Deed { action, change, state, written_at, proof, .. } = deed;
    let meant = move || {
        let (locale, time) = (i18n.get_locale(), iso8601::write(written_at));
        match change {
            Change::AddMargin { amount } => {
                td_string!(locale, why.add_margin, amount = format::sats(locale, amount), time = time).to_string()
            }
            Change::Close => td_string!(locale, why.close, time = time).to_string(),
            other => td_string!(locale, why.other, what = what(locale, other), time = time).to_string(),
        }
    };
    view! {
        <p>{meant}</p>
        <p data-testid="why-state" data-state=state.as_str()><strong>{move || state_text(i18n.get_locale(), state)}</strong></p>
        <p class="note">{action.to_string()}</p>
        <ul class="activity full">
            {proof.into_iter().map(|entry| view! { <FullRow entry/> }.erased()).collect_view()}
        </ul>
    }
    .erased()
}

fn state_text(locale: Locale, state: ActionState) -> &'static str {
    match state {
        ActionState::Intent => td_string!(locale, why.state_intent),
        ActionState::Unknown => td_string!(locale, why.state_unknown),
        ActionState::Proved => td_string!(locale, why.state_proved),
        ActionState::Refuted => td_string!(locale, why.state_refuted),
        ActionState::Frozen => td_string!(locale, why.state_frozen),
        ActionState::Counted => td_string!(locale, why.state_counted),
    }
}
