//! An amount in the unit that the reader chose, with another beside it.

use crate::format;
use crate::i18n::Locale;
use crate::look::UNITS;
use domain::{Price, Sats};

/// How an amount is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    pub main: String,
    /// What stands small behind it; empty where the number says it.
    pub unit: &'static str,
    /// The same in dollars or sats; `None` without a price.
    pub beside: Option<String>,
}

impl Money {
    /// In the reader's unit. Without a price there are no dollars, and sats are shown.
    pub fn of(locale: Locale, amount: Sats, price: Option<Price>) -> Money {
        Money::written(locale, amount, price, UNITS.chosen(), format::sats)
    }

    /// A gain or a loss, with its sign.
    pub fn signed(locale: Locale, amount: Sats, price: Option<Price>) -> Money {
        Money::written(locale, amount, price, UNITS.chosen(), format::signed_sats)
    }

    fn written(
        locale: Locale,
        amount: Sats,
        price: Option<Price>,
        units: &str,
        sats: fn(Locale, Sats) -> String,
    ) -> Money {
        let dollars = price.map(|price| format::dollars(locale, amount, price));
        match (units, dollars) {
            ("usd", Some(dollars)) => {
                Money { main: dollars, unit: "", beside: Some(format!("{} sats", sats(locale, amount))) }
            }
            ("btc", beside) => Money { main: format::bitcoin(locale, amount), unit: "BTC", beside },
            (_, beside) => Money { main: sats(locale, amount), unit: "sats", beside },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(amount: i64, price: Option<&str>, units: &str) -> (String, &'static str, Option<String>) {
        let price = price.map(|text| text.parse().unwrap());
        let money = Money::written(Locale::en, Sats::new(amount), price, units, format::sats);
        (money.main, money.unit, money.beside)
    }

    #[test]
    fn an_amount_is_the_same_in_every_unit() {
        let price = Some("60000");
        assert_eq!(written(52_000, price, "sats"), ("52,000".to_owned(), "sats", Some("$31.20".to_owned())));
        assert_eq!(written(52_000, price, "btc"), ("0.00052000".to_owned(), "BTC", Some("$31.20".to_owned())));
        assert_eq!(written(52_000, price, "usd"), ("$31.20".to_owned(), "", Some("52,000 sats".to_owned())));
        assert_eq!(written(-52_000, price, "btc").0, "\u{2212}0.00052000");
    }

    #[test]
    fn without_a_price_there_are_no_dollars() {
        assert_eq!(written(52_000, None, "usd"), ("52,000".to_owned(), "sats", None));
    }
}
