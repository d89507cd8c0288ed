//! Numbers and times as a reader of the page's language writes them.

use crate::i18n::Locale;
use domain::money::SATS_PER_BITCOIN;
use domain::price::TICKS_PER_DOLLAR;
use domain::{Bps, Leverage, Millis, Price, Quantity, Rate, Sats, Timestamp, iso8601};

/// The mark of thousands and the mark of decimals.
const fn marks(locale: Locale) -> (char, char) {
    match locale {
        Locale::en => (',', '.'),
        Locale::pt_BR => ('.', ','),
    }
}

const fn dollar_sign(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "$",
        Locale::pt_BR => "US$\u{a0}",
    }
}

/// A whole number in groups of three: `52,000`.
pub fn whole(locale: Locale, number: i64) -> String {
    let (thousands, _) = marks(locale);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + 8);
    if number < 0 {
        text.push('\u{2212}');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place != 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    text
}

/// The same with its sign always shown: `+52,000`.
pub fn signed(locale: Locale, number: i64) -> String {
    let plus = if 0 < number { "+" } else { "" };
    format!("{plus}{}", whole(locale, number))
}

/// An amount without its unit: `52,000`.
pub fn sats(locale: Locale, amount: Sats) -> String {
    whole(locale, amount.get())
}

/// An amount that is a gain or a loss, without its unit: `+52,000`.
pub fn signed_sats(locale: Locale, amount: Sats) -> String {
    signed(locale, amount.get())
}

/// A fixed number of decimals from an integer of the smallest parts: `decimal(_, 512, 2)` is `5.12`.
fn decimal(locale: Locale, parts: i64, places: u32) -> String {
    let (_, point) = marks(locale);
    let unit = 10_u64.pow(places);
    let (head, tail) = (parts.unsigned_abs() / unit, parts.unsigned_abs() % unit);
    let sign = if parts < 0 { "\u{2212}" } else { "" };
    let head = whole(locale, i64::try_from(head).unwrap_or(i64::MAX));
    let width = usize::try_from(places).unwrap_or(0);
    format!("{sign}{head}{point}{tail:0width$}")
}

/// Dollars for one bitcoin, to the half dollar: `$60,000.5`.
pub fn price(locale: Locale, price: Price) -> String {
    let tenths = price.ticks().saturating_mul(10 / TICKS_PER_DOLLAR);
    format!("{}{}", dollar_sign(locale), decimal(locale, tenths, 1))
}

/// What a position is about, in whole dollars: `$2,000`.
pub fn quantity(locale: Locale, quantity: Quantity) -> String {
    format!("{}{}", dollar_sign(locale), whole(locale, quantity.get()))
}

/// A liquidation price; `None` where the position can't be liquidated.
pub fn liquidation(locale: Locale, at: Price) -> Option<String> {
    (at < Price::MAX && Price::MIN < at).then(|| price(locale, at))
}

/// An amount in bitcoin, to the sat and without its unit: `0.00052000`.
pub fn bitcoin(locale: Locale, amount: Sats) -> String {
    decimal(locale, amount.get(), 8)
}

/// What an amount is worth: `$31.20`.
pub fn dollars(locale: Locale, amount: Sats, at: Price) -> String {
    let cents = i128::from(amount.get()) * i128::from(at.ticks()) * 100
        / (i128::from(SATS_PER_BITCOIN) * i128::from(TICKS_PER_DOLLAR));
    let cents = i64::try_from(cents).unwrap_or(i64::MAX);
    let sign = if cents < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}{}", dollar_sign(locale), decimal(locale, cents.saturating_abs(), 2))
}

/// A share with two decimals: `5.12%`.
pub fn percent(locale: Locale, share: Bps) -> String {
    format!("{}%", decimal(locale, share.get(), 2))
}

/// A funding rate with four decimals: `0.0100%`.
pub fn rate(locale: Locale, rate: Rate) -> String {
    format!("{}%", decimal(locale, rate.hundred_millionths() / 100, 4))
}

/// Leverage with two decimals: `6.67x`.
pub fn leverage(locale: Locale, leverage: Leverage) -> String {
    format!("{}x", decimal(locale, leverage.millionths().saturating_add(5_000) / 10_000, 2))
}

/// How long ago, short: `0.4 s`, `12 s`, `3 min`, `2 h 05 min`.
pub fn age(locale: Locale, age: Millis) -> String {
    match age.get().max(0) {
        ms @ ..10_000 => format!("{} s", decimal(locale, ms / 100, 1)),
        ms @ ..120_000 => format!("{} s", ms / 1_000),
        ms => span(ms),
    }
}

