//! The trade page's chart: candles and volume, indicators in panes of their own, and levels that can be drawn.

#[cfg(feature = "hydrate")]
mod bridge;
mod controls;
pub mod indicators;
mod levels;
mod studies;
mod told;
#[cfg(feature = "hydrate")]
mod wiring;

use crate::api::ReadFault;
use crate::chart::bars::Bars;
use crate::components::fault::fault_text;
use crate::erased::Erased;
use crate::format;
use crate::hand::Hand;
use crate::language::{t_string, use_i18n};
use crate::ticket::preview::Figures;
use controls::Controls;
use leptos::html::Div;
use leptos::prelude::*;
use levels::Level;
use studies::{Studies, Study};
use told::Told;

/// What the chart shows now.
#[derive(Clone, Copy)]
pub struct Canvas {
    seconds: RwSignal<i64>,
    shown: RwSignal<Vec<Study>>,
    bars: RwSignal<Option<Bars>>,
    /// Of all bars that are shown.
    studies: Memo<Studies>,
    fault: RwSignal<Option<ReadFault>>,
    levels: Memo<Vec<Level>>,
    container: NodeRef<Div>,
}

#[component]
pub fn TradeChart(figures: Memo<Option<Figures>>) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let bars = RwSignal::new(None::<Bars>);
    let shown = RwSignal::new(vec![Study::Volume]);
    let levels = Memo::new(move |_| {
        let locale = i18n.get_locale();
        let draft = figures.get();
        hand.live.snapshot.with(|known| {
            let positions = known.as_ref().map_or(&[][..], |known| &known.value.positions);
            let orders = known.as_ref().map_or(&[][..], |known| &known.value.orders);
            levels::levels(locale, positions, orders, draft.as_ref())
        })
    });
    // Once a second is enough for the eye.
    let second = Memo::new(move |_| hand.live.beat.get() / 1_000);
    let count = Memo::new(move |_| bars.with(|bars| bars.as_ref().map_or(0, |bars| bars.all().len())));
    let studies = Memo::new(move |_| {
        // Read, not only followed: what nobody has read yet tells nobody that it changed.
        let _ = (second.get(), count.get());
        let of = |bars: &Option<Bars>| {
            bars.as_ref().map_or_else(Studies::default, |bars| shown.with(|shown| Studies::of(bars.all(), shown)))
        };
        bars.with_untracked(of)
    });
    let (seconds, fault, container) = (RwSignal::new(900), RwSignal::new(None), NodeRef::new());
    let canvas = Canvas { seconds, shown, bars, studies, fault, levels, container };
    #[cfg(feature = "hydrate")]
    wiring::wire(hand, canvas);
    let last = move || {
        hand.live.price.get().map_or_else(
            || t_string!(i18n, figure.no_price).to_owned(),
            |price| format::price(i18n.get_locale(), price.value.tick.last),
        )
    };
    view! {
        <section class="card chart-card trade-chart" aria-label=move || t_string!(i18n, chart.title)>
            <header class="chart-head">
                <div class="chart-price">
                    <h2 class="label">"BTC/USD"</h2>
                    <p class="figure price">{last}</p>
                </div>
                <Controls canvas/>
            </header>
            <div class="chart-box">
                <div class="chart" aria-hidden="true" data-testid="trade-chart" node_ref=container
                    data-levels=move || levels.with(Vec::len).to_string()
                    data-studies=move || shown.with(Vec::len).to_string()></div>
                <Cover canvas/>
            </div>
            <footer class="chart-foot">
                <span class="key key-entry">{move || t_string!(i18n, chart.entry)}</span>
                <span class="key key-guard">{move || t_string!(i18n, chart.guard)}</span>
                <span class="key key-liquidation">{move || t_string!(i18n, chart.liquidation)}</span>
                <span class="key key-stop">"SL / TP"</span>
                <span class="note">{move || t_string!(i18n, trade.drag_hint)}</span>
            </footer>
            <Told canvas/>
        </section>
    }
    .erased()
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
