//! "Would this rule have saved me?": the rule on the market's own past, beside a plain stop-loss and nothing at all.

mod chart;
mod following;
mod worker;

use crate::api::ReplayFault;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::format;
use crate::guard_editor::Editor;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use chart::PastChart;
use domain::live::AccountSnapshot;
use domain::{GuardPolicy, GuardScope, Leverage, Quantity, Sats, Side};
use engine::replay::comparison::Comparison;
use engine::replay::{Fate, ReplayOutcome};
use following::Answered;
use leptos::prelude::*;

const SPANS: [u16; 3] = [30, 90, 365];
/// What is replayed where no position is open.
const USUAL: (i64, i64) = (1_000, 10 * Leverage::ONE_X);

/// What is asked.
#[derive(Clone, Copy, PartialEq)]
struct Question {
    side: Side,
    quantity: Quantity,
    leverage: Leverage,
    wallet: Sats,
    policy: GuardPolicy,
    days: u16,
}

/// The nearest position that the rule covers, or a usual one; with all that is free and bound beside it.
fn question(view: Option<&AccountSnapshot>, policy: Option<GuardPolicy>, days: u16) -> Option<Question> {
    let (view, policy) = (view?, policy?);
    let covered = view.positions.iter().filter(|shown| policy.scope().covers(shown.position.id, shown.position.side));
    let nearest = covered.min_by_key(|shown| shown.distance).map(|shown| shown.position);
    let wallet = view.wallet?.get().saturating_add(view.margin_used.get());
    let usual = if policy.scope() == GuardScope::Shorts { Side::Short } else { Side::Long };
    Some(Question {
        side: nearest.map_or(usual, |position| position.side),
        quantity: nearest.map_or_else(|| Quantity::new(USUAL.0).unwrap_or(Quantity::MIN), |position| position.quantity),
        leverage: nearest.map_or(Leverage::measured(USUAL.1), |position| position.leverage),
        wallet: Sats::new(wallet),
        policy,
        days,
    })
}

#[component]
pub fn ReplayCard(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let days = RwSignal::new(90_u16);
    let policy = Memo::new(move |_| editor.form.with(|form| form.parse_numbers()));
    // The position and the wallet as they were when the page woke: a replay does not run at each tick.
    let account = Memo::new(move |known: Option<&Option<AccountSnapshot>>| match known {
        Some(Some(known)) => Some(known.clone()),
        _ => live.view.get(),
    });
    let asked = Memo::new(move |_| account.with(|view| question(view.as_ref(), policy.get(), days.get())));
    let (answered, is_busy) = (RwSignal::new(None::<Answered>), RwSignal::new(false));
    following::follow(live.account, asked, answered, is_busy);
    let span = move |this: u16| {
        let label = move || t_string!(i18n, replay.days, count = this).to_string();
        view! {
            <button type="button" class="segment" data-testid=format!("replay-{this}")
                aria-pressed=move || (days.get() == this).to_string() on:click=move |_| days.set(this)>{label}</button>
        }
    };
    let told = move || match (answered.get(), asked.get()) {
        (_, None) => view! { <p class="empty">{move || t_string!(i18n, preview.no_rule)}</p> }.erased(),
        (Some((question, Ok(comparison))), _) => view! { <Told comparison question/> }.erased(),
        (Some((_, Err(fault))), _) => view! {
            <p class="empty" data-testid="replay-fault">{move || fault_text(i18n.get_locale(), fault)}</p>
        }
        .erased(),
        (None, _) => view! { <div class="skeleton replay-wait" aria-hidden="true"></div> }.erased(),
    };
    view! {
        <section class="card replay" aria-labelledby="replay" aria-busy=move || is_busy.get().to_string() data-testid="replay">
            <header class="card-head">
                <h2 class="label" id="replay">{move || t_string!(i18n, replay.title)}</h2>
                <div class="segments" role="group" aria-label=move || t_string!(i18n, replay.span)>
                    {SPANS.map(span).collect_view()}
                </div>
            </header>
            {told}
        </section>
    }
    .erased()
}

