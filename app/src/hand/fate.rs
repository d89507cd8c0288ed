//! What became of it, told to a reader.

use super::{Fate, Wish};
use crate::api::OrderFault;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::use_i18n;
use crate::reason::by_hand::{hold_text, what};
use domain::OrderFate;
use leptos::prelude::*;

/// Everything that was confirmed, each with its fate.
#[component]
pub fn Fates(wishes: Signal<Vec<Wish>>) -> impl IntoView {
    view! {
        <ul class="fates" aria-live="polite" data-testid="fates">
            {move || wishes.get().into_iter().map(|wish| view! { <FateLine wish/> }.erased()).collect_view()}
        </ul>
    }
    .erased()
}

#[component]
fn FateLine(wish: Wish) -> impl IntoView {
    let i18n = use_i18n();
    let Wish { change, fate, .. } = wish;
    let (state, tone, sign) = (fate.clone(), fate.clone(), fate.clone());
    view! {
        <li class="fate" data-tone=move || tone.with(|fate| told(i18n.get_locale(), fate).0) data-testid="fate"
            data-fate=move || state.with(name)>
            {move || sign.with(|fate| view! { <Icon sign=told(i18n.get_locale(), fate).1/> }.erased())}
            <div>
                <strong>{move || what(i18n.get_locale(), change)}</strong>
                <p>{move || fate.with(|fate| told(i18n.get_locale(), fate).2)}</p>
            </div>
        </li>
    }
    .erased()
}

/// The word that tests know a fate by.
fn name(fate: &Fate) -> &'static str {
    match fate {
        Fate::Sending => "sending",
        Fate::Unsure => "unsure",
        Fate::Known(OrderFate::Done) => "done",
        Fate::Known(OrderFate::Unknown) => "unknown",
        Fate::Known(OrderFate::DidNotHappen) => "did_not_happen",
        Fate::Known(OrderFate::Refused { .. }) => "refused",
        Fate::Known(OrderFate::HeldBack(_)) => "held_back",
        Fate::Fault(_) => "fault",
    }
}

fn told(locale: Locale, fate: &Fate) -> (&'static str, Sign, String) {
    match fate {
        Fate::Sending => ("info", Sign::Activity, td_string!(locale, hand.sending).to_owned()),
        Fate::Unsure => ("warn", Sign::Eye, td_string!(locale, hand.unsure).to_owned()),
        Fate::Known(OrderFate::Done) => ("good", Sign::Check, td_string!(locale, hand.done).to_owned()),
        Fate::Known(OrderFate::Unknown) => ("warn", Sign::Eye, td_string!(locale, hand.unknown).to_owned()),
        Fate::Known(OrderFate::DidNotHappen) => {
            ("bad", Sign::Close, td_string!(locale, hand.did_not_happen).to_owned())
        }
        Fate::Known(OrderFate::Refused { message, .. }) => {
            ("bad", Sign::Alert, td_string!(locale, hand.refused, message = message.as_str()).to_string())
        }
        Fate::Known(OrderFate::HeldBack(hold)) => {
            ("bad", Sign::Stop, td_string!(locale, hand.held, hold = hold_text(locale, *hold)).to_string())
        }
        Fate::Fault(fault) => ("bad", Sign::Alert, fault_text(locale, *fault).to_owned()),
    }
}

fn fault_text(locale: Locale, fault: OrderFault) -> &'static str {
    match fault {
        OrderFault::SignedOut => td_string!(locale, fault.signed_out),
        OrderFault::NotFound => td_string!(locale, fault.not_found),
        OrderFault::Forbidden => td_string!(locale, fault.forbidden),
        OrderFault::Nonsense => td_string!(locale, hand.nonsense),
        OrderFault::Unavailable => td_string!(locale, fault.unavailable),
        OrderFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}
