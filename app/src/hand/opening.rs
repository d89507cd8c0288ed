//! The last question before a position is opened: the order as one sentence, and what it takes.

use super::Hand;
use super::dialog::Buttons;
use crate::components::badge::side_name;
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_i18n;
use crate::ticket::preview::{OrderFigures, figures};
use domain::action::Change;
use domain::{NewOrder, Side};
use leptos::prelude::*;

#[component]
pub fn OpenForm(order: NewOrder) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let shown = Memo::new(move |_| figures(hand.live, Some(order)));
    let is_ready = Signal::derive(move || shown.get().is_some());
    view! {
        <p class="rule-sentence" data-testid="hand-sentence">{move || sentence(i18n.get_locale(), &order)}</p>
        <OrderFigures figures=shown/>
        <Buttons label=Signal::derive(move || do_text(i18n.get_locale(), order.position.side).to_owned()) is_ready
            confirm=Callback::new(move |()| hand.confirm(vec![(None, Change::Open { order })]))/>
    }
    .erased()
}

/// The order as a person would say it.
pub fn sentence(locale: Locale, order: &NewOrder) -> String {
    let position = &order.position;
    let side = side_name(locale, position.side);
    let (quantity, leverage) =
        (format::quantity(locale, position.quantity), format::leverage(locale, position.leverage));
    let opening = match order.limit {
        None => {
            td_string!(locale, hand.sentence_market, side = side, quantity = quantity, leverage = leverage).to_string()
        }
        Some(limit) => {
            let price = format::price(locale, limit);
            td_string!(
                locale,
                hand.sentence_limit,
                side = side,
                quantity = quantity,
                leverage = leverage,
                price = price
            )
            .to_string()
        }
    };
    let price = |price| format::price(locale, price);
    let stops = match (position.stop_loss, position.take_profit) {
        (None, None) => td_string!(locale, hand.sentence_no_stops).to_owned(),
        (Some(stop), None) => td_string!(locale, hand.sentence_stop, stop = price(stop)).to_string(),
        (None, Some(target)) => td_string!(locale, hand.sentence_target, target = price(target)).to_string(),
        (Some(stop), Some(target)) => {
            td_string!(locale, hand.sentence_both, stop = price(stop), target = price(target)).to_string()
        }
    };
    format!("{opening} {stops}")
}

pub fn do_text(locale: Locale, side: Side) -> &'static str {
    match side {
        Side::Long => td_string!(locale, ticket.open_long),
        Side::Short => td_string!(locale, ticket.open_short),
    }
}
