//! One position: its figures at the newest price, and what can be done about it.

use super::table::Chosen;
use crate::chart::short;
use crate::components::badge::SideBadge;
use crate::components::distance::{Danger, DistanceBar};
use crate::erased::Erased;
use crate::format;
use crate::hand::{Asked, Hand};
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::live::PositionSnapshot;
use domain::{Bps, Position, PositionId, Price, Sats};
use leptos::prelude::*;

/// A position with the guard's trigger.
type Shown = (PositionSnapshot, Option<Bps>);

#[component]
pub fn Row(id: PositionId) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    // A browser that says nothing about it has every row in sight.
    let in_sight = RwSignal::new(true);
    let shown = shown(hand, id, in_sight);
    // Most cells change with the position alone; what each price moves is written into the cells that there are.
    let still = Memo::new(move |_| shown.get().map(|(shown, trigger)| (without_price(shown), trigger)));
    let cells = move || still.get().map(|(still, _)| view! { <Cells locale=i18n.get_locale() still shown/> }.erased());
    let side = shown.get_untracked().map(|(shown, _)| shown.position.side);
    view! {
        <tr data-testid="position-row" data-position=id.to_string()
            on:contentvisibilityautostatechange=move |event: leptos::ev::Event| in_sight.set(!is_skipped(&event))>
            <th scope="row" data-label=move || t_string!(i18n, position.title)>
                <ChooseBox id/>
                {side.map(|side| view! { <SideBadge side/> }.erased())}
                <span class="sub">{short(id)}</span>
                <a class="sub" href=format!("/positions/{id}/why") data-testid="ask-why">{move || t_string!(i18n, why.ask)}</a>
            </th>
            {cells}
            <td class="row-actions" data-label=move || t_string!(i18n, hand.actions)><Actions id/></td>
        </tr>
    }
    .erased()
}

/// Whether the browser leaves the row out (`content-visibility: auto`): it is further away than another screen.
#[cfg(feature = "hydrate")]
fn is_skipped(event: &leptos::ev::Event) -> bool {
    js_sys::Reflect::get(event, &"skipped".into()).is_ok_and(|skipped| skipped.is_truthy())
}

#[cfg(not(feature = "hydrate"))]
fn is_skipped(_event: &leptos::ev::Event) -> bool {
    false
}

/// The position among all that there are; it is looked for where it stood the last time. A row out of sight follows
/// nothing, and knows all again before it comes into sight.
fn shown(hand: Hand, id: PositionId, in_sight: RwSignal<bool>) -> Memo<Option<Shown>> {
    let place = StoredValue::new(0_usize);
    Memo::new(move |before: Option<&Option<Shown>>| {
        if !in_sight.get()
            && let Some(before) = before
        {
            return *before;
        }
        hand.live.view.with(|view| {
            let view = view.as_ref()?;
            let is_it = |at: &usize| view.positions.get(*at).is_some_and(|shown| shown.position.id == id);
            let at = Some(place.get_value()).filter(is_it).or_else(|| (0..view.positions.len()).find(is_it))?;
            place.set_value(at);
            Some((*view.positions.get(at)?, view.guard.map(|guard| guard.guard.policy.trigger())))
        })
    })
}

fn without_price(shown: PositionSnapshot) -> PositionSnapshot {
    let position = Position { pnl: Sats::ZERO, closing_fee: Sats::ZERO, ..shown.position };
    PositionSnapshot { position, mark: None, distance: None, ..shown }
}

#[component]
fn ChooseBox(id: PositionId) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = expect_context::<Chosen>();
    view! {
        <label class="check">
            <input type="checkbox" data-testid="choose" prop:checked=move || chosen.holds(id)
                aria-label=move || t_string!(i18n, hand.choose, id = short(id)).to_string()
                on:change=move |event| chosen.set(id, event_target_checked(&event))/>
        </label>
    }
    .erased()
}

#[component]
fn Actions(id: PositionId) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let stops = move || Asked::Stops { position: id, stop_loss: None, take_profit: None };
    view! {
        <div class="action-grid">
            <button type="button" class="button small" data-testid="row-add" on:click=move |_| hand.ask(Asked::AddMargin(id))>
                {move || t_string!(i18n, hand.add_short)}
            </button>
            <button type="button" class="button small" data-testid="row-cash-in" on:click=move |_| hand.ask(Asked::CashIn(id))>
                {move || t_string!(i18n, hand.cash_in)}
            </button>
            <button type="button" class="button small" data-testid="row-stops" on:click=move |_| hand.ask(stops())>
                {move || t_string!(i18n, hand.stops_short)}
            </button>
            <button type="button" class="button small danger" data-testid="row-close" on:click=move |_| hand.ask(Asked::Close(id))>
                {move || t_string!(i18n, hand.close_short)}
            </button>
        </div>
    }
    .erased()
}

