//! What a person asked for by hand, and how far it has come.

use crate::components::badge::side_name;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::reason::reason_sentence;
use domain::action::Change;
use domain::order::{Effect, Turn};
use domain::{Hold, LedgerEntry, Price, Reason};

/// The sentence of a ledger entry, with what was asked for by hand and what became of it: the pages that are about
/// decisions tell so much, the first page does not carry it.
pub fn whole_sentence(locale: Locale, entry: &LedgerEntry) -> String {
    match &entry.reason {
        Reason::ByHand { change, turn, .. } => by_hand(locale, *change, turn),
        _ => reason_sentence(locale, entry),
    }
}

/// The sentence of something that was asked for by hand.
pub fn by_hand(locale: Locale, change: Change, turn: &Turn) -> String {
    let what = what(locale, change);
    match turn {
        Turn::Done(effect) => {
            let is_moved = !matches!(change, Change::Open { .. });
            let moved = if is_moved { moved(locale, effect) } else { String::new() };
            format!("{}{moved}", td_string!(locale, by_hand.done, what = what))
        }
        Turn::Unknown { detail } => {
            td_string!(locale, by_hand.unknown, what = what, detail = detail.as_str()).to_string()
        }
        Turn::LookedUp { happened: true } => td_string!(locale, by_hand.happened, what = what).to_string(),
        Turn::LookedUp { happened: false } => td_string!(locale, by_hand.happened_not, what = what).to_string(),
        Turn::Refused { status, message } => {
            td_string!(locale, by_hand.refused, what = what, status = *status, message = message.as_str()).to_string()
        }
        Turn::HeldBack(hold) => {
            td_string!(locale, by_hand.held, what = what, hold = hold_text(locale, *hold)).to_string()
        }
    }
}

/// What was asked for, in a few words.
pub fn what(locale: Locale, change: Change) -> String {
    let or_none = |price: Option<Price>| price.map_or("\u{2014}".to_owned(), |price| format::price(locale, price));
    match change {
        Change::AddMargin { amount } => {
            td_string!(locale, by_hand.add_margin, amount = format::sats(locale, amount)).to_string()
        }
        Change::CashIn { amount } => {
            td_string!(locale, by_hand.cash_in, amount = format::sats(locale, amount)).to_string()
        }
        Change::Close => td_string!(locale, by_hand.close).to_owned(),
        Change::Cancel => td_string!(locale, by_hand.cancel).to_owned(),
        Change::StopLoss { price } => td_string!(locale, by_hand.stop_loss, price = or_none(price)).to_string(),
        Change::TakeProfit { price } => td_string!(locale, by_hand.take_profit, price = or_none(price)).to_string(),
        Change::Open { order } => {
            let position = order.position;
            let price = match order.limit {
                Some(limit) => td_string!(locale, by_hand.limit, price = format::price(locale, limit)).to_string(),
                None => td_string!(locale, by_hand.market).to_owned(),
            };
            td_string!(
                locale,
                by_hand.open,
                side = side_name(locale, position.side),
                quantity = format::quantity(locale, position.quantity),
                leverage = format::leverage(locale, position.leverage),
                price = price
            )
            .to_string()
        }
    }
}

fn moved(locale: Locale, effect: &Effect) -> String {
    if effect.liquidation_before == effect.liquidation_after {
        return String::new();
    }
    let [before, after] =
        [effect.liquidation_before, effect.liquidation_after].map(|price| format::price(locale, price));
    format!(" {}", td_string!(locale, by_hand.moved, before = before, after = after))
}

/// Why nothing was sent.
pub fn hold_text(locale: Locale, hold: Hold) -> &'static str {
    match hold {
        Hold::Late => td_string!(locale, hold.late),
        Hold::NoPrice => td_string!(locale, hold.no_price),
        Hold::NotThere => td_string!(locale, hold.not_there),
        Hold::Busy => td_string!(locale, hold.busy),
        Hold::Elsewhere => td_string!(locale, hold.elsewhere),
        Hold::ReleasesDiffer => td_string!(locale, hold.releases),
        Hold::Frozen => td_string!(locale, hold.frozen),
        Hold::Quiet => td_string!(locale, hold.quiet),
        Hold::Stopped(_) => td_string!(locale, hold.stopped),
        Hold::Breaker => td_string!(locale, hold.breaker),
        Hold::Database => td_string!(locale, hold.database),
        Hold::Unreadable => td_string!(locale, hold.unreadable),
        Hold::Key => td_string!(locale, hold.key),
    }
}
