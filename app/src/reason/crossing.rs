//! What became of prices that reached a trigger, as plain sentences.

use crate::format;
use crate::i18n::{Locale, td_string};
use domain::Reason;

pub(super) fn crossing(locale: Locale, reason: &Reason) -> String {
    match *reason {
        Reason::RestingAfterRefusal { until } => {
            td_string!(locale, reason.resting_after_refusal, until = format::clock(until, 0)).to_string()
        }
        Reason::CrossingUnanswered { price, waited } => {
            let (price, waited) = (format::price(locale, price), format::age(locale, waited));
            td_string!(locale, reason.crossing_unanswered, price = price, waited = waited).to_string()
        }
        Reason::CrossedAndBack { crossed, after } => {
            let (crossed, after) = (format::price(locale, crossed), format::age(locale, after));
            td_string!(locale, reason.crossed_and_back, crossed = crossed, after = after).to_string()
        }
        _ => String::new(),
    }
}