#[component]
fn Told(comparison: Comparison, question: Question) -> impl IntoView {
    let i18n = use_i18n();
    let locale = i18n.get_locale();
    let (missing, bars) = (comparison.missing, comparison.bars);
    let span = td_string!(
        locale,
        replay.about,
        quantity = format::quantity(locale, question.quantity),
        leverage = format::leverage(locale, question.leverage),
        from = format::date_time(comparison.from),
        until = format::date_time(comparison.until),
        entry = format::price(locale, comparison.entry)
    )
    .to_string();
    let gaps = (missing != 0).then(|| {
        let missing = format::whole(locale, missing);
        view! { <p class="note">{td_string!(locale, replay.missing, missing = missing, bars = format::whole(locale, i64::from(bars))).to_string()}</p> }
            .erased()
    });
    let rows = [
        (td_string!(locale, replay.with_guard), &comparison.guard, "guard"),
        (td_string!(locale, replay.with_stop), &comparison.stop_loss, "stop"),
        (td_string!(locale, replay.with_nothing), &comparison.none, "none"),
    ]
    .map(|(name, outcome, testid)| row(locale, name, outcome, question.wallet, testid));
    let verdict = verdict(locale, &comparison);
    view! {
        <p class="replay-verdict" data-testid="replay-verdict"><strong>{verdict}</strong></p>
        <p class="muted">{span}</p>
        <PastChart comparison=comparison.clone()/>
        <table class="before-after replay-table">
            <thead>
                <tr>
                    <th scope="col"><span class="sr-only">{td_string!(locale, replay.case)}</span></th>
                    <th scope="col">{td_string!(locale, replay.end)}</th>
                    <th scope="col">{td_string!(locale, replay.nearest)}</th>
                    <th scope="col">{td_string!(locale, replay.top_ups)}</th>
                    <th scope="col">{td_string!(locale, replay.result)}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
        {gaps}
        <p class="note">{td_string!(locale, replay.honest)}</p>
    }
    .erased()
}

fn row(locale: Locale, name: &'static str, outcome: &ReplayOutcome, wallet: Sats, testid: &'static str) -> AnyView {
    let (tone, sign, fate) = match outcome.fate {
        Fate::Open => ("good", Sign::Saved, td_string!(locale, replay.open)),
        Fate::Closed => ("warn", Sign::Stop, td_string!(locale, replay.closed)),
        Fate::Liquidated => ("bad", Sign::Alert, td_string!(locale, replay.liquidated)),
    };
    let added = match outcome.top_ups {
        0 => "\u{2014}".to_owned(),
        count => format!("{count} \u{b7} {}", format::sats(locale, outcome.sats_added)),
    };
    let gain = Sats::new(outcome.equity.get().saturating_sub(wallet.get()));
    view! {
        <tr data-testid=format!("replay-{testid}")>
            <th scope="row">{name}</th>
            <td><span class="badge" data-tone=tone><Icon sign/>{fate}</span></td>
            <td class="figure">{format::percent(locale, outcome.lowest_distance)}</td>
            <td class="figure">{added}</td>
            <td class="figure">{format::signed_sats(locale, gain)}</td>
        </tr>
    }
    .erased()
}

/// The answer to the question, in one sentence.
fn verdict(locale: Locale, comparison: &Comparison) -> &'static str {
    match (comparison.none.fate, comparison.guard.fate) {
        (Fate::Liquidated, Fate::Open) => td_string!(locale, replay.saved),
        (Fate::Liquidated, Fate::Closed) => td_string!(locale, replay.saved_closed),
        (Fate::Liquidated, Fate::Liquidated) => td_string!(locale, replay.not_saved),
        (_, Fate::Liquidated) => td_string!(locale, replay.not_saved),
        (_, _) if comparison.guard.top_ups == 0 => td_string!(locale, replay.quiet),
        (_, _) => td_string!(locale, replay.would_act),
    }
}

fn fault_text(locale: Locale, fault: ReplayFault) -> String {
    match fault {
        ReplayFault::NoHistory => td_string!(locale, replay.no_history).to_owned(),
        ReplayFault::WalletTooSmall { needed, wallet } => {
            let (needed, wallet) = (format::sats(locale, needed), format::sats(locale, wallet));
            td_string!(locale, replay.too_small, needed = needed, wallet = wallet).to_string()
        }
        ReplayFault::SignedOut => td_string!(locale, fault.signed_out).to_owned(),
        ReplayFault::NotFound => td_string!(locale, fault.not_found).to_owned(),
        ReplayFault::Unavailable => td_string!(locale, fault.unavailable).to_owned(),
        ReplayFault::Unreachable => td_string!(locale, fault.unreachable).to_owned(),
    }
}
