//! Adding margin and cashing in: an amount, and what it would change.

use super::Hand;
use super::before_after::{BeforeAfter, Change as Shown};
use super::dialog::Buttons;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::number::{NumberFault, number_fault_text, parse_whole};
use domain::action::Change;
use domain::{PositionId, Price, Sats};
use engine::contract::ChangeError;
use engine::order::{most_to_add, most_to_cash_in, terms_after};
use leptos::prelude::*;

/// Shares of the most that are offered at a click, in hundredths.
const SHARES: [i64; 4] = [10, 25, 50, 100];

/// What is wrong with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AmountFault {
    Number(NumberFault),
    Zero,
    BelowOneX {
        most: Sats,
    },
    AboveHundredX {
        most: Sats,
    },
    NotFree {
        free: Sats,
    },
    /// The position has ended, or there is no price.
    NothingKnown,
}

#[component]
pub fn AmountForm(position: PositionId, is_adding: bool) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let typed = RwSignal::new(String::new());
    let was_typed = RwSignal::new(false);
    let most = Memo::new(move |_| most(hand, position, is_adding));
    let judged = Memo::new(move |_| typed.with(|text| judge(hand, position, is_adding, text)));
    let shown = Signal::derive(move || judged.get().ok());
    let fault = move || judged.get().err().filter(|_| was_typed.get());
    let confirm = move || {
        was_typed.set(true);
        if let Ok(amount) = parse_whole(&typed.get_untracked()).map(Sats::new)
            && judged.get_untracked().is_ok()
        {
            hand.confirm(vec![(Some(position), change(is_adding, amount))]);
        }
    };
    let share = move |share: i64| {
        let fill = move |_| {
            let most = most.get_untracked().unwrap_or_default().get();
            typed.set((most.saturating_mul(share) / 100).to_string());
            was_typed.set(true);
        };
        let name = if share == 100 { "max".to_owned() } else { format!("{share}%") };
        view! { <button type="button" class="chip" data-testid=format!("amount-{name}") on:click=fill>{name.clone()}</button> }
    };
    let hint = move || {
        let most = most.get().map_or_else(|| "\u{2014}".to_owned(), |most| format::sats(i18n.get_locale(), most));
        t_string!(i18n, hand.most, most = most).to_string()
    };
    let label = Signal::derive(move || {
        let locale = i18n.get_locale();
        let amount =
            parse_whole(&typed.get()).map_or_else(|_| "\u{2014}".to_owned(), |sats| format::whole(locale, sats));
        match is_adding {
            true => td_string!(locale, hand.do_add, amount = amount).to_string(),
            false => td_string!(locale, hand.do_cash_in, amount = amount).to_string(),
        }
    });
    view! {
        <p class="muted">
            {move || if is_adding { t_string!(i18n, hand.add_margin_about) } else { t_string!(i18n, hand.cash_in_about) }}
        </p>
        <form class="hand-form" on:submit=move |event| { event.prevent_default(); was_typed.set(true); }>
            <div class="field">
                <label for="hand-amount">{move || t_string!(i18n, hand.amount)}</label>
                <span class="input-with-unit">
                    <input id="hand-amount" data-testid="hand-amount" type="text" inputmode="numeric" autocomplete="off"
                        autofocus="autofocus" prop:value=typed aria-describedby="hand-amount-note"
                        aria-invalid=move || fault().is_some().to_string()
                        on:input=move |event| { typed.set(event_target_value(&event)); was_typed.set(true); }/>
                    <span class="unit">"sats"</span>
                </span>
                <div class="chips">{SHARES.map(share).collect_view()}</div>
                <div id="hand-amount-note" aria-live="polite">
                    {move || match fault() {
                        Some(fault) => view! {
                            <p class="field-fault" data-testid="hand-amount-fault">
                                <Icon sign=Sign::Alert/>{fault_text(i18n.get_locale(), fault)}
                            </p>
                        }.erased(),
                        None => view! { <p class="hint">{hint()}</p> }.erased(),
                    }}
                </div>
            </div>
        </form>
        <BeforeAfter change=shown/>
        <Buttons label is_ready=Signal::derive(move || judged.get().is_ok()) confirm=Callback::new(move |()| confirm())/>
    }
    .erased()
}

