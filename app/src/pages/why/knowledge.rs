//! What a look knew, as a list of facts.

use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_i18n;
use domain::why::{RuleSight, Run, Sight};
use leptos::prelude::*;

/// What was known at the last look of a run, and how close the price came during it.
#[component]
pub fn Knowledge(run: Run) -> impl IntoView {
    let i18n = use_i18n();
    let row =
        |(name, value): (&'static str, String)| view! { <div><dt>{name}</dt><dd class="figure">{value}</dd></div> };
    view! {
        {move || view! {
            <dl class="facts" data-testid="why-facts">{facts(i18n.get_locale(), &run).into_iter().map(row).collect_view()}</dl>
        }}
        {move || remark(i18n.get_locale(), &run.last).map(|text| view! { <p class="note">{text}</p> }.erased())}
    }
    .erased()
}

fn facts(locale: Locale, run: &Run) -> Vec<(&'static str, String)> {
    let Sight { price, price_age, distance, rule, .. } = run.last;
    let none = || td_string!(locale, figure.no_price).to_owned();
    let mut facts =
        vec![(td_string!(locale, why.price), price.map_or_else(none, |price| format::price(locale, price)))];
    facts.extend(price_age.map(|age| (td_string!(locale, why.price_age), format::age(locale, age))));
    facts.extend(distance.map(|distance| (td_string!(locale, why.distance), format::percent(locale, distance))));
    let closest = run.closest.filter(|closest| Some(*closest) != distance);
    facts.extend(closest.map(|closest| (td_string!(locale, why.closest), format::percent(locale, closest))));
    facts.extend(rule.map(|rule| of_rule(locale, &rule)).unwrap_or_default());
    facts
}

fn of_rule(locale: Locale, rule: &RuleSight) -> Vec<(&'static str, String)> {
    let sats = |amount| format!("{} sats", format::sats(locale, amount));
    let mut facts = vec![
        (td_string!(locale, why.trigger), format::percent(locale, rule.trigger)),
        (td_string!(locale, why.target), format::percent(locale, rule.target)),
        (td_string!(locale, why.version), td_string!(locale, guard.version_number, version = rule.version).to_string()),
        (td_string!(locale, why.free), sats(rule.free)),
    ];
    if let Some(left) = rule.left {
        facts.extend([
            (td_string!(locale, why.left_position), sats(left.per_position)),
            (td_string!(locale, why.left_day), sats(left.per_day)),
            (td_string!(locale, why.left_wallet), sats(left.wallet)),
            (td_string!(locale, why.left_actions), format::whole(locale, left.actions.into())),
        ]);
    }
    facts
}

/// Why facts are missing.
fn remark(locale: Locale, sight: &Sight) -> Option<&'static str> {
    match sight.rule {
        None => Some(td_string!(locale, why.no_rule)),
        Some(RuleSight { left: None, .. }) => Some(td_string!(locale, why.not_counted)),
        Some(_) => None,
    }
}
