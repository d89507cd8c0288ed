//! Under which rule: each version of a guard was in force from when it was saved until the next one was.

use super::Search;
use crate::api::find_guard;
use crate::erased::Erased;
use crate::i18n::td_string;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::wire::Reading;
use crate::zone;
use domain::Timestamp;
use leptos::prelude::*;

/// When a version was in force; the newest still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

/// Nothing to choose from where no rule was ever saved.
#[component]
pub fn Rules(search: Search) -> impl IntoView {
    let live = expect_context::<Live>();
    let history = Reading::new_with_options(|| (), move |()| find_guard(live.account), false);
    let choice = move || {
        Suspend::new(async move {
            let versions = history.await.map(|history| history.versions).unwrap_or_default();
            let saved: Vec<_> = versions.iter().map(|guard| (guard.version, guard.saved_at)).collect();
            (!saved.is_empty()).then(|| view! { <Choice search saved/> }.erased())
        })
    };
    view! { <Suspense>{choice}</Suspense> }.erased()
}

#[component]
fn Choice(search: Search, saved: Vec<(u32, Timestamp)>) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |&(version, at): &(u32, Timestamp)| {
        let name = move || td_string!(i18n.get_locale(), guard.version_number, version = version).to_string();
        view! { <option value=version.to_string()>{move || format!("{} · {}", name(), zone::date_time(at))}</option> }
            .erased()
    };
    let options = saved.iter().map(option).collect_view();
    let pick = move |text: String| {
        search.start_over();
        search.rule.set(text.parse().ok().and_then(|version| in_force(&saved, version)));
    };
    view! {
        <label class="inline-field">
            <span>{move || t_string!(i18n, activity.by_rule)}</span>
            <select data-testid="filter-rule" on:change=move |event| pick(event_target_value(&event))>
                <option value="">{move || t_string!(i18n, activity.every)}</option>
                {options}
            </select>
        </label>
    }
    .erased()
}

/// Versions come with when they were saved, the newest first.
fn in_force(saved: &[(u32, Timestamp)], version: u32) -> Option<InForce> {
    let place = saved.iter().position(|(one, _)| *one == version)?;
    let next = place.checked_sub(1).and_then(|next| saved.get(next));
    let (_, from) = *saved.get(place)?;
    Some(InForce { from, until: next.map(|(_, at)| *at) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_in_force_until_the_next_one_was_saved() {
        let at = |second: i64| Timestamp::from_unix_ms(second * 1_000);
        let saved = [(3, at(90)), (2, at(60)), (1, at(30))];
        assert_eq!(in_force(&saved, 3), Some(InForce { from: at(90), until: None }));
        assert_eq!(in_force(&saved, 1), Some(InForce { from: at(30), until: Some(at(60)) }));
        assert_eq!(in_force(&saved, 4), None);
    }
}