const fn change(is_adding: bool, amount: Sats) -> Change {
    if is_adding { Change::AddMargin { amount } } else { Change::CashIn { amount } }
}

fn most(hand: Hand, id: PositionId, is_adding: bool) -> Option<Sats> {
    let shown = hand.position(id)?;
    match is_adding {
        true => Some(most_to_add(&shown.position, free(hand)?)),
        false => Some(most_to_cash_in(&shown.position, shown.mark?)),
    }
}

fn free(hand: Hand) -> Option<Sats> {
    hand.live.view.with(|view| view.as_ref()?.wallet)
}

fn judge(hand: Hand, id: PositionId, is_adding: bool, text: &str) -> Result<Shown, AmountFault> {
    let amount = Sats::new(parse_whole(text).map_err(AmountFault::Number)?);
    let shown = hand.position(id).ok_or(AmountFault::NothingKnown)?;
    let (mark, free) = (shown.mark.ok_or(AmountFault::NothingKnown)?, free(hand).ok_or(AmountFault::NothingKnown)?);
    effect(&shown.position, mark, free, is_adding, amount)
}

fn effect(
    position: &domain::Position,
    mark: Price,
    free: Sats,
    is_adding: bool,
    amount: Sats,
) -> Result<Shown, AmountFault> {
    if is_adding && free < amount {
        return Err(AmountFault::NotFree { free });
    }
    let after = terms_after(position, change(is_adding, amount), mark).map_err(|error| match error {
        ChangeError::NotPositive => AmountFault::Zero,
        ChangeError::BelowOneX { most } => AmountFault::BelowOneX { most },
        ChangeError::AboveHundredX => AmountFault::AboveHundredX { most: most_to_cash_in(position, mark) },
    })?;
    let moved = if is_adding { -amount.get() } else { amount.get() };
    let free_after = Sats::new(free.get().saturating_add(moved));
    Ok(Shown { position: *position, after, mark, free, free_after })
}

fn fault_text(locale: Locale, fault: AmountFault) -> String {
    let sats = |amount| format::sats(locale, amount);
    match fault {
        AmountFault::Number(fault) => number_fault_text(locale, fault).to_owned(),
        AmountFault::Zero => td_string!(locale, hand.at_least_one).to_owned(),
        AmountFault::BelowOneX { most } => td_string!(locale, hand.below_one_x, most = sats(most)).to_string(),
        AmountFault::AboveHundredX { most } => td_string!(locale, hand.above_hundred_x, most = sats(most)).to_string(),
        AmountFault::NotFree { free } => td_string!(locale, hand.not_free, free = sats(free)).to_string(),
        AmountFault::NothingKnown => td_string!(locale, hand.nothing_known).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::marked::tests::long;

    #[test]
    fn an_amount_that_the_exchange_would_refuse_is_answered_at_its_field() {
        let (position, mark) = (long().position, "60000".parse().unwrap());
        let try_it = |is_adding, sats| effect(&position, mark, Sats::new(50_000), is_adding, Sats::new(sats));
        assert_eq!(try_it(true, 0), Err(AmountFault::Zero));
        assert_eq!(try_it(true, 50_001), Err(AmountFault::NotFree { free: Sats::new(50_000) }));
        assert!(matches!(try_it(false, i64::MAX), Err(AmountFault::AboveHundredX { .. })));
        let added = try_it(true, 10_000).unwrap();
        assert_eq!((added.free_after, added.after.margin.get()), (Sats::new(40_000), position.margin.get() + 10_000));
        assert!(added.after.liquidation < position.liquidation, "further away");
        let taken = try_it(false, 10_000).unwrap();
        assert!(position.liquidation < taken.after.liquidation && taken.free_after == Sats::new(60_000));
    }
}
