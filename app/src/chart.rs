//! The live candle chart with a position's prices and the guard's deeds on it.

pub mod bars;
#[cfg(feature = "hydrate")]
mod bridge;
mod overlay;
#[cfg(feature = "hydrate")]
mod wiring;

pub use overlay::short;

use crate::api::{ActivityQuery, ReadFault};
use crate::components::fault::fault_text;
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use bars::Bars;
use domain::{LedgerOutcome, Millis};
use leptos::html::Div;
use leptos::prelude::*;
use overlay::{Line, Marker};

/// Bar lengths to choose from, in seconds, with what they are called.
const LENGTHS: [(i64, &str); 4] = [(60, "1m"), (300, "5m"), (900, "15m"), (3_600, "1h")];
/// How many bars are told to who can't see them.
const TOLD: usize = 10;

/// The top-ups that the chart marks.
pub fn saves_query() -> ActivityQuery {
    ActivityQuery { outcome: Some(LedgerOutcome::Acted), limit: 200, ..ActivityQuery::default() }
}

/// What the chart shows now.
#[derive(Clone, Copy)]
struct Canvas {
    seconds: RwSignal<i64>,
    bars: RwSignal<Option<Bars>>,
    fault: RwSignal<Option<ReadFault>>,
    lines: Memo<Vec<Line>>,
    markers: Memo<Vec<Marker>>,
    container: NodeRef<Div>,
}

/// The chart of the account's market, live.
#[component]
pub fn Chart() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let canvas = canvas(live);
    #[cfg(feature = "hydrate")]
    wiring::wire(live, canvas);
    let length_button = move |(seconds, name): (i64, &'static str)| {
        let is_chosen = move || canvas.seconds.get() == seconds;
        view! {
            <button type="button" class="segment" aria-pressed=move || is_chosen().to_string()
                on:click=move |_| canvas.seconds.set(seconds)>{name}</button>
        }
    };
    let last = move || {
        live.price.get().map_or_else(
            || t_string!(i18n, figure.no_price).to_owned(),
            |price| format::price(i18n.get_locale(), price.value.tick.last),
        )
    };
    view! {
        <section class="card chart-card" aria-label=move || t_string!(i18n, chart.title)>
            <header class="chart-head">
                <div class="chart-price">
                    <h2 class="label">"BTC/USD"</h2>
                    <p class="figure price">{move || last()}</p>
                </div>
                <div class="segments" role="group" aria-label=move || t_string!(i18n, chart.bar_length)>
                    {LENGTHS.map(length_button).collect_view()}
                </div>
            </header>
            <div class="chart-box">
                <div class="chart" aria-hidden="true" data-testid="chart" node_ref=canvas.container
                    data-lines=move || canvas.lines.with(Vec::len).to_string()
                    data-markers=move || canvas.markers.with(Vec::len).to_string()></div>
                <Cover canvas/>
            </div>
            <footer class="chart-foot">
                <span class="key key-entry">{move || t_string!(i18n, chart.entry)}</span>
                <span class="key key-guard">{move || t_string!(i18n, chart.guard)}</span>
                <span class="key key-liquidation">{move || t_string!(i18n, chart.liquidation)}</span>
                <span class="note">{move || t_string!(i18n, chart.time_zone)}</span>
            </footer>
            <Told canvas/>
        </section>
    }
    .erased()
}

fn canvas(live: Live) -> Canvas {
    let i18n = use_i18n();
    let seconds = RwSignal::new(60);
    let lines = Memo::new(move |_| {
        let locale = i18n.get_locale();
        live.snapshot.with(|snapshot| {
            snapshot.as_ref().map_or_else(Vec::new, |snapshot| overlay::lines(locale, &snapshot.value.positions))
        })
    });
    let markers = Memo::new(move |_| {
        let (locale, length) = (i18n.get_locale(), Millis::from_secs(seconds.get()));
        let sides: Vec<_> = live.snapshot.with(|snapshot| {
            let positions = snapshot.iter().flat_map(|snapshot| &snapshot.value.positions);
            positions.map(|shown| (shown.position.id, shown.position.side)).collect()
        });
        live.decisions.with(|decisions| overlay::markers(locale, decisions, length, &sides))
    });
    let (bars, fault, container) = (RwSignal::new(None), RwSignal::new(None), NodeRef::new());
    Canvas { seconds, bars, fault, lines, markers, container }
}

/// What lies over the chart while there is nothing to see.
#[component]
fn Cover(canvas: Canvas) -> impl IntoView {
    let i18n = use_i18n();
    let is_empty = move || canvas.bars.with(|bars| bars.as_ref().is_none_or(|bars| bars.all().is_empty()));
    let text = move || match canvas.fault.get() {
        Some(fault) => fault_text(i18n.get_locale(), fault),
        None => t_string!(i18n, chart.loading),
    };
    move || is_empty().then(|| view! { <p class="chart-cover" role="status">{move || text()}</p> }.erased())
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
