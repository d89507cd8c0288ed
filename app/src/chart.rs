//! The live candle chart with a position's prices and the guard's deeds on it.

pub mod bars;
#[cfg(feature = "hydrate")]
pub mod bridge;
pub mod levels;
mod markers;
pub mod parts;
#[cfg(feature = "hydrate")]
pub mod wiring;

pub use markers::short;

use crate::api::{ActivityQuery, ReadFault};
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use bars::Bars;
use domain::{LedgerOutcome, Millis};
use leptos::html::Div;
use leptos::prelude::*;
use levels::Level;
use markers::Marker;
use parts::{ChartBox, LastPrice, Lengths};

/// How many bars are told to who can't see them.
const TOLD: usize = 10;

/// The top-ups that the chart marks.
pub fn saves_query() -> ActivityQuery {
    ActivityQuery { outcome: Some(LedgerOutcome::Acted), limit: 200, ..ActivityQuery::default() }
}

/// The bars of one length that a chart shows, kept up to date.
#[derive(Clone, Copy)]
pub struct Canvas {
    pub live: Live,
    pub seconds: RwSignal<i64>,
    pub bars: RwSignal<Option<Bars>>,
    /// Counts the times that all bars were read.
    pub fresh: RwSignal<u32>,
    pub fault: RwSignal<Option<ReadFault>>,
    pub container: NodeRef<Div>,
}

impl Canvas {
    /// Of the account's market, with bars that are so many seconds long.
    pub fn new(live: Live, seconds: i64) -> Canvas {
        let (bars, fresh, fault) = (RwSignal::new(None), RwSignal::new(0), RwSignal::new(None));
        Canvas { live, seconds: RwSignal::new(seconds), bars, fresh, fault, container: NodeRef::new() }
    }
}

/// The dashboard's chart of the account's market, live.
#[component]
pub fn Chart() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let canvas = Canvas::new(live, 60);
    #[cfg(feature = "hydrate")]
    {
        let drawing = wiring::Drawing::new();
        drawing.wire(canvas, None);
        drawing.follow("levels", position_levels(live));
        drawing.follow("markers", guard_markers(live, canvas));
        read_saves(live);
    }
    view! {
        <section class="card chart-card" aria-label=move || t_string!(i18n, chart.title)>
            <header class="chart-head">
                <LastPrice canvas/>
                <Lengths canvas lengths=&parts::SHORT/>
            </header>
            <ChartBox canvas testid="chart"/>
            <footer class="chart-foot">
                <parts::Keys/>
                <span class="note">{move || t_string!(i18n, chart.time_zone)}</span>
            </footer>
            <Told canvas/>
        </section>
    }
    .erased()
}

fn position_levels(live: Live) -> Memo<Vec<Level>> {
    let i18n = use_i18n();
    Memo::new(move |_| {
        let locale = i18n.get_locale();
        live.snapshot.with(|snapshot| {
            snapshot.as_ref().map_or_else(Vec::new, |snapshot| levels::of_positions(locale, &snapshot.value.positions))
        })
    })
}

fn guard_markers(live: Live, canvas: Canvas) -> Memo<Vec<Marker>> {
    let i18n = use_i18n();
    Memo::new(move |_| {
        let (locale, length) = (i18n.get_locale(), Millis::from_secs(canvas.seconds.get()));
        let sides: Vec<_> = live.snapshot.with(|snapshot| {
            let positions = snapshot.iter().flat_map(|snapshot| &snapshot.value.positions);
            positions.map(|shown| (shown.position.id, shown.position.side)).collect()
        });
        live.decisions.with(|decisions| markers::markers(locale, decisions, length, &sides))
    })
}

#[cfg(feature = "hydrate")]
fn read_saves(live: Live) {
    leptos::task::spawn_local(async move {
        if let Ok(saves) = crate::api::activity(live.account, saves_query()).await {
            live.take_decisions(saves);
        }
    });
}

/// The newest complete bars as a table, for who can't see the chart.
#[component]
fn Told(canvas: Canvas) -> impl IntoView {
    let i18n = use_i18n();
    let told =
        Memo::new(move |_| canvas.bars.with(|bars| bars.as_ref().map_or_else(Vec::new, |bars| bars.complete(TOLD))));
    let row = move |bar: domain::Candle| {
        let price = move |price| format::price(i18n.get_locale(), price);
        view! {
            <tr>
                <th scope="row">{format::date_time(bar.at)}</th>
                <td>{move || price(bar.open)}</td>
                <td>{move || price(bar.highest())}</td>
                <td>{move || price(bar.lowest())}</td>
                <td>{move || price(bar.close)}</td>
            </tr>
        }
    };
    view! {
        <table class="sr-only">
            <caption>{move || t_string!(i18n, chart.table)}</caption>
            <thead>
                <tr>
                    <th scope="col">{move || t_string!(i18n, chart.opened_at)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.open)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.high)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.low)}</th>
                    <th scope="col">{move || t_string!(i18n, chart.close)}</th>
                </tr>
            </thead>
            <tbody>{move || told.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
