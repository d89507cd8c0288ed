//! What only the trade page's chart draws, and what is drawn back to the hand; in the browser.

use super::Extras;
use crate::chart::Canvas;
use crate::chart::bridge::Dragged;
use crate::chart::levels::Drag;
use crate::chart::wiring::Drawing;
use crate::hand::{Asked, Hand};
use domain::Price;
use leptos::prelude::*;

pub fn wire(hand: Hand, canvas: Canvas, extras: Extras) {
    let drawing = Drawing::new();
    let put_back = move || drawing.lay("levels", extras.levels);
    drawing.wire(
        canvas,
        Some(Dragged::new(move |name: String, price: f64| match asked(&name, price) {
            Some(asked) => hand.ask(asked),
            None => put_back(),
        })),
    );
    drawing.follow("levels", extras.levels);
    drawing.follow("studies", extras.studies);
    // A level that was drawn and not confirmed goes back to where it is.
    Effect::new(move |was_asking: Option<bool>| {
        let is_asking = hand.is_asking();
        if was_asking == Some(true) && !is_asking {
            put_back();
        }
        is_asking
    });
}

/// A level was let go at a price: nothing is sent before it is confirmed.
fn asked(name: &str, dollars: f64) -> Option<Asked> {
    let price = Price::try_from_dollars(dollars).ok()?;
    Some(match Drag::parse(name)? {
        Drag::StopLoss(position) => Asked::Stops { position, stop_loss: Some(price), take_profit: None },
        Drag::TakeProfit(position) => Asked::Stops { position, stop_loss: None, take_profit: Some(price) },
    })
}
