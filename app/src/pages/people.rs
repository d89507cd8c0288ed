//! Everybody on this server, for its admins: who may come in, who is here, and what they may do.

mod board;
mod factor_rule;
mod invitation;
mod plans;
mod registration;
mod somebody;

use crate::api::{Everybody, PeopleFault, Ticket, find_people};
use crate::components::icon::{Icon, Sign};
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::components::skeleton::Skeleton;
use crate::components::step_up::StepUp;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::pages::security;
use board::Board;
use factor_rule::FactorRuleCard;
use invitation::InvitationCard;
use leptos::prelude::*;
use plans::PlanForNewCard;
use registration::RegistrationCard;
use somebody::Row;

#[component]
pub fn PeoplePage() -> impl IntoView {
    let i18n = use_i18n();
    let board = Board::new(crate::wire::Reading::new_with_options(|| (), |()| find_people(), false));
    let content = move || {
        Suspend::new(async move {
            match board.read.await {
                Ok(everybody) => view! { <Cards board everybody/> }.erased(),
                Err(fault) => view! { <Trouble fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, people.title)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, people.title)}</h1>
            <p class="muted">{move || t_string!(i18n, people.about)}</p>
        </header>
        <Told board/>
        <div class="security">
            <Transition fallback=move || view! { <Skeleton lines=6 label=move || t_string!(i18n, security.loading)/> }.erased()>
                {content}
            </Transition>
        </div>
    }
    .erased()
}

#[component]
fn Cards(board: Board, everybody: Everybody) -> impl IntoView {
    let i18n = use_i18n();
    let Everybody { people, registration, factor_rule, plan_for_new, sends_mail, .. } = everybody;
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, people.here)}</h2></header>
            <ul class="session-list">
                {people.into_iter().map(|somebody| view! { <Row board somebody sends_mail/> }).collect_view()}
            </ul>
        </section>
        <RegistrationCard board registration sends_mail/>
        <InvitationCard board registration sends_mail/>
        <FactorRuleCard board rule=factor_rule/>
        <PlanForNewCard board plan=plan_for_new/>
    }
    .erased()
}

/// What came of the last deed: a fault with the way on, or a link.
#[component]
fn Told(board: Board) -> impl IntoView {
    let done = Callback::new(move |()| board.go_on());
    let failed = Callback::new(move |fault| board.fault.set(Some(PeopleFault::Who(fault))));
    // One form for as long as it is asked, so that a wrong code does not empty it.
    let asks = Memo::new(move |_| board.asks_who());
    view! {
        <div aria-live="polite">
            {move || board.fault.get().map(|fault| view! { <Trouble fault/> })}
            {move || board.ticket.get().map(|ticket| view! { <Made ticket/> })}
        </div>
        {move || asks.get().then(|| view! { <StepUp done failed/> }.erased())}
    }
    .erased()
}

#[component]
fn Made(ticket: Ticket) -> impl IntoView {
    let i18n = use_i18n();
    let (text, link) = match ticket {
        Ticket::Mailed => (None, None),
        Ticket::Shown(link) => (Some(()), Some(link)),
    };
    let told = move || match text {
        None => t_string!(i18n, people.mailed),
        Some(()) => t_string!(i18n, people.link_made),
    };
    view! {
        <div class="notice notice-good" role="status" data-testid="ticket">
            <Icon sign=Sign::Check/>
            <div class="secret">
                <p>{told}</p>
                {link.map(|link| view! { <code data-testid="one-time-link">{link}</code> })}
            </div>
        </div>
    }
    .erased()
}

#[component]
fn Trouble(fault: PeopleFault) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="notice notice-bad" role="alert" data-testid="people-fault">
            <Icon sign=Sign::Alert/>
            <p>{move || fault_text(i18n.get_locale(), fault)}</p>
        </div>
    }
    .erased()
}

fn fault_text(locale: Locale, fault: PeopleFault) -> &'static str {
    match fault {
        PeopleFault::Who(fault) => security::fault_text(locale, fault),
        PeopleFault::NoSuchPerson => td_string!(locale, people.no_such_person),
        PeopleFault::LastAdmin => td_string!(locale, people.last_admin),
        PeopleFault::NoReason => td_string!(locale, people.no_reason),
        PeopleFault::Email => td_string!(locale, set_up.email_fault),
        PeopleFault::RegistrationClosed => td_string!(locale, people.closed_fault),
        PeopleFault::NoMail => td_string!(locale, people.no_mail),
        PeopleFault::NoOwnFactor => td_string!(locale, people.no_own_factor),
        PeopleFault::PastEnd => td_string!(locale, plan.past_end),
    }
}
