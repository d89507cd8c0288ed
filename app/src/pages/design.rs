//! All that the pages are made of, in all its states; shown by a demo and to who develops.

mod controls;
mod states;
mod tokens;

use crate::api::shows_design;
use crate::components::page_title::PageTitle;
use crate::components::preferences::{LanguageToggle, ThemeToggle};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::pages::not_found::NotFoundPage;
use crate::wire::Reading;
use controls::{Buttons, Choices, Fields};
use leptos::prelude::*;
use states::{Badges, Dialogs, Empty, Messages, Tables};
use tokens::{Colours, Shapes, Type};

#[component]
pub fn DesignPage() -> impl IntoView {
    let read = Reading::new_with_options(|| (), |()| shows_design(), true);
    let content = move || {
        Suspend::new(async move {
            match read.await {
                Ok(true) => view! { <Gallery/> }.erased(),
                _ => view! { <NotFoundPage/> }.erased(),
            }
        })
    };
    view! { <Suspense>{content}</Suspense> }.erased()
}

#[component]
fn Gallery() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle text=move || t_string!(i18n, design.title)/>
        <main class="design" id="content">
            <header class="page-head">
                <h1>{move || t_string!(i18n, design.title)}</h1>
                <p class="muted">{move || t_string!(i18n, design.about)}</p>
                <div class="design-tools"><LanguageToggle/><ThemeToggle/></div>
            </header>
            <Colours/><Type/><Shapes/><Buttons/><Fields/><Choices/><Badges/><Tables/><Messages/><Dialogs/><Empty/>
        </main>
    }
    .erased()
}

/// A part of the gallery under its name.
#[component]
fn Part(name: &'static str, children: ChildrenFn) -> impl IntoView {
    view! {
        <section class="card">
            <header class="card-head"><h2>{name}</h2></header>
            <div class="design-part">{children()}</div>
        </section>
    }
    .erased()
}
