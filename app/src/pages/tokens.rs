//! Programs that read in a person's name: made, seen, and ended.

mod clients;
mod form;
mod list;

use crate::api::{Programs, SecurityFault, TokenFault, find_tokens};
use crate::components::icon::{Icon, Sign};
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::components::skeleton::Skeleton;
use crate::components::step_up::StepUp;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::pages::security::fault_text as security_fault_text;
use crate::wire::Reading;
use clients::ClientsCard;
use domain::ApiScope;
use form::MakeCard;
use leptos::prelude::*;
use list::TokensCard;
use std::future::Future;

/// What the page knows, and what it has to show once.
#[derive(Clone, Copy)]
struct Board {
    read: Reading<Result<Programs, TokenFault>>,
    /// Why the last thing was not done.
    fault: RwSignal<Option<Problem>>,
    /// What was just made.
    made: RwSignal<Option<Shown>>,
}

/// What opens, and is shown once.
#[derive(Clone)]
enum Shown {
    Token(String),
    Code(String),
}

#[derive(Clone, Copy)]
enum Problem {
    Token(TokenFault),
    StepUp(SecurityFault),
}

impl Board {
    /// Does something, then reads anew; or says why it was not done.
    fn run<T: 'static>(
        self,
        task: impl Future<Output = Result<T, TokenFault>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        leptos::task::spawn_local(async move {
            match task.await {
                Ok(value) => {
                    self.fault.set(None);
                    done(value);
                    self.read.refetch();
                }
                Err(fault) => self.fault.set(Some(Problem::Token(fault))),
            }
        });
    }
}

#[component]
pub fn TokensPage() -> impl IntoView {
    let i18n = use_i18n();
    let board = Board {
        read: Reading::new_with_options(|| (), |()| find_tokens(), false),
        fault: RwSignal::new(None),
        made: RwSignal::new(None),
    };
    let content = move || {
        Suspend::new(async move {
            match board.read.await {
                Ok(programs) => view! { <Cards board programs/> }.erased(),
                Err(fault) => view! { <Told problem=Problem::Token(fault)/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, tokens.title)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, tokens.title)}</h1>
            <p class="muted">{move || t_string!(i18n, tokens.about)}</p>
        </header>
        <div aria-live="polite">{move || board.fault.get().map(|problem| view! { <Told problem/> })}</div>
        <div class="security">
            <Transition fallback=move || view! { <Skeleton lines=5 label=move || t_string!(i18n, security.loading)/> }.erased()>
                {content}
            </Transition>
        </div>
    }
    .erased()
}

#[component]
fn Cards(board: Board, programs: Programs) -> impl IntoView {
    let i18n = use_i18n();
    let Programs { tokens, clients, is_confirmed } = programs;
    let failed = Callback::new(move |fault| board.fault.set(Some(Problem::StepUp(fault))));
    let done = Callback::new(move |()| {
        board.fault.set(None);
        board.read.refetch();
    });
    view! {
        {move || board.made.get().map(|shown| view! { <Made board shown/> })}
        {if is_confirmed {
            view! { <MakeCard board/> }.erased()
        } else {
            view! {
                <section class="card">
                    <header class="card-head"><h2>{move || t_string!(i18n, tokens.make)}</h2></header>
                    <p class="muted">{move || t_string!(i18n, tokens.confirm)}</p>
                    <StepUp done failed/>
                </section>
            }
            .erased()
        }}
        <TokensCard board tokens/>
        <ClientsCard board clients/>
    }
    .erased()
}

/// Shown once.
#[component]
fn Made(board: Board, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let is_code = matches!(shown, Shown::Code(_));
    let title = move || if is_code { t_string!(i18n, tokens.code) } else { t_string!(i18n, tokens.made) };
    let text = move || if is_code { t_string!(i18n, tokens.code_text) } else { t_string!(i18n, tokens.made_text) };
    let (Shown::Token(secret) | Shown::Code(secret)) = shown;
    view! {
        <section class="card recovery">
            <h2>{title}</h2>
            <p>{text}</p>
            <p class="secret"><code data-testid="made-token">{secret}</code></p>
            <button type="button" class="button" data-testid="token-kept" on:click=move |_| board.made.set(None)>
                {move || t_string!(i18n, security.codes_kept)}
            </button>
        </section>
    }
    .erased()
}

#[component]
fn Told(problem: Problem) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || match problem {
        Problem::Token(fault) => fault_text(i18n.get_locale(), fault),
        Problem::StepUp(fault) => security_fault_text(i18n.get_locale(), fault).to_owned(),
    };
    view! {
        <div class="notice notice-bad" role="alert" data-testid="token-fault">
            <Icon sign=Sign::Alert/>
            <p>{text}</p>
        </div>
    }
    .erased()
}

fn scope_name(locale: Locale, scope: ApiScope) -> &'static str {
    match scope {
        ApiScope::Positions => td_string!(locale, tokens.scope_positions),
        ApiScope::Guard => td_string!(locale, tokens.scope_guard),
        ApiScope::Why => td_string!(locale, tokens.scope_why),
    }
}

/// What may be read, in the page's words.
fn scope_names(locale: Locale, scopes: domain::ApiScopes) -> String {
    let has = ApiScope::ALL.into_iter().filter(|scope| scopes.has(*scope));
    has.map(|scope| scope_name(locale, scope)).collect::<Vec<_>>().join(", ")
}

fn fault_text(locale: Locale, fault: TokenFault) -> String {
    let plain = match fault {
        TokenFault::SignedOut => td_string!(locale, fault.signed_out),
        TokenFault::NotConfirmed => td_string!(locale, security.fault_not_confirmed),
        TokenFault::Name => td_string!(locale, tokens.fault_name),
        TokenFault::NoScope => td_string!(locale, tokens.fault_scope),
        TokenFault::Life => td_string!(locale, tokens.fault_life),
        TokenFault::TooMany => td_string!(locale, tokens.fault_many),
        TokenFault::Full(full) => return crate::pages::profile::plan::full_text(locale, full),
        TokenFault::NotFound => td_string!(locale, tokens.fault_gone),
        TokenFault::Unavailable => td_string!(locale, fault.unavailable),
        TokenFault::Unreachable => td_string!(locale, fault.unreachable),
    };
    plain.to_owned()
}
