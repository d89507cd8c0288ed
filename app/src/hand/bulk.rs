//! Closing several positions at once: never by a slip, and each with a fate of its own.

use super::Hand;
use super::close::{named, net};
use crate::components::hold_to_confirm::HoldToConfirm;
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use domain::action::Change;
use domain::{PositionId, Sats};
use leptos::prelude::*;

#[component]
pub fn CloseManyForm(positions: Vec<PositionId>) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let ids = StoredValue::new(positions);
    let shown = Memo::new(move |_| ids.get_value().into_iter().filter_map(|id| hand.position(id)).collect::<Vec<_>>());
    let list = move || {
        let locale = i18n.get_locale();
        let line = |shown| {
            let left = net(&shown).map_or_else(|| "\u{2014}".to_owned(), |net| format::signed_sats(locale, net));
            view! { <div><dt>{named(locale, &shown.position)}</dt><dd class="figure">{left}</dd></div> }
        };
        shown.get().into_iter().map(line).collect_view()
    };
    let sum = move || {
        let locale = i18n.get_locale();
        let sum = shown.with(|all| all.iter().map(net).collect::<Option<Vec<Sats>>>());
        let sum = sum.and_then(|all| Sats::checked_sum(all).ok());
        let sum = sum.map_or_else(|| "\u{2014}".to_owned(), |sum| format::signed_sats(locale, sum));
        t_string!(i18n, hand.close_many_sum, count = shown.with(Vec::len), sum = sum).to_string()
    };
    let confirm = move || {
        let closes = shown.with_untracked(|all| all.iter().map(|it| (Some(it.position.id), Change::Close)).collect());
        hand.confirm(closes);
    };
    view! {
        <p class="muted">{move || t_string!(i18n, hand.close_many_about)}</p>
        <dl class="facts">{list}</dl>
        <p class="rule-sentence">{sum}</p>
        <HoldToConfirm testid="hand-close-many" label=Signal::derive(move || t_string!(i18n, hand.hold_to_close))
            word=Signal::derive(move || t_string!(i18n, hand.word))
            confirm=Callback::new(move |()| confirm())/>
        <div class="dialog-buttons">
            <button type="button" class="button" data-testid="hand-back" on:click=move |_| hand.leave()>
                {move || t_string!(i18n, hand.back)}
            </button>
        </div>
    }
    .erased()
}
