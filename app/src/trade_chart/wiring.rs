//! Carries what changes to the drawing, and what is drawn back to the hand; in the browser.

use super::levels::Drag;
use super::{Canvas, bridge};
use crate::api::candles;
use crate::chart::bars::{Bars, LIMIT, numbers};
use crate::hand::{Asked, Hand};
use crate::theme::Theme;
use domain::{Candle, Millis, Price};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::prelude::Closure;

type Dragged = Closure<dyn FnMut(String, f64)>;
type Drawing = StoredValue<Option<(bridge::Drawing, Dragged)>, LocalStorage>;

/// How long to wait before bars that could not be read are asked for again.
const PAUSE: Duration = Duration::from_secs(3);

pub fn wire(hand: Hand, canvas: Canvas) {
    let drawing: Drawing = StoredValue::new_local(None);
    Effect::new(move |_| {
        if let Some(container) = canvas.container.get() {
            let dragged: Dragged =
                Closure::new(move |name: String, price: f64| ask(hand, canvas, drawing, &name, price));
            drawing.set_value(Some((bridge::create(&container, &dragged), dragged)));
            redraw(drawing, canvas);
        }
    });
    on_cleanup(move || {
        drawing.try_update_value(|drawing| {
            if let Some((drawing, _)) = drawing.take() {
                drawing.dispose();
            }
        });
    });
    read_bars(hand, canvas, drawing);
    follow_price(hand, canvas, drawing);
    Effect::new(move |_| {
        let json = canvas.levels.with(|levels| serde_json::to_string(levels).unwrap_or_default());
        on(drawing, |drawing| drawing.set_levels(&json));
    });
    Effect::new(move |_| {
        let json = canvas.studies.with(|studies| serde_json::to_string(studies).unwrap_or_default());
        on(drawing, |drawing| drawing.set_studies(&json));
    });
    // A level that was drawn and not confirmed goes back to where it is.
    Effect::new(move |was_asking: Option<bool>| {
        let is_asking = hand.is_asking();
        if was_asking == Some(true) && !is_asking {
            show_levels(drawing, canvas);
        }
        is_asking
    });
    let theme = expect_context::<RwSignal<Theme>>();
    Effect::new(move |_| {
        theme.track();
        // The page has the new colours once its attribute has been set.
        request_animation_frame(move || on(drawing, bridge::Drawing::theme));
    });
}

/// A level was let go at a price: nothing is sent before it is confirmed.
fn ask(hand: Hand, canvas: Canvas, drawing: Drawing, name: &str, dollars: f64) {
    let drawn = Drag::parse(name).zip(Price::try_from_dollars(dollars).ok());
    match drawn {
        Some((Drag::StopLoss(position), price)) => {
            hand.ask(Asked::Stops { position, stop_loss: Some(price), take_profit: None });
        }
        Some((Drag::TakeProfit(position), price)) => {
            hand.ask(Asked::Stops { position, stop_loss: None, take_profit: Some(price) });
        }
        None => show_levels(drawing, canvas),
    }
}

fn on(drawing: Drawing, act: impl FnOnce(&bridge::Drawing)) {
    drawing.try_with_value(|drawing| drawing.as_ref().map(|(drawing, _)| act(drawing)));
}

fn show_levels(drawing: Drawing, canvas: Canvas) {
    let json = canvas.levels.with_untracked(|levels| serde_json::to_string(levels).unwrap_or_default());
    on(drawing, |drawing| drawing.set_levels(&json));
}

fn redraw(drawing: Drawing, canvas: Canvas) {
    if let Some(flat) = canvas.bars.with_untracked(|bars| bars.as_ref().map(Bars::flat)) {
        on(drawing, |drawing| drawing.set_bars(flat));
    }
    let json = canvas.studies.with_untracked(|studies| serde_json::to_string(studies).unwrap_or_default());
    on(drawing, |drawing| drawing.set_studies(&json));
    show_levels(drawing, canvas);
}

/// Reads the bars whenever another length is chosen, events were missed, or the last try failed.
fn read_bars(hand: Hand, canvas: Canvas, drawing: Drawing) {
    let tries = RwSignal::new(0_u32);
    Effect::new(move |_| {
        let seconds = canvas.seconds.get();
        hand.live.resyncs.track();
        tries.track();
        spawn_local(async move {
            let answer = candles(hand.live.account, seconds, LIMIT).await;
            // Another length may have been chosen, or the page left, while this one was read.
            if canvas.seconds.try_get_untracked() != Some(seconds) {
                return;
            }
            match answer {
                Ok(candles) => {
                    let bars = Bars::new(Millis::from_secs(seconds), candles);
                    on(drawing, |drawing| drawing.set_bars(bars.flat()));
                    canvas.bars.set(Some(bars));
                    canvas.fault.set(None);
                }
                Err(fault) => {
                    canvas.fault.set(Some(fault));
                    set_timeout(move || _ = tries.try_update(|tries| *tries = tries.wrapping_add(1)), PAUSE);
                }
            }
        });
    });
}

fn follow_price(hand: Hand, canvas: Canvas, drawing: Drawing) {
    let draw = move |bar: Option<Candle>| {
        if let Some([at, open, high, low, close]) = bar.as_ref().map(numbers) {
            on(drawing, |drawing| drawing.update(at, open, high, low, close));
        }
    };
    Effect::new(move |_| {
        if let Some(price) = hand.live.price.get() {
            draw(canvas.bars.try_update(|bars| bars.as_mut()?.take_tick(&price.value.tick)).flatten());
        }
    });
    Effect::new(move |_| {
        if let Some(candle) = hand.live.candle.get() {
            draw(canvas.bars.try_update(|bars| bars.as_mut()?.take_candle(&candle)).flatten());
        }
    });
}
