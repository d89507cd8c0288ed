//! Plans: what somebody is granted, and what whoever joins gets.

use super::board::{Board, Change, Deed};
use crate::api::PeopleFault;
use crate::components::choice::Choice;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::pages::profile::plan::{limits_text, plan_name};
use domain::{Plan, PlanGrantId, PlanTerm, Timestamp, UserId, iso8601};
use leptos::prelude::*;

/// A plan for one person, until the end of a day or without end.
#[component]
pub fn GrantForm(board: Board, user: UserId, plan: Plan, why: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (wanted, ends) = (RwSignal::new(plan), RwSignal::new(String::new()));
    let grant = move |_| match end_of(&ends.get_untracked()) {
        Ok(until) => {
            let request = PlanGrantId::from_uuid(crate::hand::fresh_key().uuid());
            let term = PlanTerm { plan: wanted.get_untracked(), until };
            board.run(Deed::To(user, Change::Plan(request, term), why.get_untracked()));
        }
        Err(fault) => board.fault.set(Some(fault)),
    };
    let option = move |one: Plan| {
        view! {
            <option value=one.as_str() selected=wanted.get_untracked() == one>
                {move || plan_name(i18n.get_locale(), one)}
            </option>
        }
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        if let Some(chosen) = Plan::ALL.into_iter().find(|one| one.as_str() == value) {
            wanted.set(chosen);
        }
    };
    let (plan_id, ends_id) = (format!("plan-{user}"), format!("plan-ends-{user}"));
    view! {
        <div class="person-role">
            <label for=plan_id.clone()>{move || t_string!(i18n, plan.title)}</label>
            <select id=plan_id data-testid="plan-choice" on:change=choose>{Plan::ALL.map(option).collect_view()}</select>
            <label for=ends_id.clone()>{move || t_string!(i18n, plan.ends)}</label>
            <input id=ends_id type="date" data-testid="plan-ends" bind:value=ends/>
            <button type="button" class="button" data-testid="grant-plan" on:click=grant>
                {move || t_string!(i18n, plan.grant)}
            </button>
        </div>
    }
    .erased()
}

/// What whoever joins from now on gets.
#[component]
pub fn PlanForNewCard(board: Board, plan: Plan) -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |one: Plan| {
        let testid = match one {
            Plan::Free => "plan-new-free",
            Plan::Pro => "plan-new-pro",
            Plan::Unlimited => "plan-new-unlimited",
        };
        view! {
            <Choice group="plan-for-new" testid is_chosen=Signal::derive(move || plan == one)
                name=Signal::derive(move || plan_name(i18n.get_locale(), one))
                hint=Signal::derive(move || limits_text(i18n.get_locale(), one))
                choose=Callback::new(move |()| board.run(Deed::SetPlanForNew(one)))/>
        }
    };
    view! {
        <section class="card">
            <fieldset class="choices">
                <legend>{move || t_string!(i18n, plan.for_new)}</legend>
                {Plan::ALL.map(choice).collect_view()}
            </fieldset>
            <p class="hint">{move || t_string!(i18n, plan.for_new_hint)}</p>
        </section>
    }
    .erased()
}

/// The end of a day in UTC; `None` for no day.
fn end_of(day: &str) -> Result<Option<Timestamp>, PeopleFault> {
    if day.is_empty() {
        return Ok(None);
    }
    iso8601::read(&format!("{day}T23:59:59Z")).map(Some).ok_or(PeopleFault::PastEnd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_the_calendar_lacks_is_no_plan_without_end() {
        assert_eq!(end_of(""), Ok(None));
        assert_eq!(end_of("1970-01-01").unwrap(), Some(Timestamp::from_unix_ms(86_399_000)));
        for nonsense in ["2027-02-30", "tomorrow", "2027"] {
            assert_eq!(end_of(nonsense), Err(PeopleFault::PastEnd), "{nonsense}");
        }
    }
}
