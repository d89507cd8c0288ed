//! What every signed-in page stands in: the account, its feed, the way around, the banner.

use crate::api::{Overview, ReadFault, overview};
use crate::components::banner::Banner;
use crate::components::fault::Fault;
use crate::components::navigation::{PageFoot, Places, TopBar};
use crate::components::toast::Toasts;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::wire::Reading;
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;

/// Reads the account once; who is not signed in is shown the way in.
#[component]
pub fn Desk() -> impl IntoView {
    let started = Reading::new_with_options(|| (), |()| overview(None), true);
    view! {
        <Suspense fallback=|| view! { <div class="page-wait" aria-busy="true"></div> }.erased()>
            {move || Suspend::new(async move {
                match started.await {
                    Ok(overview) => view! { <SignedIn overview/> }.erased(),
                    Err(ReadFault::SignedOut) => view! { <Redirect path="/sign-in"/> }.erased(),
                    Err(fault) => view! { <main class="lonely"><Fault fault/></main> }.erased(),
                }
            })}
        </Suspense>
    }
    .erased()
}

/// Shown once the server has a newer page than this one.
#[component]
fn UpdateNotice() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="notice update" role="status">
            <span>{move || t_string!(i18n, foot.updated)}</span>
            <button type="button" class="button" data-update>{move || t_string!(i18n, foot.update)}</button>
        </p>
    }
    .erased()
}

/// Whoever has no account to look at is shown the way to one; the settings are theirs all the same.
#[component]
fn Unsettled() -> impl IntoView {
    let path = use_location().pathname;
    let is_setting = Memo::new(move |_| path.read().starts_with("/settings/"));
    move || match is_setting.get() {
        true => view! { <main id="content" class="unsettled"><Outlet/></main> }.erased(),
        false => view! { <Redirect path="/welcome"/> }.erased(),
    }
}

#[component]
fn SignedIn(overview: Overview) -> impl IntoView {
    let i18n = use_i18n();
    provide_context(overview.role);
    let Some(account) = overview.chosen.clone() else {
        return view! { <Unsettled/> }.erased();
    };
    let live = Live::new(account.id, &overview);
    provide_context(live);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| crate::live::open_feed(live));
    view! {
        <div class="frame" data-stale=move || live.blindness().is_some().to_string()>
            <a class="skip" href="#content">{move || t_string!(i18n, nav.skip)}</a>
            <TopBar accounts=overview.accounts account/>
            <Places/>
            <div class="column">
                <Banner/>
                <UpdateNotice/>
                <main id="content" tabindex="-1"><Outlet/></main>
                <PageFoot/>
            </div>
            <Toasts/>
        </div>
    }
    .erased()
}