#[component]
fn Cells(locale: Locale, still: PositionSnapshot, shown: Memo<Option<Shown>>) -> impl IntoView {
    let PositionSnapshot { position, guard_trigger, added, actions, .. } = still;
    let price =
        |price: Option<Price>| price.map_or_else(|| "\u{2014}".to_owned(), |price| format::price(locale, price));
    let covered = guard_trigger.map_or_else(
        || td_string!(locale, position.unguarded).to_owned(),
        |trigger| td_string!(locale, position.guarded_at, price = format::price(locale, trigger)).to_string(),
    );
    let topped_up = (0 < actions).then(|| {
        td_string!(locale, position.topped_up, amount = format::signed_sats(locale, added), count = actions).to_string()
    });
    view! {
        <td data-label=td_string!(locale, position.quantity)>
            <span class="figure">{format::quantity(locale, position.quantity)}</span>
        </td>
        <td data-label=td_string!(locale, position.entry_and_mark)>
            <span class="figure">{price(Some(position.entry))}</span>
            <span class="figure sub">{move || mark_text(locale, shown.get().and_then(|(shown, _)| shown.mark))}</span>
        </td>
        <td data-label=td_string!(locale, position.leverage)>
            <span class="figure">{format::leverage(locale, position.leverage)}</span>
        </td>
        <td data-label=td_string!(locale, position.margin)>
            <span class="figure" data-testid="position-margin">{format::sats(locale, position.margin)}</span><span class="sub">"sats"</span>
            {topped_up.map(|text| view! { <span class="figure sub">{text}</span> }.erased())}
        </td>
        <td data-label=td_string!(locale, position.liquidation)>
            <span class="figure">{liquidation_text(locale, position.liquidation)}</span>
            <Nearness locale shown/>
            <span class="sub">{covered}</span>
        </td>
        <td data-label=td_string!(locale, position.stops)>
            <span class="figure" data-testid="position-stop-loss">{price(position.stop_loss)}</span>
            <span class="figure sub" data-testid="position-take-profit">{price(position.take_profit)}</span>
        </td>
        <td data-label=td_string!(locale, position.funding)>
            <span class="figure">{format::signed_sats(locale, Sats::new(position.funding.get().saturating_neg()))}</span>
            <span class="sub">"sats"</span>
        </td>
        <td data-label=td_string!(locale, position.net_pnl)><NetResult locale shown/></td>
    }
    .erased()
}

/// How far the liquidation is at the newest price.
#[component]
fn Nearness(locale: Locale, shown: Memo<Option<Shown>>) -> impl IntoView {
    let near = Memo::new(move |_| shown.get().and_then(|(shown, trigger)| Some((shown.distance?, trigger))));
    let is_known = Memo::new(move |_| near.with(Option::is_some));
    let danger = Memo::new(move |_| near.get().map(|(distance, trigger)| Danger::of(distance, trigger)));
    let text = move || near.get().map(|(distance, _)| format::percent(locale, distance));
    let distance = Signal::derive(move || near.get().map_or(Bps::new(0), |(distance, _)| distance));
    let trigger = Signal::derive(move || near.get().and_then(|(_, trigger)| trigger));
    move || {
        is_known.get().then(|| {
            view! {
                <span class="figure sub tone" data-tone=move || danger.get().map_or("none", Danger::as_str)>
                    {text}" \u{b7} "{move || danger.get().map(|danger| danger.name(locale))}
                </span>
                <DistanceBar distance trigger/>
            }
            .erased()
        })
    }
}

/// What the position would leave at the newest price.
#[component]
fn NetResult(locale: Locale, shown: Memo<Option<Shown>>) -> impl IntoView {
    let net = Memo::new(move |_| shown.get().and_then(|(shown, _)| net_pnl(&shown.position)));
    let tone = move || net.get().map_or("none", |net| if net.is_negative() { "bad" } else { "good" });
    let sats = move || {
        let none = || td_string!(locale, figure.no_data).to_owned();
        net.get().map_or_else(none, |net| format::signed_sats(locale, net))
    };
    let dollars = move || {
        let mark = shown.get().and_then(|(shown, _)| shown.mark);
        net.get().zip(mark).map(|(net, mark)| format::dollars(locale, net, mark))
    };
    view! {
        <span class="figure tone" data-tone=tone>{sats}</span>
        <span class="figure sub">{dollars}</span>
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
