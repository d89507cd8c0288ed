//! Who else sees the reader's accounts.

mod account;

use crate::api::{SecurityFault, SharedAccount, find_sharing};
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::components::step_up::StepUp;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::pages::security::Told;
use crate::wire::Reading;
use account::AccountCard;
use leptos::prelude::*;
use std::future::Future;

/// What the page knows, and what went wrong last.
#[derive(Clone, Copy)]
struct Board {
    read: Reading<Result<Vec<SharedAccount>, SecurityFault>>,
    fault: RwSignal<Option<SecurityFault>>,
}

impl Board {
    /// Does something, then reads anew; or says why it was not done.
    fn run(self, task: impl Future<Output = Result<(), SecurityFault>> + 'static) {
        leptos::task::spawn_local(async move {
            let done = task.await;
            if done.is_ok() {
                self.read.refetch();
            }
            self.fault.set(done.err());
        });
    }
}

#[component]
pub fn SharingPage() -> impl IntoView {
    let i18n = use_i18n();
    let read = Reading::new_with_options(|| (), |()| find_sharing(), false);
    let board = Board { read, fault: RwSignal::new(None) };
    let content = move || {
        Suspend::new(async move {
            match board.read.await {
                Ok(accounts) if accounts.is_empty() => {
                    view! { <p class="empty">{move || t_string!(i18n, sharing.no_account)}</p> }.erased()
                }
                Ok(accounts) => {
                    accounts.into_iter().map(|account| view! { <AccountCard board account/> }).collect_view().into_any()
                }
                Err(fault) => view! { <Told fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, sharing.title)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, sharing.title)}</h1>
            <p class="muted">{move || t_string!(i18n, sharing.about)}</p>
        </header>
        <Trouble fault=board.fault/>
        <div class="security">
            <Transition fallback=move || view! { <p class="empty" aria-busy="true">{move || t_string!(i18n, security.loading)}</p> }>
                {content}
            </Transition>
        </div>
    }
    .erased()
}

/// What went wrong; where only a confirmation is missing, what gives it.
#[component]
pub fn Trouble(fault: RwSignal<Option<SecurityFault>>) -> impl IntoView {
    let told = move |fault_now: SecurityFault| {
        let is_asked =
            matches!(fault_now, SecurityFault::NotConfirmed | SecurityFault::WrongPassword | SecurityFault::WrongCode);
        view! {
            <Told fault=fault_now/>
            {is_asked.then(|| view! {
                <StepUp done=Callback::new(move |()| fault.set(None))
                    failed=Callback::new(move |failed| fault.set(Some(failed)))/>
            })}
        }
        .erased()
    };
    view! { <div aria-live="polite">{move || fault.get().map(told)}</div> }.erased()
}
