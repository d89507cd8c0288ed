//! What an order comes to, while it is typed: worked out in the browser by the same mathematics as the exchange's.

use crate::components::distance::Danger;
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use domain::{Bps, GuardState, NewOrder, Price, Sats};
use engine::contract::trigger_price;
use engine::order::{OrderPreview, preview, stop_loss_fault, take_profit_fault};
use leptos::prelude::*;

/// An order with what it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    pub order: NewOrder,
    pub preview: OrderPreview,
    pub free: Option<Sats>,
    /// Where the guard would act; `None` where none covers it.
    pub guard: Option<Price>,
    pub trigger: Option<Bps>,
}

/// `None` without an order or a price.
pub fn figures(live: Live, order: Option<NewOrder>) -> Option<Figures> {
    let order = order?;
    let tick = live.price.get()?.value.tick;
    let mut preview = preview(&order, &tick);
    // What a level that can't be would leave is no figure.
    preview.at_stop_loss = preview.at_stop_loss.filter(|_| stop_loss_fault(&order, &tick).is_none());
    preview.at_take_profit = preview.at_take_profit.filter(|_| take_profit_fault(&order, &tick).is_none());
    let guard = live.snapshot.with(|known| Some(known.as_ref()?.value.guard?.guard));
    let covers = |guard: &domain::guard_policy::Guard| {
        let nobody = domain::PositionId::from_uuid(live.account.uuid());
        guard.state != GuardState::Off && guard.policy.scope().covers(nobody, order.position.side)
    };
    let trigger = guard.filter(covers).map(|guard| guard.policy.trigger());
    let guard = trigger.map(|trigger| trigger_price(order.position.side, preview.liquidation, trigger));
    Some(Figures { order, preview, free: free(live), guard, trigger })
}

/// What is free in the wallet.
pub fn free(live: Live) -> Option<Sats> {
    live.snapshot.with(|known| known.as_ref()?.value.wallet)
}

#[component]
pub fn OrderFigures(#[prop(into)] figures: Signal<Option<Figures>>) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        let locale = i18n.get_locale();
        figures.get().map(|figures| {
            rows(locale, &figures)
                .into_iter()
                .map(|(name, testid, value, tone)| {
                    view! {
                        <div data-tone=tone><dt>{name}</dt><dd class="figure" data-testid=testid>{value}</dd></div>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <dl class="facts order-facts" aria-label=move || t_string!(i18n, ticket.preview)>{lines}</dl>
        {move || figures.get().is_none().then(|| view! { <p class="hint">{move || t_string!(i18n, ticket.type_first)}</p> }.erased())}
    }
    .erased()
}

type Row = (&'static str, &'static str, String, &'static str);

fn rows(locale: Locale, figures: &Figures) -> Vec<Row> {
    let Figures { preview, free, guard, trigger, .. } = figures;
    let sats = |amount| format!("{} sats", format::sats(locale, amount));
    let worth = |amount| {
        format!(
            "{} sats \u{b7} {}",
            format::signed_sats(locale, amount),
            format::dollars(locale, amount, preview.entry)
        )
    };
    let never = || td_string!(locale, position.never).to_owned();
    let liquidation = format::liquidation(locale, preview.liquidation)
        .map_or_else(never, |price| format!("{price} \u{b7} {}", format::percent(locale, preview.distance)));
    let danger = Danger::of(preview.distance, *trigger).as_str();
    let guard = guard.map_or_else(
        || (td_string!(locale, position.unguarded).to_owned(), "warn"),
        |price| (format::price(locale, price), "none"),
    );
    let left = free.map(|free| Sats::new(free.get().saturating_sub(preview.cost().get())));
    let left_text = left.map_or_else(|| td_string!(locale, figure.no_data).to_owned(), sats);
    let left_tone = if left.is_some_and(Sats::is_negative) { "bad" } else { "none" };
    let mut rows = vec![
        (td_string!(locale, position.entry), "order-entry", format::price(locale, preview.entry), "none"),
        (td_string!(locale, position.margin), "order-margin", sats(preview.margin), "none"),
        (td_string!(locale, ticket.fees), "order-fees", sats(preview.reserve.total()), "none"),
        (td_string!(locale, ticket.cost), "order-cost", sats(preview.cost()), "none"),
        (td_string!(locale, position.liquidation), "order-liquidation", liquidation, danger),
        (td_string!(locale, position.guard_trigger), "order-guard", guard.0, guard.1),
    ];
    if let Some(result) = preview.at_stop_loss {
        rows.push((td_string!(locale, ticket.at_stop), "order-at-stop", worth(result), "none"));
    }
    if let Some(result) = preview.at_take_profit {
        rows.push((td_string!(locale, ticket.at_target), "order-at-target", worth(result), "none"));
    }
    rows.push((td_string!(locale, ticket.left), "order-left", left_text, left_tone));
    rows
}