/// How long until, in whole minutes: `2 h 05 min`.
pub fn countdown(left: Millis) -> String {
    span(left.get().max(0))
}

fn span(ms: i64) -> String {
    let (hours, minutes) = (ms / Millis::HOUR.get(), ms % Millis::HOUR.get() / Millis::MINUTE.get());
    if hours == 0 { format!("{minutes} min") } else { format!("{hours} h {minutes:02} min") }
}

/// A moment of the day in some zone: `14:05:12`. `offset` is the zone's distance from UTC in minutes.
pub fn clock(at: Timestamp, offset: i64) -> String {
    let ms = at.unix_ms().saturating_add(offset.saturating_mul(Millis::MINUTE.get())).rem_euclid(Millis::DAY.get());
    let seconds = ms / 1_000;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// A moment in UTC, to the minute: `2020-03-12 10:41`.
pub fn date_time(at: Timestamp) -> String {
    let (year, month, day) = iso8601::date_of(at.unix_ms().div_euclid(Millis::DAY.get()));
    let minutes = at.unix_ms().rem_euclid(Millis::DAY.get()) / Millis::MINUTE.get();
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dollars_of(text: &str) -> Price {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_grouped_as_the_reader_groups_them() {
        assert_eq!(whole(Locale::en, 0), "0");
        assert_eq!(whole(Locale::en, 999), "999");
        assert_eq!(whole(Locale::en, 52_000), "52,000");
        assert_eq!(whole(Locale::pt_BR, -1_234_567), "\u{2212}1.234.567");
        assert_eq!(whole(Locale::en, i64::MIN), "\u{2212}9,223,372,036,854,775,808");
        assert_eq!(signed(Locale::en, 7), "+7");
        assert_eq!(signed(Locale::en, 0), "0");
    }

    #[test]
    fn prices_show_the_half_dollar() {
        assert_eq!(price(Locale::en, dollars_of("60000.5")), "$60,000.5");
        assert_eq!(price(Locale::pt_BR, dollars_of("60000")), "US$\u{a0}60.000,0");
        assert_eq!(liquidation(Locale::en, Price::MAX), None);
    }

    #[test]
    fn an_amount_is_worth_what_the_price_says() {
        assert_eq!(dollars(Locale::en, Sats::new(52_000), dollars_of("60000")), "$31.20");
        assert_eq!(dollars(Locale::en, Sats::new(-52_000), dollars_of("60000")), "\u{2212}$31.20");
        assert_eq!(dollars(Locale::pt_BR, Sats::new(100_000_000), dollars_of("60000.5")), "US$\u{a0}60.000,50");
    }

    #[test]
    fn shares_and_rates_keep_their_decimals() {
        assert_eq!(percent(Locale::en, Bps::new(500)), "5.00%");
        assert_eq!(percent(Locale::pt_BR, Bps::new(-5)), "\u{2212}0,05%");
        assert_eq!(rate(Locale::en, Rate::from_hundred_millionths(10_000)), "0.0100%");
        assert_eq!(leverage(Locale::en, Leverage::measured(6_666_666)), "6.67x");
    }

    #[test]
    fn an_age_is_finer_when_it_is_young() {
        assert_eq!(age(Locale::en, Millis::new(430)), "0.4 s");
        assert_eq!(age(Locale::pt_BR, Millis::new(1_200)), "1,2 s");
        assert_eq!(age(Locale::en, Millis::new(12_900)), "12 s");
        assert_eq!(age(Locale::en, Millis::new(185_000)), "3 min");
        assert_eq!(age(Locale::en, Millis::new(7_500_000)), "2 h 05 min");
        assert_eq!(age(Locale::en, Millis::new(-5)), "0.0 s");
    }

    #[test]
    fn a_time_is_the_calendars() {
        let crash = Timestamp::from_unix_ms(1_584_009_660_000);
        assert_eq!(date_time(crash), "2020-03-12 10:41");
        assert_eq!(date_time(Timestamp::EPOCH), "1970-01-01 00:00");
        assert_eq!(date_time(Timestamp::from_unix_ms(951_782_400_000)), "2000-02-29 00:00");
        assert_eq!(date_time(Timestamp::from_unix_ms(-1)), "1969-12-31 23:59");
        assert_eq!(clock(crash, 0), "10:41:00");
        assert_eq!(clock(crash, -180), "07:41:00");
    }
}
