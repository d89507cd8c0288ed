//! What the rule would do to an open position, worked out here while a slider moves.

use crate::chart::short;
use crate::components::badge::SideBadge;
use crate::erased::Erased;
use crate::format;
use crate::guard_editor::Editor;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use domain::live::{AccountSnapshot, PositionSnapshot};
use domain::{Bps, GuardPolicy, Leverage, Price, Sats, Side};
use engine::contract::trigger_price;
use engine::guard::Preview;
use engine::risk::Spent;
use leptos::prelude::*;

/// A position before and after a top-up, with what the whole rule can do for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlook {
    pub shown: PositionSnapshot,
    pub mark: Price,
    /// The price at which the guard acts first: the trigger, or the mark where that is already beyond.
    pub acts_at: Price,
    /// What a top-up at that price does.
    pub at_trigger: Preview,
    /// What the rule can do from the mark on.
    pub now: Preview,
    pub free: Sats,
}

/// Why there is nothing to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    NoPosition,
    NotCovered,
    NoPrice,
    /// The fields do not make a rule.
    NoRule,
}

/// The nearest position that the rule covers.
pub fn outlook(view: Option<&AccountSnapshot>, policy: Option<&GuardPolicy>) -> Result<Outlook, Blank> {
    let view = view.ok_or(Blank::NoPosition)?;
    let running = || view.positions.iter().filter(|shown| shown.position.is_running());
    running().next().ok_or(Blank::NoPosition)?;
    let policy = policy.ok_or(Blank::NoRule)?;
    let covered = running().filter(|shown| policy.scope().covers(shown.position.id, shown.position.side));
    let shown = *covered.min_by_key(|shown| shown.distance).ok_or(Blank::NotCovered)?;
    let (mark, free) = (shown.mark.ok_or(Blank::NoPrice)?, view.wallet.ok_or(Blank::NoPrice)?);
    let spent = Spent {
        position: shown.added,
        position_actions: shown.actions,
        day: view.guard.map_or(Sats::ZERO, |guard| guard.added_today),
        last_action_at: None,
    };
    let position = &shown.position;
    let trigger = trigger_price(position.side, position.liquidation, policy.trigger());
    let acts_at = match position.side {
        Side::Long => trigger.min(mark),
        Side::Short => trigger.max(mark),
    };
    let preview = |mark| engine::guard::preview(policy, position, mark, free, &spent);
    Ok(Outlook { shown, mark, acts_at, at_trigger: preview(acts_at), now: preview(mark), free })
}

#[component]
pub fn PreviewCard(editor: Editor) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let policy = Memo::new(move |_| editor.form.with(|form| form.parse_numbers()));
    let outlook = Memo::new(move |_| live.view.with(|view| outlook(view.as_ref(), policy.get().as_ref())));
    view! {
        <section class="card preview" aria-labelledby="preview">
            <header class="card-head"><h2 class="label" id="preview">{move || t_string!(i18n, preview.title)}</h2></header>
            {move || match outlook.get() {
                Ok(outlook) => view! { <Shown locale=i18n.get_locale() outlook/> }.erased(),
                Err(blank) => view! { <p class="empty" data-testid="preview-blank">{blank_text(i18n.get_locale(), blank)}</p> }.erased(),
            }}
        </section>
    }
    .erased()
}

fn blank_text(locale: Locale, blank: Blank) -> &'static str {
    match blank {
        Blank::NoPosition => td_string!(locale, preview.no_position),
        Blank::NotCovered => td_string!(locale, preview.not_covered),
        Blank::NoPrice => td_string!(locale, figure.no_price),
        Blank::NoRule => td_string!(locale, preview.no_rule),
    }
}

#[component]
fn Shown(locale: Locale, outlook: Outlook) -> impl IntoView {
    let i18n = use_i18n();
    let position = outlook.shown.position;
    let sats = |amount| format!("{} sats", format::sats(locale, amount));
    let needed = |(at, amount): (Price, Sats)| format!("{} \u{b7} {}", sats(amount), format::price(locale, at));
    let [five, ten] = outlook.now.needed_at;
    view! {
        <p class="preview-position">
            <SideBadge side=position.side/>
            <span class="figure">{format::quantity(locale, position.quantity)}" \u{b7} "{short(position.id)}</span>
        </p>
        <p class="muted">{acts_text(locale, &outlook)}</p>
        <table class="before-after">
            <thead>
                <tr>
                    <th scope="col"><span class="sr-only">{move || t_string!(i18n, preview.figure)}</span></th>
                    <th scope="col">{move || t_string!(i18n, preview.before)}</th>
                    <th scope="col">{move || t_string!(i18n, preview.after)}</th>
                </tr>
            </thead>
            <tbody>{rows(locale, &outlook).into_iter().map(row).collect_view()}</tbody>
        </table>
        <p class="covers" data-testid="preview-covers">{covers_text(locale, &outlook)}</p>
        <h3 class="label">{move || t_string!(i18n, preview.needed)}</h3>
        <dl class="facts">
            <div><dt>{move || t_string!(i18n, preview.needed_now)}</dt><dd class="figure">{needed((outlook.mark, outlook.now.needed_now))}</dd></div>
            <div><dt>{against(position.side, "5")}</dt><dd class="figure">{needed(five)}</dd></div>
            <div><dt>{against(position.side, "10")}</dt><dd class="figure">{needed(ten)}</dd></div>
        </dl>
    }
    .erased()
}

