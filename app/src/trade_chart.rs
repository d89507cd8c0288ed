//! The trade page's chart: candles and volume, indicators in panes of their own, and levels that can be drawn.

mod begin;
mod controls;
pub mod indicators;
mod levels;
mod studies;
mod told;
#[cfg(feature = "hydrate")]
mod wiring;

use crate::chart::parts::{ChartBox, Keys, LastPrice};
use crate::chart::{Canvas, levels::Level};
use crate::erased::Erased;
use crate::hand::Hand;
use crate::language::{t_string, use_i18n};
use crate::ticket::preview::Figures;
use controls::Controls;
use leptos::prelude::*;
use studies::{Studies, Study};
use told::Told;

/// What the chart shows beside its bars.
#[derive(Clone, Copy)]
pub struct Extras {
    shown: RwSignal<Vec<Study>>,
    /// Of all bars that are shown.
    studies: Memo<Studies>,
    levels: Memo<Vec<Level>>,
}

#[component]
pub fn TradeChart(figures: Memo<Option<Figures>>) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let canvas = Canvas::new(hand.live, begin::WISHED);
    begin::with_enough_bars(canvas);
    let extras = extras(hand, canvas, figures);
    #[cfg(feature = "hydrate")]
    wiring::wire(hand, canvas, extras);
    view! {
        <section class="card chart-card trade-chart" aria-label=move || t_string!(i18n, chart.title)>
            <header class="chart-head">
                <LastPrice canvas/>
                <Controls canvas extras/>
            </header>
            <ChartBox canvas testid="trade-chart"/>
            <footer class="chart-foot">
                <Keys/>
                <span class="note">{move || t_string!(i18n, trade.drag_hint)}</span>
            </footer>
            <Told canvas extras/>
        </section>
    }
    .erased()
}

fn extras(hand: Hand, canvas: Canvas, figures: Memo<Option<Figures>>) -> Extras {
    let i18n = use_i18n();
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
    let studies = Memo::new(move |_| {
        let _ = (second.get(), canvas.fresh.get());
        let of = |bars: &Option<_>| {
            bars.as_ref().map_or_else(Studies::default, |bars: &crate::chart::bars::Bars| {
                shown.with(|shown| Studies::of(bars.all(), shown))
            })
        };
        canvas.bars.with_untracked(of)
    });
    Extras { shown, studies, levels }
}
