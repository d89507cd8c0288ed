//! The price of a replay as a line, with what was done on it; the table beneath says the same in numbers.

use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use domain::{Price, Reason, Timestamp};
use engine::replay::comparison::{Comparison, CurvePoint};
use leptos::prelude::*;

const WIDTH: i64 = 1_000;
const HEIGHT: i64 = 260;
const EDGE: i64 = 14;

/// Where times and prices are on the drawing.
struct Scale {
    from: i64,
    until: i64,
    low: i64,
    high: i64,
}

impl Scale {
    fn of(comparison: &Comparison) -> Scale {
        let prices = comparison.curve.iter().map(|point| point.price.ticks());
        let prices = prices.chain([comparison.entry.ticks(), comparison.stop.ticks()]);
        let (low, high) = prices.fold((i64::MAX, 0), |(low, high), it| (low.min(it), high.max(it)));
        Scale { from: comparison.from.unix_ms(), until: comparison.until.unix_ms(), low, high }
    }

    fn x(&self, at: Timestamp) -> i64 {
        part(at.unix_ms() - self.from, self.until - self.from, WIDTH)
    }

    fn y(&self, price: Price) -> i64 {
        EDGE + part(self.high - price.ticks(), self.high - self.low, HEIGHT - 2 * EDGE)
    }
}

/// A part of a whole, as so much of a length.
fn part(of: i64, whole: i64, length: i64) -> i64 {
    let place = i128::from(of) * i128::from(length) / i128::from(whole.max(1));
    i64::try_from(place).unwrap_or(0).clamp(0, length)
}

fn line(scale: &Scale, curve: &[CurvePoint]) -> String {
    let point = |(index, point): (usize, &CurvePoint)| {
        let verb = if index == 0 { 'M' } else { 'L' };
        format!("{verb}{} {}", scale.x(point.at), scale.y(point.price))
    };
    curve.iter().enumerate().map(point).collect()
}

#[component]
pub fn PastChart(comparison: Comparison) -> impl IntoView {
    let i18n = use_i18n();
    let scale = Scale::of(&comparison);
    let (entry, stop) = (scale.y(comparison.entry), scale.y(comparison.stop));
    let path = line(&scale, &comparison.curve);
    let mark = |class: &'static str, at: Timestamp, price: Price| {
        view! { <circle class=class cx=scale.x(at) cy=scale.y(price) r="7"></circle> }.erased()
    };
    let top_ups = comparison.guard.decisions.iter().filter_map(|decision| match decision.reason {
        Reason::WouldAddMargin { .. } => Some(mark("past-top-up", decision.at, decision.price)),
        _ => None,
    });
    let ends = [&comparison.none, &comparison.guard].into_iter().flat_map(|outcome| outcome.decisions.iter());
    let ends = ends.filter_map(|decision| match decision.reason {
        Reason::PositionLiquidated { exit, .. } => Some(mark("past-end", decision.at, exit)),
        _ => None,
    });
    let marks: Vec<AnyView> = top_ups.chain(ends).collect();
    view! {
        <figure class="past">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <path class="past-level" d=format!("M0 {entry}H{WIDTH}")></path>
                <path class="past-stop" d=format!("M0 {stop}H{WIDTH}")></path>
                <path class="past-price" d=path></path>
                {marks}
            </svg>
            <figcaption class="note">
                <span class="past-key entry">{move || t_string!(i18n, position.entry)}</span>
                <span class="past-key stop">{move || t_string!(i18n, replay.stop_line)}</span>
                <span class="past-key top-up">{move || t_string!(i18n, replay.top_ups)}</span>
                <span class="past-key end">{move || t_string!(i18n, replay.liquidated)}</span>
            </figcaption>
        </figure>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_keeps_within_its_drawing() {
        let price = |ticks| Price::from_ticks(ticks).unwrap();
        let scale = Scale { from: 0, until: 1_000, low: 100, high: 200 };
        assert_eq!((scale.x(Timestamp::EPOCH), scale.x(Timestamp::from_unix_ms(2_000))), (0, WIDTH));
        assert_eq!((scale.y(price(200)), scale.y(price(100))), (EDGE, HEIGHT - EDGE));
        let flat = Scale { from: 5, until: 5, low: 100, high: 100 };
        assert_eq!((flat.x(Timestamp::from_unix_ms(5)), flat.y(price(100))), (0, EDGE));
    }
}
