//! The page's outermost parts: the document, what every page knows, and which page is where.

use crate::desk::Desk;
use crate::erased::Erased;
use crate::language::{self, ClockOffset, Language};
use crate::look::{COLOURS, HIDE, KEYS, RISE, UNITS};
use crate::pages::dashboard::DashboardPage;
use crate::pages::lazily;
use crate::pages::not_found::NotFoundPage;
use crate::theme;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

/// The document around the application. Rendered by the server alone.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=language::tag(language::chosen()) data-theme=theme::painted().as_str() data-rise=RISE.chosen()
            data-palette=COLOURS.chosen() data-units=UNITS.chosen() data-zone=crate::zone::named() data-hide=HIDE.chosen() data-keys=KEYS.chosen()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="dark light"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#080c14"/>
                <HashedStylesheet options=options.clone() id="style"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="icon" href="/favicon.ico" sizes="32x32"/>
                <link rel="apple-touch-icon" href="/icon-180.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <script type="module" src="/pieces.js"></script>
                <script type="module" src="/pwa.js"></script>
                <script type="module" src="/keys.js"></script>
                <script type="module" src="/zone.js"></script>
                <Reload options=options.clone()/>
                <HydrationScripts options=options/>
                <MetaTags/>
            </head>
            <body><App/></body>
        </html>
    }
}

/// Reloads the page while somebody develops it.
#[component]
fn Reload(options: LeptosOptions) -> impl IntoView {
    cfg!(debug_assertions).then(|| view! { <AutoReload options/> }.erased())
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Language::provide();
    provide_context(RwSignal::new(theme::painted()));
    let offset = RwSignal::new(0_i64);
    provide_context(ClockOffset(offset));
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| offset.set(crate::zone::offset(domain::Timestamp::from_unix_ms(js_sys::Date::now() as i64))));
    view! {
        <TitlePattern/>
        <Router>
            <Pages/>
        </Router>
    }
}

/// Erased as `PageTitle` is.
#[component]
fn TitlePattern() -> impl IntoView {
    let formatter = |title: String| match title.as_str() {
        "" => "Axisor".to_owned(),
        title => format!("{title} \u{b7} Axisor"),
    };
    view! { <Title formatter/> }.erased()
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFoundPage/> }.erased()>
            <Route path=path!("/sign-in") view={Lazy::<lazily::Threshold>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/:step") view={Lazy::<lazily::Threshold>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/setup") view={Lazy::<lazily::Threshold>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/door/:page") view={Lazy::<lazily::Threshold>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/_design") view={Lazy::<lazily::Threshold>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/welcome") view={Lazy::<lazily::Threshold>::new()} ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=Desk ssr=SsrMode::Async>
                <Route path=path!("") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/positions") view={Lazy::<lazily::Trading>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/positions/:id/why") view={Lazy::<lazily::Past>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/trade") view={Lazy::<lazily::Trading>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/guard") view={Lazy::<lazily::Guard>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/activity") view={Lazy::<lazily::Past>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/stop") view={Lazy::<lazily::Settings>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/settings/:page") view={Lazy::<lazily::Settings>::new()} ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
    .erased()
}
