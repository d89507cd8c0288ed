//! Carries what changes to the drawing, in the browser.

use crate::api::candles;
use crate::chart::Canvas;
use crate::chart::bars::{Bars, LIMIT, numbers};
use crate::chart::bridge::{self, Dragged};
use crate::theme::Theme;
use domain::{Candle, Millis};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use std::time::Duration;

/// How long to wait before bars that could not be read are asked for again.
const PAUSE: Duration = Duration::from_secs(3);

/// The chart on the page, once there is one.
#[derive(Clone, Copy)]
pub struct Drawing {
    made: RwSignal<bool>,
    held: StoredValue<Held, LocalStorage>,
}

#[derive(Default)]
struct Held {
    drawing: Option<bridge::Drawing>,
    /// Called by the drawing for as long as it lives.
    dragged: Option<Dragged>,
}

impl Drawing {
    pub fn new() -> Drawing {
        Drawing { made: RwSignal::new(false), held: StoredValue::new_local(Held::default()) }
    }

    /// Draws the canvas. `dragged` is told of each level that was let go elsewhere; without it levels stay.
    pub fn wire(self, canvas: Canvas, dragged: Option<Dragged>) {
        self.held.update_value(|held| held.dragged = dragged);
        Effect::new(move |_| {
            if let Some(container) = canvas.container.get() {
                self.held.update_value(|held| {
                    held.drawing = Some(bridge::create(&container, held.dragged.as_ref()));
                });
                self.made.set(true);
            }
        });
        on_cleanup(move || {
            self.held.try_update_value(|held| held.drawing.take().inspect(bridge::Drawing::dispose));
        });
        read_bars(canvas, self);
        follow_price(canvas, self);
        let theme = expect_context::<RwSignal<Theme>>();
        Effect::new(move |_| {
            theme.track();
            // The page has the new colours once its attribute has been set.
            request_animation_frame(move || self.on(bridge::Drawing::theme));
        });
    }

    /// Lays over the bars what a memo holds, now and whenever it changes.
    pub fn follow<T: Serialize + Send + Sync + 'static>(self, layer: &'static str, content: Memo<T>) {
        Effect::new(move |_| {
            self.made.track();
            content.track();
            self.lay(layer, content);
        });
    }

    /// Lays it over the bars once more.
    pub fn lay<T: Serialize + Send + Sync + 'static>(self, layer: &str, content: Memo<T>) {
        let json = content.with_untracked(|content| serde_json::to_string(content).unwrap_or_default());
        self.on(|drawing| drawing.lay(layer, &json));
    }

    fn on(self, act: impl FnOnce(&bridge::Drawing)) {
        self.held.try_with_value(|held| held.drawing.as_ref().map(act));
    }
}

/// Reads the bars whenever another length is chosen, events were missed, or the last try failed.
fn read_bars(canvas: Canvas, drawing: Drawing) {
    let live = canvas.live;
    let tries = RwSignal::new(0_u32);
    // Before the server has read the account there are no bars of its market.
    let is_served = Memo::new(move |_| live.snapshot.with(Option::is_some));
    Effect::new(move |_| {
        let seconds = canvas.seconds.get();
        live.resyncs.track();
        tries.track();
        if !is_served.get() {
            return;
        }
        spawn_local(async move {
            let answer = candles(live.account, seconds, LIMIT).await;
            // Another length may have been chosen, or the page left, while this one was read.
            if canvas.seconds.try_get_untracked() != Some(seconds) {
                return;
            }
            match answer {
                Ok(candles) => {
                    canvas.bars.set(Some(Bars::new(Millis::from_secs(seconds), candles)));
                    canvas.fault.set(None);
                    canvas.fresh.update(|count| *count = count.wrapping_add(1));
                }
                Err(fault) => {
                    canvas.fault.set(Some(fault));
                    set_timeout(move || _ = tries.try_update(|tries| *tries = tries.wrapping_add(1)), PAUSE);
                }
            }
        });
    });
    Effect::new(move |_| {
        drawing.made.track();
        canvas.fresh.track();
        if let Some(flat) = canvas.bars.with_untracked(|bars| bars.as_ref().map(Bars::flat)) {
            drawing.on(|drawing| drawing.set_bars(flat));
        }
    });
}

fn follow_price(canvas: Canvas, drawing: Drawing) {
    let draw = move |bar: Option<Candle>| {
        if let Some([at, open, high, low, close]) = bar.as_ref().map(numbers) {
            drawing.on(|drawing| drawing.update(at, open, high, low, close));
        }
    };
    Effect::new(move |_| {
        if let Some(price) = canvas.live.price.get() {
            draw(canvas.bars.try_update(|bars| bars.as_mut()?.take_tick(&price.value.tick)).flatten());
        }
    });
    Effect::new(move |_| {
        if let Some(candle) = canvas.live.candle.get() {
            draw(canvas.bars.try_update(|bars| bars.as_mut()?.take_candle(&candle)).flatten());
        }
    });
}
