//! Positions: a table on a desk, cards on a phone; several can be chosen and closed at once.

use super::row::Row;
use crate::erased::Erased;
use crate::hand::{Asked, Hand};
use crate::language::{t_string, use_i18n};
use domain::PositionId;
use leptos::prelude::*;

/// Positions that are chosen to be closed together.
#[derive(Clone, Copy)]
pub struct Chosen(pub RwSignal<Vec<PositionId>>);

impl Chosen {
    pub fn holds(self, id: PositionId) -> bool {
        self.0.with(|chosen| chosen.contains(&id))
    }

    pub fn set(self, id: PositionId, is_chosen: bool) {
        self.0.update(|chosen| {
            chosen.retain(|known| *known != id);
            if is_chosen {
                chosen.push(id);
            }
        });
    }
}

#[component]
pub fn PositionsTable() -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    let ids = Memo::new(move |_| {
        let of = |shown: &domain::live::PositionSnapshot| shown.position.id;
        hand.live.view.with(|view| view.iter().flat_map(|view| &view.positions).map(of).collect::<Vec<_>>())
    });
    let chosen = Chosen(RwSignal::new(Vec::new()));
    provide_context(chosen);
    view! {
        <section class="card table-card" aria-labelledby="positions-title">
            <h2 class="sr-only" id="positions-title">{move || t_string!(i18n, nav.positions)}</h2>
            <ChosenBar ids chosen/>
            <table class="positions">
                <thead>
                    <tr>
                        <th scope="col">{move || t_string!(i18n, position.title)}</th>
                        <th scope="col">{move || t_string!(i18n, position.quantity)}</th>
                        <th scope="col">{move || t_string!(i18n, position.entry_and_mark)}</th>
                        <th scope="col">{move || t_string!(i18n, position.leverage)}</th>
                        <th scope="col">{move || t_string!(i18n, position.margin)}</th>
                        <th scope="col">{move || t_string!(i18n, position.liquidation)}</th>
                        <th scope="col">{move || t_string!(i18n, position.stops)}</th>
                        <th scope="col">{move || t_string!(i18n, position.funding)}</th>
                        <th scope="col">{move || t_string!(i18n, position.net_pnl)}</th>
                        <th scope="col"><span class="sr-only">{move || t_string!(i18n, hand.actions)}</span></th>
                    </tr>
                </thead>
                <tbody><For each=move || ids.get() key=|id| *id let:id><Row id/></For></tbody>
            </table>
            {move || ids.with(Vec::is_empty).then(|| view! {
                <p class="empty">{move || t_string!(i18n, figure.no_position)}</p>
            }.erased())}
            <p class="note">{move || t_string!(i18n, position.net_pnl_note)}</p>
        </section>
    }
    .erased()
}

/// What can be done with those that are chosen.
#[component]
fn ChosenBar(ids: Memo<Vec<PositionId>>, chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let hand = expect_context::<Hand>();
    // One that has ended meanwhile is chosen no more.
    let alive = Memo::new(move |_| {
        ids.with(|ids| chosen.0.with(|chosen| ids.iter().filter(|id| chosen.contains(id)).copied().collect::<Vec<_>>()))
    });
    let are_all = move || alive.with(Vec::len) == ids.with(Vec::len);
    let choose_all = move |_| chosen.0.set(if are_all() { Vec::new() } else { ids.get_untracked() });
    let count = move || t_string!(i18n, hand.chosen, count = alive.with(Vec::len)).to_string();
    move || {
        (2 <= ids.with(Vec::len) || !alive.with(Vec::is_empty)).then(|| {
            view! {
                <div class="chosen-bar">
                    <label class="check">
                        <input type="checkbox" data-testid="choose-all" prop:checked=are_all on:change=choose_all/>
                        <span>{move || t_string!(i18n, hand.choose_all)}</span>
                    </label>
                    <span class="sub" aria-live="polite">{count}</span>
                    <button type="button" class="button danger" data-testid="close-chosen" disabled=move || alive.with(Vec::is_empty)
                        on:click=move |_| hand.ask(Asked::CloseMany(alive.get_untracked()))>
                        {move || t_string!(i18n, hand.close_chosen)}
                    </button>
                </div>
            }
            .erased()
        })
    }
}
