//! Opens a position with play money, so that a guard has something to protect.

use crate::api::{PracticeFault, open_practice_position};
use crate::components::badge::side_name;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::number::parse_whole;
use domain::{Leverage, PositionId, Price, Quantity, Side};
use engine::contract;
use leptos::prelude::*;

/// What is in the fields, letter by letter.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ticket {
    side: Side,
    quantity: String,
    leverage: String,
}

type Order = (Side, Quantity, Leverage);

impl Ticket {
    fn first() -> Ticket {
        Ticket { side: Side::Long, quantity: "1000".to_owned(), leverage: "20".to_owned() }
    }

    fn quantity(&self) -> Option<Quantity> {
        Quantity::new(parse_whole(&self.quantity).ok()?).ok()
    }

    fn leverage(&self) -> Option<Leverage> {
        Leverage::for_order(parse_whole(&self.leverage).ok()?.checked_mul(Leverage::ONE_X)?).ok()
    }

    fn order(&self) -> Option<Order> {
        Some((self.side, self.quantity()?, self.leverage()?))
    }
}

/// The ticket, with what it would cost while it is typed.
#[component]
pub fn PracticeTicket() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let ticket = RwSignal::new(Ticket::first());
    let opening: Action<Order, Result<PositionId, PracticeFault>> =
        Action::new(move |&(side, quantity, leverage): &Order| {
            open_practice_position(live.account, side, quantity, leverage)
        });
    let open = move |_| {
        if let Some(order) = ticket.with_untracked(Ticket::order) {
            opening.dispatch(order);
        }
    };
    let is_idle = move || !opening.pending().get() && ticket.with(|ticket| ticket.order().is_some());
    let fault = move || opening.value().get().and_then(Result::err);
    view! {
        <section class="card practice" aria-labelledby="practice">
            <header class="card-head"><h2 class="label" id="practice">{move || t_string!(i18n, practice.title)}</h2></header>
            <p class="muted">{move || t_string!(i18n, practice.about)}</p>
            <div class="practice-fields">
                <SideSwitch ticket/>
                <div class="field">
                    <label for="practice-quantity">{move || t_string!(i18n, position.quantity)}</label>
                    <TicketInput testid="practice-quantity" unit="USD"
                        text=Signal::derive(move || ticket.with(|ticket| ticket.quantity.clone()))
                        is_wrong=Signal::derive(move || ticket.with(|ticket| ticket.quantity().is_none()))
                        set=Callback::new(move |text| ticket.update(|ticket| ticket.quantity = text))/>
                </div>
                <div class="field">
                    <label for="practice-leverage">{move || t_string!(i18n, position.leverage)}</label>
                    <TicketInput testid="practice-leverage" unit="\u{d7}"
                        text=Signal::derive(move || ticket.with(|ticket| ticket.leverage.clone()))
                        is_wrong=Signal::derive(move || ticket.with(|ticket| ticket.leverage().is_none()))
                        set=Callback::new(move |text| ticket.update(|ticket| ticket.leverage = text))/>
                </div>
                <button type="button" class="button primary" data-testid="practice-open" on:click=open
                    disabled=move || !is_idle()>{move || t_string!(i18n, practice.open)}</button>
            </div>
            <Cost ticket/>
            <div aria-live="polite">
                {move || fault().map(|fault| view! {
                    <p class="field-fault" data-testid="practice-fault">
                        <Icon sign=Sign::Alert/>{fault_text(i18n.get_locale(), &fault)}
                    </p>
                }.erased())}
            </div>
        </section>
    }
    .erased()
}

#[component]
fn TicketInput(
    testid: &'static str,
    unit: &'static str,
    text: Signal<String>,
    is_wrong: Signal<bool>,
    set: Callback<String>,
) -> impl IntoView {
    view! {
        <span class="input-with-unit">
            <input id=testid data-testid=testid type="text" inputmode="numeric" autocomplete="off"
                value=text.get_untracked() prop:value=text aria-invalid=move || is_wrong.get().to_string()
                aria-describedby="practice-cost" on:input=move |event| set.run(event_target_value(&event))/>
            <span class="unit">{unit}</span>
        </span>
    }
    .erased()
}

