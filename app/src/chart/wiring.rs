//! Carries what changes to the drawing, in the browser.

use crate::api::{activity, candles};
use crate::chart::bars::{Bars, LIMIT, numbers};
use crate::chart::{Canvas, bridge, saves_query};
use crate::live::Live;
use crate::theme::Theme;
use domain::{Candle, Millis};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

type Drawing = StoredValue<Option<bridge::Drawing>, LocalStorage>;

/// How long to wait before bars that could not be read are asked for again.
const PAUSE: Duration = Duration::from_secs(3);

pub fn wire(live: Live, canvas: Canvas) {
    let drawing: Drawing = StoredValue::new_local(None);
    Effect::new(move |_| {
        if let Some(container) = canvas.container.get() {
            drawing.set_value(Some(bridge::create(&container)));
            redraw(drawing, canvas);
        }
    });
    on_cleanup(move || {
        drawing.try_update_value(|drawing| {
            if let Some(drawing) = drawing.take() {
                drawing.dispose();
            }
        });
    });
    read_bars(live, canvas, drawing);
    follow_price(live, canvas, drawing);
    Effect::new(move |_| {
        let json = serde_json::to_string(&canvas.lines.get()).unwrap_or_default();
        on(drawing, |drawing| drawing.set_lines(&json));
    });
    Effect::new(move |_| {
        let json = serde_json::to_string(&canvas.markers.get()).unwrap_or_default();
        on(drawing, |drawing| drawing.set_markers(&json));
    });
    let theme = expect_context::<RwSignal<Theme>>();
    Effect::new(move |_| {
        theme.track();
        // The page has the new colours once its attribute has been set.
        request_animation_frame(move || on(drawing, bridge::Drawing::theme));
    });
    spawn_local(async move {
        if let Ok(saves) = activity(live.account, saves_query()).await {
            live.take_decisions(saves);
        }
    });
}

fn on(drawing: Drawing, act: impl FnOnce(&bridge::Drawing)) {
    drawing.try_with_value(|drawing| drawing.as_ref().map(act));
}

fn redraw(drawing: Drawing, canvas: Canvas) {
    on(drawing, |drawing| {
        if let Some(flat) = canvas.bars.with_untracked(|bars| bars.as_ref().map(Bars::flat)) {
            drawing.set_bars(flat);
        }
        drawing.set_lines(&serde_json::to_string(&canvas.lines.get_untracked()).unwrap_or_default());
        drawing.set_markers(&serde_json::to_string(&canvas.markers.get_untracked()).unwrap_or_default());
    });
}

/// Reads the bars whenever another length is chosen, events were missed, or the last try failed.
fn read_bars(live: Live, canvas: Canvas, drawing: Drawing) {
    let tries = RwSignal::new(0_u32);
    Effect::new(move |_| {
        let seconds = canvas.seconds.get();
        live.resyncs.track();
        tries.track();
        spawn_local(async move {
            let answer = candles(live.account, seconds, LIMIT).await;
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

fn follow_price(live: Live, canvas: Canvas, drawing: Drawing) {
    let draw = move |bar: Option<Candle>| {
        if let Some([at, open, high, low, close]) = bar.as_ref().map(numbers) {
            on(drawing, |drawing| drawing.update(at, open, high, low, close));
        }
    };
    Effect::new(move |_| {
        if let Some(price) = live.price.get() {
            draw(canvas.bars.try_update(|bars| bars.as_mut()?.take_tick(&price.value.tick)).flatten());
        }
    });
    Effect::new(move |_| {
        if let Some(candle) = live.candle.get() {
            draw(canvas.bars.try_update(|bars| bars.as_mut()?.take_candle(&candle)).flatten());
        }
    });
}
