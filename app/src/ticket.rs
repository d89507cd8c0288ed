//! The order ticket: what it comes to follows the typing.

pub mod form;
pub mod preview;

use crate::components::badge::side_name;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::hand::{Asked, Hand};
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::{NewOrder, Side};
use form::{Field, Ticket, fault_text};
use leptos::prelude::*;
use preview::{Figures, OrderFigures, figures};

/// What the leverage slider offers.
const LEVERAGES: [&str; 6] = ["2", "5", "10", "25", "50", "100"];

/// A ticket with what it comes to now.
#[derive(Clone, Copy)]
pub struct Order {
    pub ticket: RwSignal<Ticket>,
    /// The order, where every field makes sense at the newest price.
    pub order: Memo<Option<NewOrder>>,
    pub figures: Memo<Option<Figures>>,
    was_tried: RwSignal<bool>,
}

impl Order {
    pub fn new(hand: Hand) -> Order {
        let live = hand.live;
        let ticket = RwSignal::new(Ticket::first());
        let order = Memo::new(move |_| {
            let (tick, free) = (live.price.get().map(|price| price.value.tick), preview::free(live));
            ticket.with(|ticket| ticket.parse(tick.as_ref(), free).ok())
        });
        let figures = Memo::new(move |_| figures(live, order.get().or_else(|| ticket.with(Ticket::numbers))));
        Order { ticket, order, figures, was_tried: RwSignal::new(false) }
    }
}

#[component]
pub fn TicketCard(order: Order) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let ask = move || {
        order.was_tried.set(true);
        if let Some(order) = order.order.get_untracked() {
            hand.ask(Asked::Open(order));
        }
    };
    let side = move || order.ticket.with(|ticket| ticket.side);
    let is_limit = Memo::new(move |_| order.ticket.with(|ticket| ticket.is_limit));
    view! {
        <section class="card ticket" aria-labelledby="ticket-title" data-side=move || side().as_str()>
            <h2 class="sr-only" id="ticket-title">{move || t_string!(i18n, ticket.title)}</h2>
            <form on:submit=move |event| { event.prevent_default(); ask(); }>
                <SideSwitch order/>
                <KindSwitch order/>
                {move || is_limit.get().then(|| view! {
                    <TicketField order field=Field::Limit unit="USD" name=Signal::derive(move || t_string!(i18n, ticket.limit))/>
                }.erased())}
                <TicketField order field=Field::Quantity unit="USD" name=Signal::derive(move || t_string!(i18n, position.quantity))/>
                <Shares order/>
                <TicketField order field=Field::Leverage unit="\u{d7}" name=Signal::derive(move || t_string!(i18n, position.leverage))/>
                <Leverages order/>
                <div class="field-pair">
                    <TicketField order field=Field::StopLoss unit="USD" name=Signal::derive(move || t_string!(i18n, ticket.stop_loss))/>
                    <TicketField order field=Field::TakeProfit unit="USD" name=Signal::derive(move || t_string!(i18n, ticket.take_profit))/>
                </div>
                <OrderFigures figures=order.figures/>
                <button type="submit" class="button primary ticket-open" data-testid="ticket-open">
                    {move || submit_text(i18n.get_locale(), side())}
                </button>
            </form>
        </section>
    }
    .erased()
}

fn submit_text(locale: Locale, side: Side) -> &'static str {
    match side {
        Side::Long => td_string!(locale, ticket.review_long),
        Side::Short => td_string!(locale, ticket.review_short),
    }
}

#[component]
fn SideSwitch(order: Order) -> impl IntoView {
    let i18n = use_i18n();
    let button = move |side: Side| {
        let is_chosen = move || order.ticket.with(|ticket| ticket.side == side);
        view! {
            <button type="button" class="segment" data-side=side.as_str() data-testid=format!("ticket-{}", side.as_str())
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| order.ticket.update(|ticket| ticket.side = side)>
                {move || side_name(i18n.get_locale(), side)}
            </button>
        }
    };
    view! {
        <div class="segments wide sides" role="group" aria-label=move || t_string!(i18n, ticket.side)>
            {[Side::Long, Side::Short].map(button).collect_view()}
        </div>
    }
    .erased()
}

