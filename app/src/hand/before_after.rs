//! A position before and after a change, by the same mathematics as the exchange's.

use crate::erased::Erased;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use domain::{Bps, Position, Price, Sats};
use engine::contract::{Terms, distance};
use leptos::prelude::*;

/// What a change does to a position and to the wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub position: Position,
    pub after: Terms,
    pub mark: Price,
    pub free: Sats,
    pub free_after: Sats,
}

#[component]
pub fn BeforeAfter(#[prop(into)] change: Signal<Option<Change>>) -> impl IntoView {
    let i18n = use_i18n();
    let body = move || {
        let locale = i18n.get_locale();
        change.get().map(|change| rows(locale, &change).into_iter().map(row).collect_view())
    };
    view! {
        <table class="before-after" data-testid="before-after">
            <thead>
                <tr>
                    <th scope="col"><span class="sr-only">{move || t_string!(i18n, preview.title)}</span></th>
                    <th scope="col">{move || t_string!(i18n, preview.before)}</th>
                    <th scope="col">{move || t_string!(i18n, preview.after)}</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
    .erased()
}

type Row = (&'static str, &'static str, String, String);

fn row((name, testid, before, after): Row) -> impl IntoView {
    let is_same = before == after;
    view! {
        <tr class:same=is_same>
            <th scope="row">{name}</th>
            <td class="figure">{before}</td>
            <td class="figure" data-testid=testid>{after}</td>
        </tr>
    }
    .erased()
}

fn rows(locale: Locale, change: &Change) -> [Row; 5] {
    let Change { position, after, mark, free, free_after } = change;
    let at = |price: Price| {
        format::liquidation(locale, price).unwrap_or_else(|| td_string!(locale, position.never).to_owned())
    };
    let away = |liquidation: Price| percent(locale, distance(position.side, *mark, liquidation));
    let (sats, times) = (|amount| format::sats(locale, amount), |leverage| format::leverage(locale, leverage));
    [
        (
            td_string!(locale, position.liquidation),
            "after-liquidation",
            at(position.liquidation),
            at(after.liquidation),
        ),
        (td_string!(locale, activity.distance), "after-distance", away(position.liquidation), away(after.liquidation)),
        (td_string!(locale, position.leverage), "after-leverage", times(position.leverage), times(after.leverage)),
        (td_string!(locale, position.margin), "after-margin", sats(position.margin), sats(after.margin)),
        (td_string!(locale, preview.free), "after-free", sats(*free), sats(*free_after)),
    ]
}

fn percent(locale: Locale, share: Bps) -> String {
    format::percent(locale, share)
}
