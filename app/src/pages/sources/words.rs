//! A source's state in words.

use crate::format;
use crate::i18n::{Locale, td_string};
use domain::source::{BreakerState, Opinion, SourceHealth, SourceRole};

pub fn role(locale: Locale, source: &SourceHealth) -> String {
    match source.role {
        SourceRole::Decides(mode) => {
            let mode = match mode {
                domain::Mode::Paper => td_string!(locale, mode.paper),
                domain::Mode::Signet => td_string!(locale, mode.signet),
                domain::Mode::Live => td_string!(locale, mode.live),
            };
            td_string!(locale, sources.decides, mode = mode).to_string()
        }
        SourceRole::SecondOpinion => td_string!(locale, sources.second).to_owned(),
    }
}

/// The price with its age, and that it is too old where it is.
pub fn price(locale: Locale, source: &SourceHealth) -> String {
    let (Some(price), Some(age)) = (source.price, source.age) else {
        return td_string!(locale, figure.no_price).to_owned();
    };
    let (price, age) = (format::price(locale, price), format::age(locale, age));
    if source.is_fresh {
        td_string!(locale, sources.price, price = price, age = age).to_string()
    } else {
        td_string!(locale, sources.stale, price = price, age = age).to_string()
    }
}

pub fn breaker(locale: Locale, source: &SourceHealth) -> String {
    match &source.breaker {
        BreakerState::Closed { failures: 0 } => td_string!(locale, sources.answered).to_owned(),
        BreakerState::Closed { failures } => {
            td_string!(locale, sources.failing, count = format::whole(locale, i64::from(*failures))).to_string()
        }
        BreakerState::Open { until, reason } => {
            let until = format::date_time(*until);
            td_string!(locale, sources.left_alone, until = until, reason = reason.clone()).to_string()
        }
        BreakerState::Probing => td_string!(locale, sources.probing).to_owned(),
    }
}

pub fn stream(locale: Locale, source: &SourceHealth) -> String {
    let Some(stream) = source.stream else { return String::new() };
    let count = |number: u64| format::whole(locale, i64::try_from(number).unwrap_or(i64::MAX));
    let state =
        if stream.is_up { td_string!(locale, sources.stream_up) } else { td_string!(locale, sources.stream_down) };
    let counts = td_string!(
        locale,
        sources.stream_counts,
        built = count(stream.built),
        frozen = count(stream.frozen),
        dropped = count(stream.dropped),
        unreadable = count(stream.unreadable)
    );
    format!("{state} {counts}")
}

/// How far the source's clock is from ours.
pub fn clock(locale: Locale, source: &SourceHealth) -> String {
    match source.clock_offset.map(domain::Millis::get) {
        None => td_string!(locale, sources.clock_unknown).to_owned(),
        Some(ms) if ms < 0 => {
            td_string!(locale, sources.clock_behind, ms = format::whole(locale, ms.saturating_abs())).to_string()
        }
        Some(ms) => td_string!(locale, sources.clock_ahead, ms = format::whole(locale, ms)).to_string(),
    }
}

pub fn opinion(locale: Locale, source: &SourceHealth) -> String {
    match source.opinion {
        Some(Opinion::Agrees) => td_string!(locale, sources.agrees).to_owned(),
        Some(Opinion::Doubts { by }) => {
            td_string!(locale, sources.doubts, by = format::percent(locale, by)).to_string()
        }
        Some(Opinion::None) | None => td_string!(locale, sources.no_opinion).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::source::StreamState;
    use domain::{Bps, Millis, Mode, Price};

    fn source() -> SourceHealth {
        SourceHealth {
            name: "LN Markets".to_owned(),
            role: SourceRole::Decides(Mode::Live),
            price: Price::from_ticks(200_001).ok(),
            age: Some(Millis::new(400)),
            is_fresh: true,
            breaker: BreakerState::Closed { failures: 0 },
            stream: Some(StreamState { is_up: true, built: 2, frozen: 1, dropped: 3, unreadable: 0 }),
            clock_offset: Some(Millis::new(-1_250)),
            opinion: None,
        }
    }

    #[test]
    fn each_state_has_words_in_both_languages() {
        let well = source();
        assert_eq!(price(Locale::en, &well), "$100,000.5, 0.4 s old");
        assert_eq!(clock(Locale::en, &well), "1,250 ms behind ours");
        assert_eq!(clock(Locale::pt_BR, &well), "1.250 ms atrás do nosso");
        let old = SourceHealth { is_fresh: false, ..source() };
        assert_ne!(price(Locale::en, &old), price(Locale::en, &well));
        let doubtful = SourceHealth { opinion: Some(Opinion::Doubts { by: Bps::new(250) }), ..source() };
        assert!(opinion(Locale::pt_BR, &doubtful).contains("2,50%"));
        let states = [
            BreakerState::Closed { failures: 0 },
            BreakerState::Closed { failures: 3 },
            BreakerState::Open { until: domain::Timestamp::EPOCH, reason: "502".to_owned() },
            BreakerState::Probing,
        ];
        for locale in [Locale::en, Locale::pt_BR] {
            let mut told: Vec<String> =
                states.clone().map(|state| breaker(locale, &SourceHealth { breaker: state, ..source() })).to_vec();
            told.dedup();
            assert_eq!(told.len(), 4, "{told:?}");
        }
    }
}