#[component]
fn KindSwitch(order: Order) -> impl IntoView {
    let i18n = use_i18n();
    let button = move |is_limit: bool| {
        let is_chosen = move || order.ticket.with(|ticket| ticket.is_limit == is_limit);
        let name = move || if is_limit { t_string!(i18n, ticket.at_limit) } else { t_string!(i18n, ticket.at_market) };
        view! {
            <button type="button" class="segment" aria-pressed=move || is_chosen().to_string()
                data-testid=if is_limit { "ticket-at-limit" } else { "ticket-at-market" }
                on:click=move |_| order.ticket.update(|ticket| ticket.is_limit = is_limit)>{name}</button>
        }
    };
    view! {
        <div class="segments wide" role="group" aria-label=move || t_string!(i18n, ticket.kind)>
            {[false, true].map(button).collect_view()}
        </div>
    }
    .erased()
}

#[component]
fn TicketField(
    order: Order,
    field: Field,
    unit: &'static str,
    #[prop(into)] name: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let fault = Memo::new(move |_| {
        let (tick, free) = (hand.live.price.get().map(|price| price.value.tick), preview::free(hand.live));
        let was_tried = order.was_tried.get();
        order.ticket.with(|ticket| {
            // Nothing typed yet is no mistake, until the order is meant.
            if ticket.text(field).trim().is_empty() && !was_tried {
                return None;
            }
            ticket.fault_of(field, tick.as_ref(), free)
        })
    });
    let note_id = format!("{}-note", field.id());
    view! {
        <div class="field">
            <label for=field.id()>{name}</label>
            <span class="input-with-unit">
                <input id=field.id() data-testid=field.id() type="text" autocomplete="off"
                    inputmode=if field.is_whole() { "numeric" } else { "decimal" }
                    placeholder=move || if field.is_optional() { t_string!(i18n, ticket.none) } else { "" }
                    value=order.ticket.with_untracked(|ticket| ticket.text(field).to_owned())
                    prop:value=move || order.ticket.with(|ticket| ticket.text(field).to_owned())
                    aria-invalid=move || fault.get().is_some().to_string() aria-describedby=note_id.clone()
                    on:input=move |event| order.ticket.update(|ticket| ticket.set_text(field, event_target_value(&event)))/>
                <span class="unit">{unit}</span>
            </span>
            <div id=note_id aria-live="polite">
                {move || fault.get().map(|fault| view! {
                    <p class="field-fault" data-testid=format!("{}-fault", field.id())>
                        <Icon sign=Sign::Alert/>{fault_text(i18n.get_locale(), fault)}
                    </p>
                }.erased())}
            </div>
        </div>
    }
    .erased()
}

/// Shares of what the free balance pays for.
#[component]
fn Shares(order: Order) -> impl IntoView {
    let hand = expect_context::<Hand>();
    let chip = move |share: i64| {
        let fill = move |_| {
            let tick = hand.live.price.get_untracked().map(|price| price.value.tick);
            let free = untrack(|| preview::free(hand.live));
            if let (Some(tick), Some(free)) = (tick, free) {
                order.ticket.update(|ticket| ticket.fill(&tick, free, share));
            }
        };
        let name = if share == 100 { "max".to_owned() } else { format!("{share}%") };
        view! { <button type="button" class="chip" data-testid=format!("ticket-{name}") on:click=fill>{name.clone()}</button> }
    };
    view! { <div class="chips">{[10, 25, 50, 100].map(chip).collect_view()}</div> }.erased()
}

#[component]
fn Leverages(order: Order) -> impl IntoView {
    let chip = move |times: &'static str| {
        let is_chosen = move || order.ticket.with(|ticket| ticket.text(Field::Leverage).trim() == times);
        view! {
            <button type="button" class="chip" aria-pressed=move || is_chosen().to_string()
                on:click=move |_| order.ticket.update(|ticket| ticket.set_text(Field::Leverage, times.to_owned()))>
                {times}"\u{d7}"
            </button>
        }
    };
    view! { <div class="chips">{LEVERAGES.map(chip).collect_view()}</div> }.erased()
}
