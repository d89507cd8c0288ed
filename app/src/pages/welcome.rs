//! From nothing to a guarded position: an account, a guard, and with play money a position to try it on.

mod plan;
mod steps;

use crate::api::{Overview, ReadFault, overview};
use crate::components::fault::Fault;
use crate::components::icon::Mark;
use crate::components::page_title::PageTitle;
use crate::components::preferences::{LanguageToggle, SignOutButton, ThemeToggle};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use domain::Role;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use std::time::Duration;
use steps::Steps;

/// How often a fresh account is looked at until it is served.
const PACE: Duration = Duration::from_secs(1);

/// What the page knows; read anew after each step.
#[derive(Clone, Copy)]
struct Progress {
    seen: RwSignal<Overview>,
    /// The guard was saved here; the account shows it a moment later.
    is_armed: RwSignal<bool>,
    is_opened: RwSignal<bool>,
}

impl Progress {
    fn new(first: Overview) -> Progress {
        Progress { seen: RwSignal::new(first), is_armed: RwSignal::new(false), is_opened: RwSignal::new(false) }
    }

    fn has_account(self) -> bool {
        self.seen.with(|seen| seen.chosen.is_some())
    }

    fn has_guard(self) -> bool {
        let stored = |seen: &Overview| seen.snapshot.as_ref().is_some_and(|it| it.guard.is_some());
        self.is_armed.get() || self.seen.with(stored)
    }

    fn has_position(self) -> bool {
        let stored = |seen: &Overview| seen.snapshot.as_ref().is_some_and(|it| !it.positions.is_empty());
        self.is_opened.get() || self.seen.with(stored)
    }

    /// The account is served, and has been read once.
    fn is_ready(self) -> bool {
        let is_read = |seen: &Overview| seen.snapshot.as_ref().is_some_and(|it| it.wallet.is_some());
        self.seen.with(|seen| is_read(seen) && seen.price.is_some())
    }

    fn look_again(self) {
        leptos::task::spawn_local(async move {
            // What can't be read now is read at the next look.
            if let Ok(seen) = overview(None).await {
                self.seen.set(seen);
            }
        });
    }

    /// Looks again and again while a fresh account is not ready.
    fn follow(self) {
        Effect::new(move |_| {
            let looked = set_interval_with_handle(
                move || {
                    let waits = untrack(move || self.has_account() && !self.is_ready());
                    if waits {
                        self.look_again();
                    }
                },
                PACE,
            );
            if let Ok(beat) = looked {
                on_cleanup(move || beat.clear());
            }
        });
    }
}

#[component]
pub fn WelcomePage() -> impl IntoView {
    let i18n = use_i18n();
    let read = Reading::new_with_options(|| (), |()| overview(None), true);
    let content = move || {
        Suspend::new(async move {
            match read.await {
                Ok(first) if first.role == Role::Viewer && first.chosen.is_none() => view! { <Waiting/> }.erased(),
                Ok(first) => {
                    let progress = Progress::new(first);
                    progress.follow();
                    view! { <Steps progress/> }.erased()
                }
                Err(ReadFault::SignedOut) => view! { <Redirect path="/sign-in"/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, welcome.title)/>
        <main class="lonely">
            <div class="door welcome">
                <Mark/>
                <h1>{move || t_string!(i18n, welcome.title)}</h1>
                <p class="muted">{move || t_string!(i18n, welcome.about)}</p>
                <Suspense>{content}</Suspense>
            </div>
            <div class="door-tools"><LanguageToggle/><ThemeToggle/><SignOutButton/></div>
        </main>
    }
    .erased()
}

/// A viewer has no account of their own, and nobody has shared one with them yet.
#[component]
fn Waiting() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p data-testid="nothing-shared">{move || t_string!(i18n, welcome.nothing_shared)}</p>
        <a class="button" href="/settings/security">{move || t_string!(i18n, nav.security)}</a>
    }
    .erased()
}
