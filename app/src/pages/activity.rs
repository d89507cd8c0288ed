//! Every decision that mattered, with its reason.

mod filters;
mod rules;

use crate::api::{ActivityQuery, activity};
use crate::components::fault::Fault;
use crate::components::full_row::FullRow;
use crate::components::page_title::PageTitle;
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::wire::Reading;
use domain::{LedgerEntry, LedgerOutcome, PositionId, Timestamp};
use filters::Filters;
use leptos::prelude::*;
use rules::InForce;

/// How many decisions are read at once.
const PAGE: u32 = 50;

const OUTCOMES: [LedgerOutcome; 5] =
    [LedgerOutcome::Acted, LedgerOutcome::Refused, LedgerOutcome::Alarmed, LedgerOutcome::Held, LedgerOutcome::Noted];

/// What is wanted and what was read.
#[derive(Clone, Copy)]
struct Search {
    outcome: RwSignal<Option<LedgerOutcome>>,
    position: RwSignal<Option<PositionId>>,
    from: RwSignal<Option<Timestamp>>,
    until: RwSignal<Option<Timestamp>>,
    rule: RwSignal<Option<InForce>>,
    /// What "load more" has brought.
    older: RwSignal<Vec<LedgerEntry>>,
    is_at_end: RwSignal<bool>,
}

impl Search {
    fn query(self) -> ActivityQuery {
        let (from, until) = self.span();
        ActivityQuery {
            outcome: self.outcome.get(),
            position: self.position.get(),
            from,
            until,
            before: None,
            limit: PAGE,
        }
    }

    /// What the days and the rule's time have in common.
    fn span(self) -> (Option<Timestamp>, Option<Timestamp>) {
        let rule = self.rule.get();
        let until = self.until.get().into_iter().chain(rule.and_then(|rule| rule.until)).min();
        (self.from.get().max(rule.map(|rule| rule.from)), until)
    }

    fn start_over(self) {
        self.older.set(Vec::new());
        self.is_at_end.set(false);
    }
}

#[component]
pub fn ActivityPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let search = Search {
        outcome: RwSignal::new(None),
        position: RwSignal::new(None),
        from: RwSignal::new(None),
        until: RwSignal::new(None),
        rule: RwSignal::new(None),
        older: RwSignal::new(Vec::new()),
        is_at_end: RwSignal::new(false),
    };
    let first = Reading::new_with_options(move || search.query(), move |query| activity(live.account, query), false);
    let list = move || {
        Suspend::new(async move {
            match first.await {
                Ok(first) => view! { <List search first/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, nav.activity)/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, nav.activity)}</h1>
            <p class="muted">{move || t_string!(i18n, activity.about)}</p>
            <a class="more" href="/settings/market" data-testid="market-link">{move || t_string!(i18n, sources.title)}</a>
        </header>
        <Filters search/>
        <section class="card">
            <Transition fallback=move || view! { <Skeleton lines=8 label=move || t_string!(i18n, activity.loading)/> }.erased()>{list}</Transition>
        </section>
    }
    .erased()
}

#[component]
fn List(search: Search, first: Vec<LedgerEntry>) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let is_whole = first.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
    let first = StoredValue::new(first);
    let shown = Memo::new(move |_| {
        let query = search.query();
        let news = live.decisions.get();
        first.with_value(|first| search.older.with(|older| merged(&query, &news, [first, older])))
    });
    let more = Action::new(move |(): &()| {
        let before = shown.with_untracked(|shown| shown.last().map(|last| last.seq));
        let query = ActivityQuery { before, ..search.query() };
        async move {
            if let Ok(page) = activity(live.account, query).await {
                search.is_at_end.set(page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX));
                search.older.update(|older| older.extend(page));
            }
        }
    });
    let is_done = move || is_whole || search.is_at_end.get();
    view! {
        <ul class="activity full">
            <For each=move || shown.get() key=|entry| entry.seq let:entry><FullRow entry has_facts=true/></For>
        </ul>
        {move || shown.with(Vec::is_empty).then(|| view! { <p class="empty">{move || t_string!(i18n, activity.empty)}</p> }.erased())}
        {move || (!is_done()).then(|| view! {
            <button type="button" class="button" data-testid="load-more" disabled=move || more.pending().get()
                on:click=move |_| { more.dispatch(()); }>{move || t_string!(i18n, activity.more)}</button>
        }.erased())}
    }
    .erased()
}

/// Entries that fit the query, newest first, each once. Of the news only what is newer than all that was read counts:
/// what is older may have gaps that "load more" is yet to fill.
fn merged(query: &ActivityQuery, news: &[LedgerEntry], read: [&Vec<LedgerEntry>; 2]) -> Vec<LedgerEntry> {
    let newest_read = read[0].first().map_or(0, |newest| newest.seq);
    let fits = |entry: &&LedgerEntry| {
        query.outcome.is_none_or(|outcome| entry.outcome == outcome)
            && query.position.is_none_or(|position| entry.position == Some(position))
            && query.from.is_none_or(|from| from <= entry.at)
            && query.until.is_none_or(|until| entry.at < until)
    };
    let news = news.iter().filter(|entry| newest_read < entry.seq);
    let mut entries: Vec<LedgerEntry> = news.chain(read.into_iter().flatten()).filter(fits).cloned().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
    entries.dedup_by_key(|entry| entry.seq);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::time_ordered;
    use domain::{AccountId, Reason, Timestamp};

    fn entry(seq: i64, outcome: LedgerOutcome) -> LedgerEntry {
        let account = AccountId::from_uuid(time_ordered(Timestamp::EPOCH, [0; 10]));
        let (at, reason) = (Timestamp::EPOCH, Reason::ExchangeReadable);
        LedgerEntry { seq, account, position: None, at, market_at: at, price: None, distance: None, outcome, reason }
    }

    #[test]
    fn what_was_read_and_what_just_came_make_one_list() {
        let news = [9, 8, 3].map(|seq| entry(seq, LedgerOutcome::Acted));
        let (first, older) = (vec![entry(8, LedgerOutcome::Held)], vec![entry(2, LedgerOutcome::Acted)]);
        let seqs = |outcome| {
            let query = ActivityQuery { outcome, ..ActivityQuery::default() };
            merged(&query, &news, [&first, &older]).iter().map(|entry| entry.seq).collect::<Vec<_>>()
        };
        assert_eq!(seqs(None), [9, 8, 2]);
        assert_eq!(seqs(Some(LedgerOutcome::Acted)), [9, 2]);
    }
}