#[component]
fn SideSwitch(ticket: RwSignal<Ticket>) -> impl IntoView {
    let i18n = use_i18n();
    let button = move |side: Side| {
        let is_chosen = move || ticket.with(|ticket| ticket.side == side);
        view! {
            <button type="button" class="segment" data-testid=format!("practice-{}", side.as_str())
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| ticket.update(|ticket| ticket.side = side)>
                {move || side_name(i18n.get_locale(), side)}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=move || t_string!(i18n, practice.side)>
            {[Side::Long, Side::Short].map(button).collect_view()}
        </div>
    }
    .erased()
}

/// What the order takes from the wallet and where it would be liquidated, at the newest price.
#[component]
fn Cost(ticket: RwSignal<Ticket>) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let text = move || {
        let locale = i18n.get_locale();
        match (ticket.with(Ticket::order), live.price.get()) {
            (None, _) => td_string!(locale, practice.bounds).to_owned(),
            (_, None) => td_string!(locale, figure.no_price).to_owned(),
            (Some(order), Some(price)) => cost_text(locale, order, price.value.tick.last),
        }
    };
    view! { <p class="note" id="practice-cost" data-testid="practice-cost">{move || text()}</p> }
}

fn cost_text(locale: Locale, (side, quantity, leverage): Order, price: Price) -> String {
    let liquidation = contract::liquidation_at_leverage(side, quantity, price, leverage);
    let margin = format::sats(locale, contract::margin_for(quantity, price, leverage));
    let fees = format::sats(locale, contract::fee_reserve(quantity, price, liquidation).total());
    let away = format::percent(locale, contract::distance(side, price, liquidation));
    let liquidation = format::liquidation(locale, liquidation);
    let liquidation = liquidation.unwrap_or_else(|| td_string!(locale, position.never).to_owned());
    td_string!(locale, practice.cost, margin = margin, fees = fees, liquidation = liquidation, distance = away)
        .to_string()
}

fn fault_text(locale: Locale, fault: &PracticeFault) -> String {
    match fault {
        PracticeFault::SignedOut => td_string!(locale, fault.signed_out).to_owned(),
        PracticeFault::NotFound => td_string!(locale, fault.not_found).to_owned(),
        PracticeFault::NotPaper => td_string!(locale, practice.not_paper).to_owned(),
        PracticeFault::Refused(message) => td_string!(locale, practice.refused, message = message.as_str()).to_string(),
        PracticeFault::Unavailable => td_string!(locale, fault.unavailable).to_owned(),
        PracticeFault::Unreachable => td_string!(locale, fault.unreachable).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_order_that_the_venue_takes_can_be_sent() {
        let with = |quantity: &str, leverage: &str| {
            Ticket { quantity: quantity.to_owned(), leverage: leverage.to_owned(), ..Ticket::first() }.order()
        };
        assert!(with("1,000", "20").is_some());
        for (quantity, leverage) in
            [("0", "20"), ("500001", "20"), ("NaN", "20"), ("", "20"), ("1000", "0"), ("1000", "101"), ("1000", "-5")]
        {
            assert_eq!(with(quantity, leverage), None, "{quantity} at {leverage}x");
        }
    }

    #[test]
    fn the_cost_names_margin_fees_and_liquidation() {
        let order = Ticket { leverage: "10".to_owned(), ..Ticket::first() }.order().unwrap();
        let text = cost_text(Locale::en, order, "100000".parse().unwrap());
        for part in ["100,000 sats", "2,100 sats", "$90,909.0", "9.09%"] {
            assert!(text.contains(part), "{part:?} is missing: {text}");
        }
    }
}
