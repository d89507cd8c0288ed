//! A person's own security: where they are signed in, and what is asked of them.

mod authenticator;
mod confirm;
pub mod owed;
mod passkeys;
mod sessions;

use crate::api::{NewAuthenticator, Security, SecurityFault, find_security};
use crate::components::icon::{Icon, Sign};
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::wire::Reading;
use authenticator::AuthenticatorCard;
use confirm::ConfirmCard;
use leptos::prelude::*;
use passkeys::PasskeysCard;
use sessions::SessionsCard;
use std::future::Future;

/// What the page knows, and what it has to show once.
#[derive(Clone, Copy)]
struct Board {
    read: Reading<Result<Security, SecurityFault>>,
    fault: RwSignal<Option<SecurityFault>>,
    new: RwSignal<Option<NewAuthenticator>>,
    /// Recovery codes that were just made.
    codes: RwSignal<Vec<String>>,
}

impl Board {
    fn new() -> Board {
        Board {
            read: Reading::new_with_options(|| (), |()| find_security(), false),
            fault: RwSignal::new(None),
            new: RwSignal::new(None),
            codes: RwSignal::new(Vec::new()),
        }
    }

    /// Does something, then reads anew; or says why it was not done.
    fn run<T: 'static>(
        self,
        task: impl Future<Output = Result<T, SecurityFault>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        leptos::task::spawn_local(async move {
            match task.await {
                Ok(value) => {
                    self.fault.set(None);
                    done(value);
                    self.read.refetch();
                }
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }
}

#[component]
pub fn SecurityPage() -> impl IntoView {
    let i18n = use_i18n();
    let board = Board::new();
    let content = move || {
        Suspend::new(async move {
            match board.read.await {
                Ok(security) => view! { <Cards board security/> }.erased(),
                Err(fault) => view! { <Told fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, nav.security)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, nav.security)}</h1>
            <p class="muted">{move || t_string!(i18n, security.about)}</p>
        </header>
        <div aria-live="polite">{move || board.fault.get().map(|fault| view! { <Told fault/> })}</div>
        <div class="security">
            <Transition fallback=move || view! { <Skeleton lines=6 label=move || t_string!(i18n, security.loading)/> }.erased()>
                {content}
            </Transition>
        </div>
    }
    .erased()
}

#[component]
fn Cards(board: Board, security: Security) -> impl IntoView {
    let Security { sessions, authenticator_since, recovery_codes_left, passkeys, passkeys_are_on, is_confirmed } =
        security;
    let has_passkeys = !passkeys.is_empty();
    view! {
        <ConfirmCard board is_confirmed asks_code=authenticator_since.is_some() || has_passkeys has_passkeys/>
        <AuthenticatorCard board since=authenticator_since codes_left=recovery_codes_left is_confirmed/>
        <PasskeysCard board passkeys are_on=passkeys_are_on is_confirmed/>
        <SessionsCard board sessions/>
    }
    .erased()
}

#[component]
pub fn Told(fault: SecurityFault) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="notice notice-bad" role="alert" data-testid="security-fault">
            <Icon sign=Sign::Alert/>
            <p>{move || fault_text(i18n.get_locale(), fault)}</p>
        </div>
    }
    .erased()
}

pub fn fault_text(locale: Locale, fault: SecurityFault) -> &'static str {
    match fault {
        SecurityFault::SignedOut => td_string!(locale, fault.signed_out),
        SecurityFault::NotConfirmed => td_string!(locale, security.fault_not_confirmed),
        SecurityFault::WrongPassword => td_string!(locale, security.fault_password),
        SecurityFault::WrongCode => td_string!(locale, code.wrong),
        SecurityFault::Locked => td_string!(locale, sign_in.locked),
        SecurityFault::NotFound => td_string!(locale, security.fault_session),
        SecurityFault::Forbidden => td_string!(locale, fault.forbidden),
        SecurityFault::NoSuchPerson => td_string!(locale, sharing.no_such_person),
        SecurityFault::Unavailable => td_string!(locale, fault.unavailable),
        SecurityFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}
