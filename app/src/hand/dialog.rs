//! The hand's one dialog: a question, then what became of it.

use super::amount::AmountForm;
use super::bulk::CloseManyForm;
use super::close::{CancelForm, CloseForm};
use super::fate::Fates;
use super::opening::OpenForm;
use super::stops::StopsForm;
use super::{Asked, Hand};
use crate::components::badge::ModeBadge;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn HandDialog() -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let title = move || hand.asked.with(|asked| asked.as_ref().map(|asked| title_of(i18n.get_locale(), asked)));
    let mode = move || hand.live.snapshot.with(|known| known.as_ref().map(|known| known.value.account.mode));
    let form = move || {
        hand.asked.get().map(|asked| match asked {
            Asked::AddMargin(position) => view! { <AmountForm position is_adding=true/> }.erased(),
            Asked::CashIn(position) => view! { <AmountForm position is_adding=false/> }.erased(),
            Asked::Stops { position, stop_loss, take_profit } => {
                view! { <StopsForm position stop_loss take_profit/> }.erased()
            }
            Asked::Close(position) => view! { <CloseForm position/> }.erased(),
            Asked::CloseMany(positions) => view! { <CloseManyForm positions/> }.erased(),
            Asked::Cancel(order) => view! { <CancelForm order/> }.erased(),
            Asked::Open(order) => view! { <OpenForm order/> }.erased(),
        })
    };
    view! {
        <dialog node_ref=hand.dialog class="dialog hand-dialog" aria-labelledby="hand-title" data-testid="hand-dialog"
            on:close=move |_| hand.put_away()>
            <header class="hand-head">
                <h2 id="hand-title">{title}</h2>
                {move || mode().map(|mode| view! { <ModeBadge mode/> }.erased())}
            </header>
            <div hidden=move || hand.is_sent()>{form}</div>
            {move || hand.is_sent().then(|| view! {
                <Fates wishes=hand.wishes.into()/>
                <div class="dialog-buttons">
                    <button type="button" class="button" data-testid="hand-leave" on:click=move |_| hand.leave()>
                        {move || t_string!(i18n, hand.leave)}
                    </button>
                </div>
            }.erased())}
        </dialog>
    }
    .erased()
}

fn title_of(locale: Locale, asked: &Asked) -> &'static str {
    match asked {
        Asked::AddMargin(_) => td_string!(locale, hand.add_margin),
        Asked::CashIn(_) => td_string!(locale, hand.cash_in),
        Asked::Stops { .. } => td_string!(locale, hand.stops),
        Asked::Close(_) => td_string!(locale, hand.close),
        Asked::CloseMany(_) => td_string!(locale, hand.close_many),
        Asked::Cancel(_) => td_string!(locale, hand.cancel_order),
        Asked::Open(_) => td_string!(locale, hand.open),
    }
}

/// Back, and the one button that sends.
#[component]
pub fn Buttons(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] is_ready: Signal<bool>,
    #[prop(optional)] is_danger: bool,
    confirm: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    view! {
        <div class="dialog-buttons">
            <button type="button" class="button" data-testid="hand-back" on:click=move |_| hand.leave()>
                {move || t_string!(i18n, hand.back)}
            </button>
            <button type="button" class="button" class:primary=!is_danger class:danger=is_danger data-testid="hand-confirm"
                disabled=move || hand.is_sent() || !is_ready.get() on:click=move |_| confirm.run(())>{label}</button>
        </div>
    }
    .erased()
}
