//! The steps, each done, next, or still to come.

use super::Progress;
use super::plan::{first_guard, first_position};
use crate::api::{OrderFault, SaveGuardFault, add_account, carry_out, save_guard};
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::guard_editor::sentence::rule_sentence;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::pages::accounts::add::AddCard;
use crate::pages::accounts::board::{Board, News};
use domain::action::Change;
use domain::position::NewPosition;
use domain::{GuardPolicy, GuardState, Mode, OrderFate, Sats};
use leptos::prelude::*;
use std::future::Future;

/// What went wrong in a step, as a sentence.
type Fault = RwSignal<Option<&'static str>>;

#[component]
pub fn Steps(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let guard_done = Signal::derive(move || progress.has_guard());
    let account_done = Signal::derive(move || progress.has_account());
    let position_done = Signal::derive(move || progress.has_position());
    let is_paper = move || progress.seen.with(|seen| seen.chosen.as_ref().is_none_or(|it| it.mode == Mode::Paper));
    let finished = move || guard_done.get() && (position_done.get() || !is_paper());
    view! {
        <ol class="steps">
            <Step number=1 is_done=account_done is_next=Signal::derive(move || !account_done.get())
                name=Signal::derive(move || t_string!(i18n, welcome.account))
                body=move || view! { <AccountStep progress/> }.erased()/>
            <Step number=2 is_done=guard_done is_next=Signal::derive(move || account_done.get() && !guard_done.get())
                name=Signal::derive(move || t_string!(i18n, welcome.guard))
                body=move || view! { <GuardStep progress/> }.erased()/>
            {move || is_paper().then(|| view! {
                <Step number=3 is_done=position_done
                    is_next=Signal::derive(move || guard_done.get() && !position_done.get())
                    name=Signal::derive(move || t_string!(i18n, welcome.position))
                    body=move || view! { <PositionStep progress/> }.erased()/>
            }.erased())}
        </ol>
        <div aria-live="polite">
            {move || finished().then(|| view! {
                <p class="welcome-done" data-testid="welcome-done">
                    <Icon sign=Sign::Saved/><span>{move || t_string!(i18n, welcome.done)}</span>
                </p>
            }.erased())}
        </div>
        <a class="button" class:primary=finished href="/" rel="external" data-testid="welcome-to-dashboard">
            {move || if finished() { t_string!(i18n, welcome.to_dashboard) } else { t_string!(i18n, welcome.later) }}
        </a>
    }
    .erased()
}

/// A step shows what there is to do only while it is next.
#[component]
fn Step(
    number: u8,
    is_done: Signal<bool>,
    is_next: Signal<bool>,
    name: Signal<&'static str>,
    body: impl Fn() -> AnyView + Send + 'static,
) -> impl IntoView {
    let state = move || match (is_done.get(), is_next.get()) {
        (true, _) => "done",
        (false, true) => "next",
        (false, false) => "later",
    };
    let sign = move || match is_done.get() {
        true => view! { <Icon sign=Sign::Check/> }.erased(),
        false => view! { <span>{number}</span> }.erased(),
    };
    view! {
        <li class="step" data-state=state aria-current=move || is_next.get().then_some("step")>
            <span class="step-sign" aria-hidden="true">{sign}</span>
            <div class="step-body">
                <h2>{name}</h2>
                {move || (is_next.get() && !is_done.get()).then(&body)}
            </div>
        </li>
    }
    .erased()
}

/// A button that does one thing, and says so while it does.
#[component]
fn Do(
    testid: &'static str,
    label: Signal<&'static str>,
    #[prop(into)] is_ready: Signal<bool>,
    pending: RwSignal<bool>,
    act: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="button primary" data-testid=testid on:click=move |_| act.run(())
            disabled=move || pending.get() || !is_ready.get()>{label}</button>
    }
    .erased()
}

/// Runs a step, then reads anew; or says why it was not done.
fn run(
    pending: RwSignal<bool>,
    fault: Fault,
    step: impl Future<Output = Result<(), &'static str>> + 'static,
    progress: Progress,
) {
    pending.set(true);
    leptos::task::spawn_local(async move {
        let done = step.await;
        pending.set(false);
        fault.set(done.err());
        progress.look_again();
    });
}

#[component]
fn Told(fault: Fault) -> impl IntoView {
    let told = move |text: &'static str| {
        view! { <p class="field-fault" data-testid="welcome-fault"><Icon sign=Sign::Alert/>{text}</p> }.erased()
    };
    view! { <div aria-live="polite">{move || fault.get().map(told)}</div> }.erased()
}

#[component]
fn AccountStep(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let (pending, fault): (_, Fault) = (RwSignal::new(false), RwSignal::new(None));
    let has_key = RwSignal::new(false);
    let start = Callback::new(move |()| {
        let locale = i18n.get_locale();
        let name = td_string!(locale, accounts.name_paper).to_owned();
        let step = async move {
            let added = add_account(name, Mode::Paper, None).await;
            added.map(|_| ()).map_err(|_| td_string!(locale, fault.unavailable))
        };
        run(pending, fault, step, progress);
    });
    view! {
        <p>{move || t_string!(i18n, welcome.account_text)}</p>
        <div class="step-buttons">
            <Do testid="welcome-paper" label=Signal::derive(move || t_string!(i18n, accounts.add_paper))
                is_ready=true pending act=start/>
            <button type="button" class="button" data-testid="welcome-key" aria-expanded=move || has_key.get().to_string()
                on:click=move |_| has_key.update(|has_key| *has_key = !*has_key)>
                {move || t_string!(i18n, welcome.has_key)}
            </button>
        </div>
        <Told fault/>
        {move || has_key.get().then(|| view! { <KeyForm progress/> }.erased())}
    }
    .erased()
}

