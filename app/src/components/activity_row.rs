//! One decision as a reader sees it: what was done or not, why, when.

use crate::components::badge::OutcomeBadge;
use crate::erased::Erased;
use crate::format;
use crate::language::use_i18n;
use crate::reason::{reason_sentence, why};
use domain::{LedgerEntry, Reason};
use leptos::prelude::*;

/// A decision in a list; `said` takes the place of its short sentence, children stand below it.
#[component]
pub fn ActivityRow(
    entry: LedgerEntry,
    #[prop(optional)] said: Option<Signal<String>>,
    #[prop(optional)] is_dated: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_save = matches!(entry.reason, Reason::MarginAdded { .. });
    let (seq, market_at, outcome) = (entry.seq, entry.market_at, entry.outcome);
    let why = why(&entry.reason);
    let said = said.unwrap_or_else(|| Signal::derive(move || reason_sentence(i18n.get_locale(), &entry)));
    view! {
        <li class="activity-row" class:saved=is_save data-testid="activity-row" data-outcome=outcome.as_str()
            data-why=why data-seq=seq.to_string()>
            <time class="row-time" datetime=format::date_time(market_at)>
                {if is_dated { format::date_time(market_at) } else { format::clock(market_at, 0) }}
            </time>
            <OutcomeBadge outcome/>
            <div class="row-text">
                <p>{move || said.get()}</p>
                {children.map(|children| children())}
            </div>
        </li>
    }
    .erased()
}
