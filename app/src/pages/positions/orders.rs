//! Limit orders that wait for their price.

use crate::components::badge::SideBadge;
use crate::erased::Erased;
use crate::format;
use crate::hand::{Asked, Hand};
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::{Position, Price, Sats};
use leptos::prelude::*;

#[component]
pub fn WaitingOrders() -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let orders = Memo::new(move |_| {
        hand.live.snapshot.with(|known| known.as_ref().map_or_else(Vec::new, |known| known.value.orders.clone()))
    });
    let row = move |order: Position| view! { <OrderRow locale=i18n.get_locale() order/> }.erased();
    move || {
        (!orders.with(Vec::is_empty)).then(|| {
            view! {
                <section class="card table-card waiting" aria-labelledby="waiting-title">
                    <header class="card-head"><h2 class="label" id="waiting-title">{move || t_string!(i18n, trade.waiting)}</h2></header>
                    <table class="orders">
                        <thead>
                            <tr>
                                <th scope="col">{move || t_string!(i18n, trade.order)}</th>
                                <th scope="col">{move || t_string!(i18n, position.quantity)}</th>
                                <th scope="col">{move || t_string!(i18n, ticket.limit)}</th>
                                <th scope="col">{move || t_string!(i18n, position.leverage)}</th>
                                <th scope="col">{move || t_string!(i18n, trade.set_aside)}</th>
                                <th scope="col">{move || t_string!(i18n, position.stops)}</th>
                                <th scope="col"><span class="sr-only">{move || t_string!(i18n, hand.actions)}</span></th>
                            </tr>
                        </thead>
                        <tbody>{move || orders.get().into_iter().map(row).collect_view()}</tbody>
                    </table>
                </section>
            }
            .erased()
        })
    }
}

#[component]
fn OrderRow(locale: Locale, order: Position) -> impl IntoView {
    let hand = expect_context::<Hand>();
    let price =
        |price: Option<Price>| price.map_or_else(|| "\u{2014}".to_owned(), |price| format::price(locale, price));
    let set_aside = Sats::new(order.margin.get().saturating_add(order.fee_reserve.get()));
    view! {
        <tr data-testid="order-row">
            <th scope="row" data-label=td_string!(locale, trade.order)><SideBadge side=order.side/></th>
            <td class="figure" data-label=td_string!(locale, position.quantity)>{format::quantity(locale, order.quantity)}</td>
            <td class="figure" data-label=td_string!(locale, ticket.limit)>{price(Some(order.entry))}</td>
            <td class="figure" data-label=td_string!(locale, position.leverage)>{format::leverage(locale, order.leverage)}</td>
            <td class="figure" data-label=td_string!(locale, trade.set_aside)>{format::sats(locale, set_aside)}</td>
            <td class="figure" data-label=td_string!(locale, position.stops)>
                {price(order.stop_loss)}" / "{price(order.take_profit)}
            </td>
            <td>
                <button type="button" class="button small" data-testid="row-cancel" on:click=move |_| hand.ask(Asked::Cancel(order))>
                    {td_string!(locale, hand.do_cancel)}
                </button>
            </td>
        </tr>
    }
    .erased()
}