/// The form of the page of accounts.
#[component]
fn KeyForm(progress: Progress) -> impl IntoView {
    let board = Board::new();
    Effect::new(move |_| {
        if matches!(board.news.get(), Some(News::Added { .. })) {
            progress.look_again();
        }
    });
    view! { <AddCard board/> }.erased()
}

#[component]
fn GuardStep(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let (pending, fault): (_, Fault) = (RwSignal::new(false), RwSignal::new(None));
    let wallet = move || {
        progress.seen.with(|seen| seen.snapshot.as_ref().and_then(|it| it.wallet)).filter(|_| progress.is_ready())
    };
    let sentence = move || match wallet().and_then(|wallet| GuardPolicy::new(first_guard(wallet)).ok()) {
        Some(policy) => rule_sentence(i18n.get_locale(), &policy),
        None => t_string!(i18n, welcome.preparing).to_owned(),
    };
    let mode = move || progress.seen.with(|seen| seen.chosen.as_ref().map(|it| it.mode));
    let label = Signal::derive(move || match mode() {
        Some(Mode::Paper) | None => t_string!(i18n, welcome.arm),
        Some(_) => t_string!(i18n, welcome.shadow),
    });
    let arm = Callback::new(move |()| {
        let known = untrack(|| progress.seen.with(|seen| seen.chosen.clone()).zip(wallet()));
        let Some((account, wallet)) = known else { return };
        // Real money is guarded for real only by a rule that its owner has set with their own hand.
        let state = if account.mode == Mode::Paper { GuardState::Live } else { GuardState::Shadow };
        let locale = i18n.get_locale();
        let step = async move {
            save_guard(account.id, first_guard(wallet), state, 0)
                .await
                .map(|_| progress.is_armed.set(true))
                .map_err(|fault| guard_fault(locale, fault))
        };
        run(pending, fault, step, progress);
    });
    view! {
        <p class="rule-sentence" data-testid="welcome-rule">{sentence}</p>
        <p class="note">{move || t_string!(i18n, welcome.guard_note)}</p>
        <div class="step-buttons">
            <Do testid="welcome-arm" label is_ready=Signal::derive(move || wallet().is_some()) pending act=arm/>
            <a class="button" href="/guard" rel="external">{move || t_string!(i18n, welcome.own_rule)}</a>
        </div>
        <Told fault/>
    }
    .erased()
}

#[component]
fn PositionStep(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let (pending, fault): (_, Fault) = (RwSignal::new(false), RwSignal::new(None));
    let price = move || progress.seen.with(|seen| seen.price.as_ref().map(|price| price.tick.last));
    let about = move || {
        let locale = i18n.get_locale();
        let quantity = price().map(|price| first_position(price).1);
        let quantity = quantity.map_or_else(String::new, |quantity| format::quantity(locale, quantity));
        td_string!(locale, welcome.position_text, quantity = quantity, margin = format::sats(locale, margin(price())))
            .to_string()
    };
    let open = Callback::new(move |()| {
        let known = untrack(|| progress.seen.with(|seen| seen.chosen.clone()).zip(price()));
        let Some((account, price)) = known else { return };
        let (side, quantity, leverage) = first_position(price);
        let locale = i18n.get_locale();
        let step = async move {
            let position = NewPosition { side, quantity, leverage, stop_loss: None, take_profit: None };
            let change = Change::Open { order: position.into() };
            match carry_out(account.id, crate::hand::fresh_key(), None, change).await {
                // What is unknown is looked up, and shows by itself.
                Ok(OrderFate::Done | OrderFate::Unknown) => {
                    progress.is_opened.set(true);
                    Ok(())
                }
                Ok(_) => Err(td_string!(locale, welcome.refused)),
                Err(fault) => Err(position_fault(locale, fault)),
            }
        };
        run(pending, fault, step, progress);
    });
    view! {
        <p>{about}</p>
        <div class="step-buttons">
            <Do testid="welcome-open" label=Signal::derive(move || t_string!(i18n, hand.open))
                is_ready=Signal::derive(move || price().is_some()) pending act=open/>
        </div>
        <Told fault/>
    }
    .erased()
}

fn margin(price: Option<domain::Price>) -> Sats {
    price.map_or(Sats::ZERO, |price| {
        let (_, quantity, leverage) = first_position(price);
        engine::contract::margin_for(quantity, price, leverage)
    })
}

fn guard_fault(locale: Locale, fault: SaveGuardFault) -> &'static str {
    match fault {
        SaveGuardFault::SignedOut => td_string!(locale, fault.signed_out),
        SaveGuardFault::Unreachable => td_string!(locale, fault.unreachable),
        SaveGuardFault::Full(_) => td_string!(locale, plan.full),
        _ => td_string!(locale, fault.unavailable),
    }
}

fn position_fault(locale: Locale, fault: OrderFault) -> &'static str {
    match fault {
        OrderFault::SignedOut => td_string!(locale, fault.signed_out),
        OrderFault::Unreachable => td_string!(locale, fault.unreachable),
        _ => td_string!(locale, fault.unavailable),
    }
}
