//! What is pressed, filled in and chosen.

use super::Part;
use crate::components::choice::Choice;
use crate::components::hold_to_confirm::HoldToConfirm;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use leptos::prelude::*;

#[component]
pub fn Buttons() -> impl IntoView {
    view! {
        <Part name="Buttons">
            <div class="design-row">
                <button type="button" class="button primary">"Primary"</button>
                <button type="button" class="button">"Secondary"</button>
                <button type="button" class="button danger">"Danger"</button>
                <button type="button" class="button primary" disabled>"Disabled"</button>
                <button type="button" class="icon-button" aria-label="Icon"><Icon sign=Sign::Globe/></button>
            </div>
            <HoldToConfirm testid="design-hold" label=Signal::derive(|| "Hold to confirm") confirm=Callback::new(|()| ())/>
        </Part>
    }
    .erased()
}

#[component]
pub fn Fields() -> impl IntoView {
    let share = RwSignal::new("500".to_owned());
    view! {
        <Part name="Fields">
            <div class="field-grid">
                <div class="field">
                    <label for="design-text">"Text"</label>
                    <input id="design-text" type="text" placeholder="Placeholder"/>
                    <p class="hint">"What it is for."</p>
                </div>
                <div class="field">
                    <label for="design-unit">"Number with its unit"</label>
                    <span class="input-with-unit"><input id="design-unit" type="text" inputmode="numeric" value="50,000"/><span class="unit">"sats"</span></span>
                </div>
                <div class="field">
                    <label for="design-wrong">"Not readable"</label>
                    <input id="design-wrong" type="text" value="six" aria-invalid="true" aria-describedby="design-wrong-note"/>
                    <p class="field-fault" id="design-wrong-note"><Icon sign=Sign::Alert/>"A number is needed."</p>
                </div>
                <div class="field">
                    <label for="design-select">"Choice from a list"</label>
                    <select id="design-select"><option>"One"</option><option>"Two"</option></select>
                </div>
                <div class="field">
                    <label for="design-date">"Day"</label>
                    <input id="design-date" type="date"/>
                </div>
            </div>
            <div class="field">
                <div class="field-head">
                    <label for="design-share">"Slider with numeric entry"</label>
                    <span class="input-with-unit"><input type="text" inputmode="decimal" aria-label="Share" bind:value=share/><span class="unit">"bp"</span></span>
                </div>
                <input id="design-share" class="slider" type="range" min="0" max="2000" step="25" prop:value=share
                    on:input=move |event| share.set(event_target_value(&event))/>
            </div>
        </Part>
    }
    .erased()
}

#[component]
pub fn Choices() -> impl IntoView {
    let chosen = RwSignal::new(0);
    let choice = move |(index, testid): (i32, &'static str)| {
        view! {
            <Choice group="design-choice" testid name=Signal::derive(|| "Name") hint=Signal::derive(|| "What it means.")
                is_chosen=Signal::derive(move || chosen.get() == index) choose=Callback::new(move |()| chosen.set(index))/>
        }
    };
    view! {
        <Part name="One of a few">
            <fieldset class="choices across">
                <legend>"With their meaning"</legend>
                {[(0, "design-one"), (1, "design-two"), (2, "design-three")].map(choice).collect_view()}
            </fieldset>
            <div class="segments" role="group" aria-label="Side by side">
                <button type="button" class="segment" aria-pressed="true">"Chosen"</button>
                <button type="button" class="segment" aria-pressed="false">"Other"</button>
            </div>
            <nav class="tabs" aria-label="Pages of one kind">
                <a class="tab" href="#content" aria-current="page">"This page"</a><a class="tab" href="#content">"Another"</a>
            </nav>
            <label class="check"><input type="checkbox" checked/><span>"Wanted or not"</span></label>
        </Part>
    }
    .erased()
}
