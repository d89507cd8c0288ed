//! The values that everything else is made from.

use super::Part;
use crate::erased::Erased;
use leptos::prelude::*;

const COLOURS: [&str; 30] = [
    "ground",
    "surface",
    "raised",
    "sunken",
    "field",
    "hover",
    "line",
    "line-strong",
    "edge",
    "text",
    "text-soft",
    "text-faint",
    "accent",
    "accent-strong",
    "accent-soft",
    "accent-line",
    "good",
    "good-soft",
    "good-line",
    "warn",
    "warn-soft",
    "warn-line",
    "bad",
    "bad-soft",
    "bad-line",
    "info",
    "info-soft",
    "info-line",
    "up",
    "down",
];

const SHAPES: [&str; 13] = [
    "gap-1",
    "gap-2",
    "gap-3",
    "gap-4",
    "gap-5",
    "gap-6",
    "gap-8",
    "round-sm",
    "round-md",
    "round-lg",
    "round-full",
    "shadow-card",
    "shadow-raised",
];

#[component]
pub fn Colours() -> impl IntoView {
    let swatch = |name: &'static str| {
        view! {
            <li class="swatch">
                <svg viewBox="0 0 4 2" aria-hidden="true"><rect width="4" height="2" fill=format!("var(--{name})")></rect></svg>
                <code>{name}</code>
            </li>
        }
    };
    view! { <Part name="Colour"><ul class="swatches">{COLOURS.map(swatch).collect_view()}</ul></Part> }.erased()
}

#[component]
pub fn Type() -> impl IntoView {
    view! {
        <Part name="Type">
            <p class="figure huge">"12.34%"</p>
            <p class="figure large">"1,234,567 "<small>"sats"</small></p>
            <p>"The quick brown fox jumps over the lazy dog. 0123456789"</p>
            <p class="muted">"The quick brown fox jumps over the lazy dog."</p>
            <p class="label">"The quick brown fox jumps over the lazy dog."</p>
            <p class="note">"The quick brown fox jumps over the lazy dog."</p>
            <p><code>"futures:isolated:write"</code>" "<a href="#content">"A link"</a></p>
        </Part>
    }
    .erased()
}

#[component]
pub fn Shapes() -> impl IntoView {
    let sample = |class: &'static str| {
        view! { <li><span class=format!("shape {class}")></span><code>{class}</code></li> }
    };
    let all = move || SHAPES.map(sample).collect_view();
    view! { <Part name="Space, radius, shadow"><ul class="shapes">{all()}</ul></Part> }.erased()
}
