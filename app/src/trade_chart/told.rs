//! The newest complete bars with what was worked out from them as a table, for who can't see the chart.

use super::Extras;
use super::studies::Studies;
use crate::chart::Canvas;
use crate::chart::bars::{Bars, seconds};
use crate::erased::Erased;
use crate::format;
use crate::i18n::Locale;
use crate::language::{t_string, use_i18n};
use domain::{Candle, Price};
use leptos::prelude::*;

/// How many bars are told.
const TOLD: usize = 10;

#[component]
pub fn Told(canvas: Canvas, extras: Extras) -> impl IntoView {
    let i18n = use_i18n();
    let told = Memo::new(move |_| {
        canvas.bars.with(|bars| bars.as_ref().map_or_else(Vec::new, |bars: &Bars| bars.complete(TOLD)))
    });
    let rows = move || {
        let locale = i18n.get_locale();
        extras.studies.with(|studies| told.get().iter().map(|bar| row(locale, bar, studies)).collect_view())
    };
    view! {
        <table class="sr-only" data-testid="told-bars">
            <caption>{move || t_string!(i18n, chart.table)}</caption>
            <thead>
                <tr>
                    <th scope="col">{move || t_string!(i18n, chart.opened_at)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.open)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.high)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.low)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.close)}</th>
                    <th scope="col">{move || t_string!(i18n, trade.volume)}</th>
                    <th scope="col">"EMA 20"</th>
                    <th scope="col">"EMA 50"</th>
                    <th scope="col">"Bollinger"</th>
                    <th scope="col">"RSI 14"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .erased()
}

fn row(locale: Locale, bar: &Candle, studies: &Studies) -> impl IntoView + use<> {
    let time = seconds(bar.at);
    let price = |price| format::price(locale, price);
    let dollars = |value: f64| Price::try_from_dollars(value).map_or_else(|_| none(), price);
    let curve = |kind| studies.at(kind, time).map_or_else(none, dollars);
    let bands = format!("{} – {}", curve("band_low"), curve("band_high"));
    let strength = studies.at("rsi", time).map_or_else(none, |value| format!("{}", value.round() as i64));
    view! {
        <tr>
            <th scope="row">{format::date_time(bar.at)}</th>
            <td>{price(bar.open)}</td>
            <td>{price(bar.highest())}</td>
            <td>{price(bar.lowest())}</td>
            <td>{price(bar.close)}</td>
            <td>{format::whole(locale, bar.volume)}</td>
            <td>{curve("ema_fast")}</td>
            <td>{curve("ema_slow")}</td>
            <td>{bands}</td>
            <td>{strength}</td>
        </tr>
    }
}

fn none() -> String {
    "\u{2014}".to_owned()
}
