//! How far a liquidation is: a number, a word and a bar.

use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use domain::Bps;
use leptos::prelude::*;

/// The bar is full at this distance and beyond.
const FULL: i64 = 2_000;

/// How worried to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    Safe,
    Near,
    Critical,
}

impl Danger {
    /// Critical at or below the guard's trigger (5 % without a guard), near up to twice that.
    pub fn of(distance: Bps, trigger: Option<Bps>) -> Danger {
        let critical = trigger.map_or(500, Bps::get);
        match distance.get() {
            far if critical.saturating_mul(2) < far => Danger::Safe,
            near if critical < near => Danger::Near,
            _ => Danger::Critical,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Danger::Safe => "good",
            Danger::Near => "warn",
            Danger::Critical => "bad",
        }
    }

    pub fn name(self, locale: Locale) -> &'static str {
        match self {
            Danger::Safe => td_string!(locale, danger.safe),
            Danger::Near => td_string!(locale, danger.near),
            Danger::Critical => td_string!(locale, danger.critical),
        }
    }
}

/// The distance as a bar, with the guard's trigger as a tick on it.
#[component]
pub fn DistanceBar(#[prop(into)] distance: Signal<Bps>, #[prop(into)] trigger: Signal<Option<Bps>>) -> impl IntoView {
    let tick = move || {
        trigger.get().map(|trigger| {
            view! { <rect class="bar-tick" x=share(trigger).to_string() y="0" width="3" height="10"></rect> }
        })
    };
    view! {
        <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" data-tone=move || Danger::of(distance.get(), trigger.get()).as_str()>
            <rect class="bar-ground" width="1000" height="10" rx="5"></rect>
            <rect class="bar-fill" width=move || share(distance.get()).to_string() height="10" rx="5"></rect>
            {move || tick()}
        </svg>
    }
    .erased()
}

/// A distance in thousandths of the bar.
fn share(distance: Bps) -> i64 {
    distance.get().clamp(0, FULL) * 1_000 / FULL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_begins_at_the_trigger() {
        let trigger = Some(Bps::new(400));
        assert_eq!(Danger::of(Bps::new(400), trigger), Danger::Critical);
        assert_eq!(Danger::of(Bps::new(401), trigger), Danger::Near);
        assert_eq!(Danger::of(Bps::new(801), trigger), Danger::Safe);
        assert_eq!(Danger::of(Bps::new(500), None), Danger::Critical);
        assert_eq!(Danger::of(Bps::new(-10), None), Danger::Critical);
    }

    #[test]
    fn the_bar_never_overflows() {
        assert_eq!((share(Bps::new(-5)), share(Bps::new(1_000)), share(Bps::new(i64::MAX))), (0, 500, 1_000));
    }
}
