//! Why, for one position and a time: what was known, what was decided, what came of it, and what was before.

mod deed;
mod knowledge;

use crate::api::{ReadFault, why};
use crate::chart::short;
use crate::components::fault::Fault;
use crate::components::full_row::FullRow;
use crate::components::page_title::PageTitle;
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::wire::Reading;
use deed::DeedCard;
use domain::why::{Run, Step, Why};
use domain::{PositionId, Timestamp, iso8601};
use knowledge::Knowledge;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn WhyPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let (params, query) = (use_params_map(), use_query_map());
    let position = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<PositionId>().ok()));
    let at = Memo::new(move |_| query.read().get("at")?.parse().ok().map(Timestamp::from_unix_ms));
    let read = Reading::new_with_options(
        move || (position.get(), at.get()),
        move |(position, at)| async move {
            match position {
                Some(position) => why(live.account, position, at).await,
                None => Err(ReadFault::NotFound),
            }
        },
        false,
    );
    let answer = move || {
        Suspend::new(async move {
            match read.await {
                Ok(why) => view! { <Answer why/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, why.title)/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, why.title)}" "<span class="sub">{move || position.get().map(short)}</span></h1>
            <p class="muted">{move || t_string!(i18n, why.about)}</p>
        </header>
        <Transition fallback=move || view! { <Skeleton lines=6 label=move || t_string!(i18n, why.loading)/> }.erased()>
            {answer}
        </Transition>
    }
    .erased()
}

#[component]
fn Answer(why: Why) -> impl IntoView {
    let i18n = use_i18n();
    let Why { position, asked, moment, is_gap, deed, steps } = why;
    let heading = move || match asked {
        Some(asked) => td_string!(i18n.get_locale(), why.at, time = iso8601::write(asked)).to_string(),
        None => t_string!(i18n, why.now).to_owned(),
    };
    let gap_after = moment.as_ref().filter(|_| is_gap).map(|step| step.held_until(None));
    let current = moment.as_ref().map(|step| step.entry.seq);
    let earlier: Vec<Step> = steps.into_iter().filter(|step| Some(step.entry.seq) != current).collect();
    view! {
        <section class="card why" data-testid="why-moment">
            <header class="card-head">
                <h2>{heading}</h2>
                {asked.map(|_| view! {
                    <a class="button" href=format!("/positions/{position}/why")>{move || t_string!(i18n, why.newest)}</a>
                }.erased())}
            </header>
            {gap_after.map(|last| view! {
                <p class="notice" data-testid="why-gap">
                    {move || td_string!(i18n.get_locale(), why.gap, last = iso8601::write(last)).to_string()}
                </p>
            }.erased())}
            {match moment {
                Some(step) => view! { <Moment step/> }.erased(),
                None => view! { <p class="empty">{move || t_string!(i18n, why.nothing)}</p> }.erased(),
            }}
        </section>
        <DeedCard deed/>
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, why.timeline)}</h2></header>
            <ul class="activity full" data-testid="why-timeline">
                {earlier.into_iter().map(|step| view! { <Told step/> }.erased()).collect_view()}
            </ul>
        </section>
    }
    .erased()
}

/// The decision that held, with what it was made on.
#[component]
fn Moment(step: Step) -> impl IntoView {
    let i18n = use_i18n();
    let run = step.run;
    view! {
        <h3 class="label">{move || t_string!(i18n, why.decided)}</h3>
        <ul class="activity full"><FullRow entry=step.entry/></ul>
        {run.map(|run| view! {
            <p class="note">{move || looks(i18n.get_locale(), &run)}</p>
            <h3 class="label">{move || t_string!(i18n, why.knew)}</h3>
            <Knowledge run/>
        }.erased())}
    }
    .erased()
}

#[component]
fn Told(step: Step) -> impl IntoView {
    let i18n = use_i18n();
    let repeated = step.run.filter(|run| 1 < run.looks);
    view! {
        <FullRow entry=step.entry has_facts=true/>
        {repeated.map(|run| view! { <li class="note">{move || looks(i18n.get_locale(), &run)}</li> }.erased())}
    }
    .erased()
}

/// How often and how long the same was decided.
fn looks(locale: Locale, run: &Run) -> String {
    let (first, last) = (format::clock(run.first.at, 0), format::clock(run.last.at, 0));
    if run.looks < 2 {
        return td_string!(locale, why.once, first = first).to_string();
    }
    let count = format::whole(locale, run.looks.into());
    td_string!(locale, why.looks, count = count, first = first, last = last).to_string()
}
