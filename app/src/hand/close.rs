//! Closing one position at market, and taking back an order that waits.

use super::Hand;
use super::dialog::Buttons;
use crate::components::badge::side_name;
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::reason::by_hand::what;
use domain::action::Change;
use domain::live::PositionSnapshot;
use domain::position::NewPosition;
use domain::{NewOrder, Position, PositionId, Sats};
use engine::contract::{fee, fee_rate};
use leptos::prelude::*;

#[component]
pub fn CloseForm(position: PositionId) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let known = Memo::new(move |_| hand.position(position));
    let figures = move || {
        let (locale, shown) = (i18n.get_locale(), known.get()?);
        Some(
            rows(locale, &shown)
                .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="figure">{value}</dd></div> })
                .collect_view(),
        )
    };
    view! {
        <p class="rule-sentence" data-testid="hand-sentence">
            {move || known.get().map(|shown| named(i18n.get_locale(), &shown.position))}
        </p>
        <p class="muted">{move || t_string!(i18n, hand.close_about)}</p>
        <dl class="facts">{figures}</dl>
        <Buttons label=Signal::derive(move || t_string!(i18n, hand.do_close).to_owned()) is_danger=true
            is_ready=Signal::derive(move || known.get().is_some())
            confirm=Callback::new(move |()| hand.confirm(vec![(Some(position), Change::Close)]))/>
    }
    .erased()
}

#[component]
pub fn CancelForm(order: Position) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    view! {
        <p class="rule-sentence" data-testid="hand-sentence">{move || ordered(i18n.get_locale(), &order)}</p>
        <p class="muted">{move || t_string!(i18n, hand.cancel_about)}</p>
        <Buttons label=Signal::derive(move || t_string!(i18n, hand.do_cancel).to_owned()) is_danger=true is_ready=true
            confirm=Callback::new(move |()| hand.confirm(vec![(Some(order.id), Change::Cancel)]))/>
    }
    .erased()
}

/// What a position is, in a few words.
pub fn named(locale: Locale, position: &Position) -> String {
    td_string!(
        locale,
        hand.named,
        side = side_name(locale, position.side),
        quantity = format::quantity(locale, position.quantity),
        leverage = format::leverage(locale, position.leverage),
        price = format::price(locale, position.entry)
    )
    .to_string()
}

/// What an order is, in a few words.
fn ordered(locale: Locale, order: &Position) -> String {
    let Position { side, quantity, leverage, .. } = *order;
    let position = NewPosition { side, quantity, leverage, stop_loss: None, take_profit: None };
    what(locale, Change::Open { order: NewOrder { position, limit: Some(order.entry) } })
}

fn rows(locale: Locale, shown: &PositionSnapshot) -> [(&'static str, String); 3] {
    let result = net(shown);
    let text = result.map_or_else(
        || td_string!(locale, figure.no_data).to_owned(),
        |net| {
            let dollars = shown.mark.map(|mark| format::dollars(locale, net, mark)).unwrap_or_default();
            format!("{} sats \u{b7} {dollars}", format::signed_sats(locale, net))
        },
    );
    let mark =
        shown.mark.map_or_else(|| td_string!(locale, figure.no_price).to_owned(), |mark| format::price(locale, mark));
    let back = format!("{} sats", format::sats(locale, back(shown).unwrap_or_default()));
    [
        (td_string!(locale, hand.exit), mark),
        (td_string!(locale, position.net_pnl), text),
        (td_string!(locale, hand.back_to_wallet), back),
    ]
}

/// What is left of it closed now: after both fees and funding.
pub fn net(shown: &PositionSnapshot) -> Option<Sats> {
    let Position { pnl, opening_fee, funding, quantity, .. } = shown.position;
    let closing = fee(fee_rate(0), quantity, shown.mark?);
    pnl.checked_sub(Sats::checked_sum([opening_fee, closing, funding]).ok()?).ok()
}

/// What comes into the wallet: the margin and what is left of the reserve, with the result of the price.
fn back(shown: &PositionSnapshot) -> Option<Sats> {
    let Position { margin, fee_reserve, pnl, quantity, .. } = shown.position;
    let closing = fee(fee_rate(0), quantity, shown.mark?);
    let sum = Sats::checked_sum([margin, fee_reserve, pnl]).ok()?;
    sum.checked_sub(closing).ok().map(Sats::or_zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::marked::tests::long;

    #[test]
    fn what_is_left_is_after_both_fees_and_funding() {
        let mut shown = PositionSnapshot { mark: "60000".parse().ok(), ..long() };
        (shown.position.pnl, shown.position.funding) = (Sats::new(9_000), Sats::new(100));
        let closing = fee(fee_rate(0), shown.position.quantity, "60000".parse().unwrap());
        let expected = 9_000 - 100 - shown.position.opening_fee.get() - closing.get();
        assert_eq!(net(&shown), Some(Sats::new(expected)));
        assert_eq!(net(&PositionSnapshot { mark: None, ..shown }), None, "no price is no number");
    }
}
