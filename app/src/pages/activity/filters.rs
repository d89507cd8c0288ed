//! Which decisions are wanted: by how they ended, by position, by rule, by day; and the way to have them as a file.

use super::rules::Rules;
use super::{OUTCOMES, Search};
use crate::chart::short;
use crate::components::badge::outcome_name;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use domain::{LedgerOutcome, Millis, PositionId, Timestamp, iso8601};
use leptos::prelude::*;

#[component]
pub fn Filters(search: Search) -> impl IntoView {
    view! {
        <div class="filters">
            <Outcomes search/>
            <div class="filter-fields">
                <Positions search/>
                <Rules search/>
                <Days search/>
                <Files search/>
            </div>
        </div>
    }
    .erased()
}

#[component]
fn Outcomes(search: Search) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |outcome| {
        search.start_over();
        search.outcome.set(outcome);
    };
    let segment = move |outcome: Option<LedgerOutcome>| {
        let name = move || match outcome {
            None => t_string!(i18n, activity.every),
            Some(outcome) => outcome_name(i18n.get_locale(), outcome),
        };
        view! {
            <button type="button" class="segment" data-testid=format!("filter-{}", outcome.map_or("all", LedgerOutcome::as_str))
                aria-pressed=move || (search.outcome.get() == outcome).to_string() on:click=move |_| choose(outcome)>
                {name}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=move || t_string!(i18n, activity.by_outcome)>
            {segment(None)}
            {OUTCOMES.map(|outcome| segment(Some(outcome))).collect_view()}
        </div>
    }
    .erased()
}

#[component]
fn Positions(search: Search) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let positions = Memo::new(move |_| {
        let mut ids: Vec<PositionId> =
            live.decisions.with(|kept| kept.iter().filter_map(|entry| entry.position).collect());
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    let pick = move |text: String| {
        search.start_over();
        search.position.set(text.parse().ok());
    };
    view! {
        <label class="inline-field">
            <span>{move || t_string!(i18n, activity.by_position)}</span>
            <select data-testid="filter-position" on:change=move |event| pick(event_target_value(&event))>
                <option value="">{move || t_string!(i18n, activity.every)}</option>
                <For each=move || positions.get() key=|id| *id let:id>
                    <option value=id.to_string()>{short(id)}</option>
                </For>
            </select>
        </label>
    }
    .erased()
}

/// From a day to a day, both included, in UTC.
#[component]
fn Days(search: Search) -> impl IntoView {
    let i18n = use_i18n();
    let set_from = move |text: String| {
        search.start_over();
        search.from.set(start_of(&text));
    };
    let set_until = move |text: String| {
        search.start_over();
        search.until.set(start_of(&text).map(|day| day.plus(Millis::DAY)));
    };
    view! {
        <label class="inline-field">
            <span>{move || t_string!(i18n, activity.from)}</span>
            <input type="date" data-testid="filter-from" on:change=move |event| set_from(event_target_value(&event))/>
        </label>
        <label class="inline-field">
            <span>{move || t_string!(i18n, activity.until)}</span>
            <input type="date" data-testid="filter-until" on:change=move |event| set_until(event_target_value(&event))/>
        </label>
    }
    .erased()
}

/// The same decisions as a file.
#[component]
fn Files(search: Search) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let file = move |format: &'static str, name: &'static str| {
        view! {
            <a class="button" rel="external" download data-testid=format!("export-{format}")
                href=move || address(live.account, format, search)>{name}</a>
        }
    };
    view! {
        <div class="files" role="group" aria-label=move || t_string!(i18n, activity.export)>
            {file("csv", "CSV")}{file("json", "JSON")}
        </div>
    }
    .erased()
}

fn address(account: domain::AccountId, format: &str, search: Search) -> String {
    let time = |at: Option<Timestamp>| at.map(iso8601::write).unwrap_or_default();
    let (from, until) = search.span();
    format!(
        "/activity/export?account={account}&format={format}&outcome={}&position={}&from={}&until={}",
        search.outcome.get().map_or("", LedgerOutcome::as_str),
        search.position.get().map(|position| position.to_string()).unwrap_or_default(),
        time(from),
        time(until),
    )
}

/// The first moment of a day that was picked; `None` of none.
fn start_of(day: &str) -> Option<Timestamp> {
    iso8601::read(&format!("{day}T00:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_and_an_empty_field_asks_for_all() {
        assert_eq!(start_of("2020-03-12").map(Timestamp::unix_ms), Some(1_583_971_200_000));
        assert_eq!(start_of(""), None);
    }
}
