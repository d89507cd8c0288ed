//! Every running position: a table on a desk, cards on a phone.

use crate::chart::short;
use crate::components::badge::SideBadge;
use crate::components::distance::{Danger, DistanceBar};
use crate::components::page_title::PageTitle;
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use domain::live::PositionSnapshot;
use domain::{Bps, Mode, Position, Price, Sats};
use leptos::prelude::*;
use practice::PracticeTicket;

mod practice;

#[component]
pub fn PositionsPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let count = Memo::new(move |_| live.view.with(|view| view.as_ref().map_or(0, |view| view.positions.len())));
    let is_paper = Memo::new(move |_| {
        live.snapshot.with(|snapshot| snapshot.as_ref().is_some_and(|it| it.value.account.mode == Mode::Paper))
    });
    let rows = move || {
        let locale = i18n.get_locale();
        live.view.get().map(|view| {
            let trigger = view.guard.map(|guard| guard.guard.policy.trigger());
            view.positions.into_iter().map(|shown| view! { <Row locale shown trigger/> }.erased()).collect_view()
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, nav.positions)/>
        <header class="page-head"><h1>{move || t_string!(i18n, nav.positions)}</h1></header>
        <section class="card table-card">
            <table class="positions">
                <thead>
                    <tr>
                        <th scope="col">{move || t_string!(i18n, position.title)}</th>
                        <th scope="col">{move || t_string!(i18n, position.quantity)}</th>
                        <th scope="col">{move || t_string!(i18n, position.entry_and_mark)}</th>
                        <th scope="col">{move || t_string!(i18n, position.leverage)}</th>
                        <th scope="col">{move || t_string!(i18n, position.margin)}</th>
                        <th scope="col">{move || t_string!(i18n, position.liquidation)}</th>
                        <th scope="col">{move || t_string!(i18n, position.stops)}</th>
                        <th scope="col">{move || t_string!(i18n, position.funding)}</th>
                        <th scope="col">{move || t_string!(i18n, position.net_pnl)}</th>
                        <th scope="col">{move || t_string!(i18n, position.added)}</th>
                    </tr>
                </thead>
                <tbody>{move || rows()}</tbody>
            </table>
            {move || (count.get() == 0).then(|| view! { <p class="empty">{move || t_string!(i18n, figure.no_position)}</p> }.erased())}
            <p class="note">{move || t_string!(i18n, position.net_pnl_note)}</p>
        </section>
        {move || is_paper.get().then(|| view! { <PracticeTicket/> }.erased())}
    }
    .erased()
}

#[component]
fn Row(locale: Locale, shown: PositionSnapshot, trigger: Option<Bps>) -> impl IntoView {
    let PositionSnapshot { position, mark, distance, guard_trigger, added, actions } = shown;
    let price =
        |price: Option<Price>| price.map_or_else(|| "\u{2014}".to_owned(), |price| format::price(locale, price));
    let danger = distance.map(|distance| Danger::of(distance, trigger));
    let net = net_pnl(&position);
    let tone = net.map_or("none", |net| if net.is_negative() { "bad" } else { "good" });
    let covered = guard_trigger.map_or_else(
        || td_string!(locale, position.unguarded).to_owned(),
        |trigger| td_string!(locale, position.guarded_at, price = format::price(locale, trigger)).to_string(),
    );
    view! {
        <tr data-testid="position-row">
            <th scope="row" data-label=td_string!(locale, position.title)>
                <SideBadge side=position.side/><span class="sub">{short(position.id)}</span>
                <a class="sub" href=format!("/positions/{}/why", position.id) data-testid="ask-why">{td_string!(locale, why.ask)}</a>
            </th>
            <td data-label=td_string!(locale, position.quantity)>
                <span class="figure">{format::quantity(locale, position.quantity)}</span>
            </td>
            <td data-label=td_string!(locale, position.entry_and_mark)>
                <span class="figure">{price(Some(position.entry))}</span>
                <span class="figure sub">{mark_text(locale, mark)}</span>
            </td>
            <td data-label=td_string!(locale, position.leverage)>
                <span class="figure">{format::leverage(locale, position.leverage)}</span>
            </td>
            <td data-label=td_string!(locale, position.margin)>
                <span class="figure">{format::sats(locale, position.margin)}</span><span class="sub">"sats"</span>
            </td>
            <td data-label=td_string!(locale, position.liquidation) data-tone=danger.map_or("none", Danger::as_str)>
                <span class="figure">{liquidation_text(locale, position.liquidation)}</span>
                {distance.map(|distance| view! {
                    <span class="figure sub tone">
                        {format::percent(locale, distance)}" \u{b7} "{danger.map(|danger| danger.name(locale))}
                    </span>
                    <DistanceBar distance=Signal::stored(distance) trigger=Signal::stored(trigger)/>
                }.erased())}
                <span class="sub">{covered}</span>
            </td>
            <td data-label=td_string!(locale, position.stops)>
                <span class="figure">{price(position.stop_loss)}</span>
                <span class="figure sub">{price(position.take_profit)}</span>
            </td>
            <td data-label=td_string!(locale, position.funding)>
                <span class="figure">{format::signed_sats(locale, Sats::new(position.funding.get().saturating_neg()))}</span>
                <span class="sub">"sats"</span>
            </td>
            <td data-label=td_string!(locale, position.net_pnl) data-tone=tone>
                <span class="figure tone">
                    {net.map_or_else(|| td_string!(locale, figure.no_data).to_owned(), |net| format::signed_sats(locale, net))}
                </span>
                <span class="figure sub">{net.zip(mark).map(|(net, mark)| format::dollars(locale, net, mark))}</span>
            </td>
            <td data-label=td_string!(locale, position.added)>
                <span class="figure">{format::sats(locale, added)}</span>
                <span class="sub">{td_string!(locale, position.top_ups, count = actions).to_string()}</span>
            </td>
        </tr>
    }
    .erased()
}

fn mark_text(locale: Locale, mark: Option<Price>) -> String {
    mark.map_or_else(|| td_string!(locale, figure.no_price).to_owned(), |mark| format::price(locale, mark))
}

fn liquidation_text(locale: Locale, liquidation: Price) -> String {
    format::liquidation(locale, liquidation).unwrap_or_else(|| td_string!(locale, position.never).to_owned())
}

/// The profit that is left after both fees and funding.
fn net_pnl(position: &Position) -> Option<Sats> {
    let costs = [position.opening_fee, position.closing_fee, position.funding];
    position.pnl.checked_sub(Sats::checked_sum(costs).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn net_pnl_is_after_fees_and_funding() {
        let position =
            Position { pnl: Sats::new(5_000), funding: Sats::new(-300), ..crate::live::marked::tests::long().position };
        assert_eq!(net_pnl(&position), Some(Sats::new(3_300)));
        assert_eq!(net_pnl(&Position { funding: Sats::MAX, ..position }), None);
    }
}
