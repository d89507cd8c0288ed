//! Pages that are one download together, because they are made of the same pieces.

use crate::erased::Erased;
use crate::pages::activity::ActivityPage;
use crate::pages::positions::PositionsPage;
use crate::pages::trade::TradePage;
use crate::pages::why::WhyPage;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// `/trade` and `/positions`.
#[component]
pub fn TradingPage() -> impl IntoView {
    match use_location().pathname.get_untracked().as_str() {
        "/trade" => view! { <TradePage/> }.erased(),
        _ => view! { <PositionsPage/> }.erased(),
    }
}

/// `/activity` and `/positions/:id/why`.
#[component]
pub fn PastPage() -> impl IntoView {
    match use_location().pathname.get_untracked().as_str() {
        "/activity" => view! { <ActivityPage/> }.erased(),
        _ => view! { <WhyPage/> }.erased(),
    }
}
