//! What is shown, told, asked, and awaited.

use super::Part;
use crate::api::ReadFault;
use crate::components::badge::{ModeBadge, OutcomeBadge, SideBadge};
use crate::components::distance::DistanceBar;
use crate::components::fault::Fault;
use crate::components::icon::{Icon, Sign};
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use domain::{Bps, LedgerOutcome, Mode, Side};
use leptos::html::Dialog;
use leptos::prelude::*;

const OUTCOMES: [LedgerOutcome; 5] =
    [LedgerOutcome::Acted, LedgerOutcome::Refused, LedgerOutcome::Alarmed, LedgerOutcome::Held, LedgerOutcome::Noted];

#[component]
pub fn Badges() -> impl IntoView {
    let bar = |(distance, tone): (i64, &'static str)| {
        let distance = Signal::derive(move || Bps::new(distance));
        view! { <div data-tone=tone><DistanceBar distance trigger=Signal::derive(|| Some(Bps::new(500)))/></div> }
            .erased()
    };
    view! {
        <Part name="Badges and distances">
            <div class="design-row">
                {[Mode::Paper, Mode::Signet, Mode::Live].map(|mode| view! { <ModeBadge mode/> }).collect_view()}
                {[Side::Long, Side::Short].map(|side| view! { <SideBadge side/> }).collect_view()}
                {OUTCOMES.map(|outcome| view! { <OutcomeBadge outcome/> }).collect_view()}
            </div>
            {[(1_500, "good"), (700, "warn"), (300, "bad")].map(bar).collect_view()}
        </Part>
    }
    .erased()
}

#[component]
pub fn Tables() -> impl IntoView {
    view! {
        <Part name="Tables">
            <table class="before-after">
                <thead><tr><th scope="col">"Figure"</th><th scope="col">"Before"</th><th scope="col">"After"</th></tr></thead>
                <tbody>
                    <tr><th scope="row">"Liquidation"</th><td class="figure">"$90,909.0"</td><td class="figure">"$86,956.5"</td></tr>
                    <tr><th scope="row">"Margin"</th><td class="figure">"100,000"</td><td class="figure">"150,000"</td></tr>
                </tbody>
            </table>
            <dl class="facts">
                <div><dt>"Last check"</dt><dd class="figure">"0.4 s ago"</dd></div>
                <div><dt>"Next funding"</dt><dd class="figure">"2 h 05 min"</dd></div>
            </dl>
        </Part>
    }
    .erased()
}

#[component]
pub fn Messages() -> impl IntoView {
    view! {
        <Part name="Messages">
            <div class="notice"><Icon sign=Sign::Dot/><p>"Something to know."</p></div>
            <div class="notice notice-good"><Icon sign=Sign::Check/><p>"It was done."</p></div>
            <div class="notice notice-bad"><Icon sign=Sign::Alert/><p>"It was not done, and this is what to do."</p></div>
            <article class="toast saved" data-tone="acted">
                <Icon sign=Sign::Saved/><div><h3>"Saved"</h3><p>"Added 52,000 sats of margin."</p></div>
            </article>
            <article class="toast" data-tone="alarmed">
                <Icon sign=Sign::Alert/><div><h3>"Alarm"</h3><p>"The exchange cannot be read."</p></div>
            </article>
        </Part>
    }
    .erased()
}

#[component]
pub fn Dialogs() -> impl IntoView {
    view! { <Part name="Dialogs"><Question/></Part> }.erased()
}

#[component]
fn Question() -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let open = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(dialog) = dialog.get_untracked() {
            // A dialog that is open already stays open.
            let _ = dialog.show_modal();
        }
    };
    let close = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <div>
            <button type="button" class="button" data-testid="design-dialog" on:click=open>"Open"</button>
            <dialog node_ref=dialog class="dialog" aria-labelledby="design-question">
                <h2 id="design-question">"A question that comes first"</h2>
                <p class="muted">"What happens, and what does not."</p>
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=close>"Cancel"</button>
                    <button type="button" class="button primary" on:click=close>"Confirm"</button>
                </div>
            </dialog>
        </div>
    }
    .erased()
}

#[component]
pub fn Empty() -> impl IntoView {
    view! {
        <Part name="Empty, loading, error">
            <p class="empty">"Nothing is here yet, and this is how it comes."</p>
            <Skeleton label="Loading"/>
            <Fault fault=ReadFault::Unreachable/>
        </Part>
    }
    .erased()
}
