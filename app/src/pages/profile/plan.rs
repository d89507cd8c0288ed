//! The reader's plan, how much of it they use, and what is said where it is full.

use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::zone;
use domain::{Countable, Plan, PlanFull, PlanTerm};
use leptos::prelude::*;

#[component]
pub fn PlanCard(term: PlanTerm, used: Vec<(Countable, u32)>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |(of, used): (Countable, u32)| {
        view! {
            <div>
                <dt>{move || countable_name(i18n.get_locale(), of)}</dt>
                <dd data-testid=format!("plan-{}", of.as_str())>
                    {move || used_text(i18n.get_locale(), used, term.plan.limit(of))}
                </dd>
            </div>
        }
    };
    view! {
        <section class="card" data-testid="plan">
            <header class="card-head"><h2>{move || t_string!(i18n, plan.title)}</h2></header>
            <p class="session-name" data-testid="plan-term">{move || term_text(i18n.get_locale(), term)}</p>
            <dl class="facts">{used.into_iter().map(row).collect_view()}</dl>
            <p class="hint">{move || t_string!(i18n, plan.about)}</p>
        </section>
    }
    .erased()
}

/// A plan with its end: `Pro until 2027-01-31 23:59`.
pub fn term_text(locale: Locale, term: PlanTerm) -> String {
    let name = plan_name(locale, term.plan);
    match term.until {
        None => name.to_owned(),
        Some(until) => format!("{name} {} {}", td_string!(locale, plan.until), zone::date_time(until)),
    }
}

pub fn plan_name(locale: Locale, plan: Plan) -> &'static str {
    match plan {
        Plan::Free => td_string!(locale, plan.free),
        Plan::Pro => td_string!(locale, plan.pro),
        Plan::Unlimited => td_string!(locale, plan.unlimited),
    }
}

/// What a plan allows, in a line.
pub fn limits_text(locale: Locale, plan: Plan) -> &'static str {
    match plan {
        Plan::Free => td_string!(locale, plan.free_limits),
        Plan::Pro => td_string!(locale, plan.pro_limits),
        Plan::Unlimited => td_string!(locale, plan.no_limits),
    }
}

/// Why something new was refused, and what can be done.
pub fn full_text(locale: Locale, full: PlanFull) -> String {
    let limit = full.limit;
    match full.of {
        Countable::Accounts => td_string!(locale, plan.full_accounts, limit = limit).to_string(),
        Countable::Guards => td_string!(locale, plan.full_guards, limit = limit).to_string(),
        Countable::Tokens => td_string!(locale, plan.full_tokens, limit = limit).to_string(),
        Countable::Programs => td_string!(locale, plan.full_programs, limit = limit).to_string(),
    }
}

fn countable_name(locale: Locale, of: Countable) -> &'static str {
    match of {
        Countable::Accounts => td_string!(locale, plan.accounts),
        Countable::Guards => td_string!(locale, plan.guards),
        Countable::Tokens => td_string!(locale, plan.tokens),
        Countable::Programs => td_string!(locale, plan.programs),
    }
}

fn used_text(locale: Locale, used: u32, limit: Option<u32>) -> String {
    match limit {
        Some(limit) => td_string!(locale, plan.used_of, used = used, limit = limit).to_string(),
        None => td_string!(locale, plan.used, used = used).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_plan_is_said_to_allow_is_what_it_allows() {
        for (locale, plan) in
            [(Locale::en, Plan::Free), (Locale::en, Plan::Pro), (Locale::pt_BR, Plan::Free), (Locale::pt_BR, Plan::Pro)]
        {
            let text = limits_text(locale, plan);
            let told: Vec<Option<u32>> = text
                .split(|c: char| !c.is_ascii_digit())
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().ok())
                .collect();
            assert_eq!(told, Countable::ALL.map(|of| plan.limit(of)), "{text}");
        }
    }

    #[test]
    fn a_full_plan_says_that_what_is_there_goes_on_and_what_to_do() {
        for of in Countable::ALL {
            let full = PlanFull { plan: Plan::Free, of, limit: 2 };
            let (english, portuguese) = (full_text(Locale::en, full), full_text(Locale::pt_BR, full));
            assert!(english.contains('2') && english.contains("ask an admin"), "{english}");
            assert!(portuguese.contains('2') && portuguese.contains("administrador"), "{portuguese}");
        }
    }
}