fn against(side: Side, percent: &str) -> String {
    match side {
        Side::Long => format!("\u{2212}{percent}%"),
        Side::Short => format!("+{percent}%"),
    }
}

/// A line of the table: its name, its test id, before and after, and whether more is worse.
struct Line {
    name: &'static str,
    testid: &'static str,
    before: String,
    after: String,
    is_stake: bool,
}

fn row(line: Line) -> impl IntoView {
    view! {
        <tr class:stake=line.is_stake>
            <th scope="row">{line.name}</th>
            <td class="figure">{line.before}</td>
            <td class="figure" data-testid=line.testid>{line.after}</td>
        </tr>
    }
    .erased()
}

fn rows(locale: Locale, outlook: &Outlook) -> Vec<Line> {
    let position = &outlook.shown.position;
    let after = outlook.at_trigger.after;
    let liquidation =
        |at: Price| format::liquidation(locale, at).unwrap_or_else(|| td_string!(locale, position.never).to_owned());
    let percent = |share: Bps| format::percent(locale, share);
    let times = |leverage: Leverage| format::leverage(locale, leverage);
    let sats = |amount: Sats| format::sats(locale, amount);
    let at_trigger = engine::contract::distance(position.side, outlook.acts_at, position.liquidation);
    let line = |name, testid, before: String, after: Option<String>| {
        let after = after.unwrap_or_else(|| before.clone());
        Line { name, testid, before, after, is_stake: false }
    };
    vec![
        line(
            td_string!(locale, position.liquidation),
            "preview-liquidation-after",
            liquidation(position.liquidation),
            after.map(|after| liquidation(after.terms.liquidation)),
        ),
        line(
            td_string!(locale, activity.distance),
            "preview-distance-after",
            percent(at_trigger),
            after.map(|after| percent(after.distance)),
        ),
        line(
            td_string!(locale, position.leverage),
            "preview-leverage-after",
            times(position.leverage),
            after.map(|after| times(after.terms.leverage)),
        ),
        line(
            td_string!(locale, position.margin),
            "preview-margin-after",
            sats(position.margin),
            after.map(|after| sats(after.terms.margin)),
        ),
        line(
            td_string!(locale, preview.free),
            "preview-free-after",
            sats(outlook.free),
            Some(sats(outlook.at_trigger.free_after)),
        ),
        Line {
            name: td_string!(locale, preview.loss),
            testid: "preview-loss-after",
            before: sats(outlook.now.loss_if_liquidated_before),
            after: sats(outlook.now.loss_if_liquidated_after),
            is_stake: true,
        },
    ]
}

fn acts_text(locale: Locale, outlook: &Outlook) -> String {
    let at = format::price(locale, outlook.acts_at);
    match outlook.at_trigger.after {
        Some(after) => {
            let amount = format::sats(locale, after.amount);
            td_string!(locale, preview.acts, price = at, amount = amount).to_string()
        }
        None => td_string!(locale, preview.adds_nothing, price = at).to_string(),
    }
}

fn covers_text(locale: Locale, outlook: &Outlook) -> String {
    let Preview { covers_to, covers_fall, spends, top_ups, .. } = outlook.now;
    let (spends, count) = (format::sats(locale, spends), format::whole(locale, i64::from(top_ups)));
    let (to, fall) = (format::price(locale, covers_to), format::percent(locale, covers_fall));
    let is_endless = covers_to == Price::MIN || covers_to == Price::MAX;
    if top_ups == 0 && !is_endless {
        return td_string!(locale, preview.covers_nothing).to_owned();
    }
    match (outlook.shown.position.side, is_endless) {
        (_, true) => td_string!(locale, preview.covers_all, count = count, spends = spends).to_string(),
        (Side::Long, false) => {
            td_string!(locale, preview.covers_fall, to = to, fall = fall, count = count, spends = spends).to_string()
        }
        (Side::Short, false) => {
            td_string!(locale, preview.covers_rise, to = to, fall = fall, count = count, spends = spends).to_string()
        }
    }
}
