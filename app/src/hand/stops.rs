//! Where a position is to be closed by itself: its stop-loss and its take-profit.

use super::Hand;
use super::dialog::Buttons;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::number::{NumberFault, number_fault_text, parse_price};
use domain::action::Change;
use domain::live::PositionSnapshot;
use domain::{Position, PositionId, Price};
use engine::order::{StopFault, result_at, stop_fault_of, target_fault_of};
use leptos::prelude::*;

/// What is wrong with a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelFault {
    Number(NumberFault),
    Stop(StopFault),
}

type Level = Result<Option<Price>, LevelFault>;

/// `stop_loss` and `take_profit` are levels that were drawn; else the position's own are shown.
#[component]
pub fn StopsForm(position: PositionId, stop_loss: Option<Price>, take_profit: Option<Price>) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let known = Memo::new(move |_| hand.position(position));
    let first = known.get_untracked().map(|shown| shown.position);
    let text = |price: Option<Price>| price.map_or_else(String::new, |price| price.to_string());
    let stop = RwSignal::new(text(stop_loss.or(first.and_then(|position| position.stop_loss))));
    let target = RwSignal::new(text(take_profit.or(first.and_then(|position| position.take_profit))));
    let judged_stop = Memo::new(move |_| judge(&stop.get(), known.get(), stop_fault_of));
    let judged_target = Memo::new(move |_| judge(&target.get(), known.get(), target_fault_of));
    let changes = Memo::new(move |_| changes(known.get()?.position, judged_stop.get(), judged_target.get()));
    let confirm = move || {
        if let Some(changes) = changes.get_untracked() {
            hand.confirm(changes.into_iter().map(|change| (Some(position), change)).collect());
        }
    };
    let is_ready = Signal::derive(move || changes.with(|changes| changes.as_ref().is_some_and(|all| !all.is_empty())));
    view! {
        <p class="muted">{move || t_string!(i18n, hand.stops_about)}</p>
        <form class="hand-form" on:submit=move |event| event.prevent_default()>
            <LevelField testid="hand-stop-loss" text=stop judged=judged_stop known
                name=Signal::derive(move || t_string!(i18n, ticket.stop_loss))/>
            <LevelField testid="hand-take-profit" text=target judged=judged_target known
                name=Signal::derive(move || t_string!(i18n, ticket.take_profit))/>
        </form>
        <Buttons label=Signal::derive(move || t_string!(i18n, hand.do_stops).to_owned()) is_ready
            confirm=Callback::new(move |()| confirm())/>
    }
    .erased()
}

#[component]
fn LevelField(
    testid: &'static str,
    text: RwSignal<String>,
    judged: Memo<Level>,
    known: Memo<Option<PositionSnapshot>>,
    #[prop(into)] name: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let note_id = format!("{testid}-note");
    let fault_id = format!("{testid}-fault");
    let result = move || {
        let (price, shown) = (judged.get().ok()??, known.get()?);
        Some(result_text(i18n.get_locale(), &shown.position, price))
    };
    view! {
        <div class="field">
            <label for=testid>{name}</label>
            <span class="input-with-unit">
                <input id=testid data-testid=testid type="text" inputmode="decimal" autocomplete="off"
                    placeholder=move || t_string!(i18n, ticket.none) value=text.get_untracked() prop:value=text
                    aria-describedby=note_id.clone() aria-invalid=move || judged.get().is_err().to_string()
                    on:input=move |event| text.set(event_target_value(&event))/>
                <span class="unit">"USD"</span>
            </span>
            <div id=note_id aria-live="polite">
                {move || match judged.get() {
                    Err(fault) => view! {
                        <p class="field-fault" data-testid=fault_id.clone()>
                            <Icon sign=Sign::Alert/>{level_fault_text(i18n.get_locale(), fault)}
                        </p>
                    }.erased(),
                    Ok(_) => view! { <p class="hint">{result().unwrap_or_else(|| t_string!(i18n, hand.no_level).to_owned())}</p> }.erased(),
                }}
            </div>
        </div>
    }
    .erased()
}

/// What would be left there, after the fees.
fn result_text(locale: Locale, position: &Position, price: Price) -> String {
    let left = result_at(position.side, position.quantity, position.entry, price);
    let sats = format::signed_sats(locale, left);
    td_string!(locale, hand.result, sats = sats, dollars = format::dollars(locale, left, price)).to_string()
}

pub fn level_fault_text(locale: Locale, fault: LevelFault) -> String {
    match fault {
        LevelFault::Number(fault) => number_fault_text(locale, fault).to_owned(),
        LevelFault::Stop(StopFault::WrongSide { price }) => {
            td_string!(locale, hand.wrong_side, price = format::price(locale, price)).to_string()
        }
        LevelFault::Stop(StopFault::BeyondLiquidation { liquidation }) => {
            td_string!(locale, hand.beyond_liquidation, price = format::price(locale, liquidation)).to_string()
        }
    }
}

/// An empty field is no level.
fn judge(
    text: &str,
    known: Option<PositionSnapshot>,
    refused: fn(&Position, Price, Price) -> Option<StopFault>,
) -> Level {
    let price = match parse_price(text) {
        Err(NumberFault::Empty) => return Ok(None),
        price => price.map_err(LevelFault::Number)?,
    };
    let shown = known.and_then(|shown| Some((shown.position, shown.mark?)));
    match shown.and_then(|(position, mark)| refused(&position, mark, price)) {
        Some(fault) => Err(LevelFault::Stop(fault)),
        None => Ok(Some(price)),
    }
}

/// Only what differs is sent.
fn changes(position: Position, stop: Level, target: Level) -> Option<Vec<Change>> {
    let (stop, target) = (stop.ok()?, target.ok()?);
    let mut changes = Vec::new();
    if stop != position.stop_loss {
        changes.push(Change::StopLoss { price: stop });
    }
    if target != position.take_profit {
        changes.push(Change::TakeProfit { price: target });
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::marked::tests::long;

    fn level(text: &str, refused: fn(&Position, Price, Price) -> Option<StopFault>) -> Level {
        let mark = "60000".parse().ok();
        judge(text, Some(PositionSnapshot { mark, ..long() }), refused)
    }

    #[test]
    fn a_level_on_the_wrong_side_is_answered_and_an_empty_one_is_none() {
        assert_eq!(level(" ", stop_fault_of), Ok(None));
        assert_eq!(level("59,000.5", stop_fault_of), Ok("59000.5".parse().ok()));
        assert!(matches!(level("61000", stop_fault_of), Err(LevelFault::Stop(StopFault::WrongSide { .. }))));
        assert!(matches!(level("1", stop_fault_of), Err(LevelFault::Stop(StopFault::BeyondLiquidation { .. }))));
        assert!(matches!(level("59000", target_fault_of), Err(LevelFault::Stop(StopFault::WrongSide { .. }))));
        for nonsense in ["abc", "-5", "1e5", "59000.3"] {
            assert!(matches!(level(nonsense, stop_fault_of), Err(LevelFault::Number(_))), "{nonsense}");
        }
    }

    #[test]
    fn only_what_differs_is_sent() {
        let price = |text: &str| text.parse::<Price>().ok();
        let position = Position { stop_loss: price("59000"), ..long().position };
        let of = |stop, target| changes(position, Ok(stop), Ok(target)).unwrap();
        assert_eq!(of(price("59000"), None), []);
        assert_eq!(
            of(None, price("70000")),
            [Change::StopLoss { price: None }, Change::TakeProfit { price: price("70000") },]
        );
        assert_eq!(changes(position, Err(LevelFault::Number(NumberFault::Negative)), Ok(None)), None);
    }
}
