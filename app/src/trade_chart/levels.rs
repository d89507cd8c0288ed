//! Prices that matter: of positions, of orders that wait, and of the order that is being typed.

use crate::chart::short;
use crate::i18n::{Locale, td_string};
use crate::ticket::preview::Figures;
use domain::live::PositionSnapshot;
use domain::{Position, PositionId, Price};
use serde::Serialize;

/// A line across the chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    pub kind: LevelKind,
    /// Dollars.
    pub price: f64,
    pub title: String,
    /// What a drag of it asks for; none where it can't be dragged.
    pub drag: Option<String>,
    /// Of an order that is not sent yet.
    pub draft: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelKind {
    Entry,
    Liquidation,
    Guard,
    StopLoss,
    TakeProfit,
}

/// What is drawn: the level of a position that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drag {
    StopLoss(PositionId),
    TakeProfit(PositionId),
}

impl Drag {
    fn name(self) -> String {
        match self {
            Drag::StopLoss(id) => format!("sl {id}"),
            Drag::TakeProfit(id) => format!("tp {id}"),
        }
    }

    pub fn parse(name: &str) -> Option<Drag> {
        match name.split_once(' ')? {
            ("sl", id) => id.parse().ok().map(Drag::StopLoss),
            ("tp", id) => id.parse().ok().map(Drag::TakeProfit),
            _ => None,
        }
    }
}

pub fn levels(
    locale: Locale,
    positions: &[PositionSnapshot],
    orders: &[Position],
    draft: Option<&Figures>,
) -> Vec<Level> {
    let mut levels = Vec::new();
    for shown in positions.iter().filter(|shown| shown.position.is_running()) {
        // With one position its name would say nothing.
        let suffix = if positions.len() == 1 { String::new() } else { format!(" {}", short(shown.position.id)) };
        of_position(locale, &mut levels, shown, &suffix);
    }
    for order in orders {
        let title = td_string!(locale, trade.order).to_owned();
        levels.push(Level { kind: LevelKind::Entry, price: order.entry.dollars(), title, drag: None, draft: true });
    }
    if let Some(draft) = draft {
        of_draft(locale, &mut levels, draft);
    }
    levels
}

fn of_position(locale: Locale, levels: &mut Vec<Level>, shown: &PositionSnapshot, suffix: &str) {
    let position = &shown.position;
    let mut add = |kind, price: Price, drag: Option<Drag>| {
        let title = format!("{}{suffix}", name(locale, kind));
        levels.push(Level { kind, price: price.dollars(), title, drag: drag.map(Drag::name), draft: false });
    };
    add(LevelKind::Entry, position.entry, None);
    if is_reachable(position.liquidation) {
        add(LevelKind::Liquidation, position.liquidation, None);
    }
    if let Some(trigger) = shown.guard_trigger {
        add(LevelKind::Guard, trigger, None);
    }
    if let Some(stop) = position.stop_loss {
        add(LevelKind::StopLoss, stop, Some(Drag::StopLoss(position.id)));
    }
    if let Some(target) = position.take_profit {
        add(LevelKind::TakeProfit, target, Some(Drag::TakeProfit(position.id)));
    }
}

fn of_draft(locale: Locale, levels: &mut Vec<Level>, figures: &Figures) {
    let Figures { order, preview, guard, .. } = figures;
    let liquidation = Some(preview.liquidation).filter(|price| is_reachable(*price));
    for (kind, price) in [
        (LevelKind::Entry, Some(preview.entry)),
        (LevelKind::Liquidation, liquidation),
        (LevelKind::Guard, *guard),
        (LevelKind::StopLoss, order.position.stop_loss),
        (LevelKind::TakeProfit, order.position.take_profit),
    ] {
        let title = format!("{} ({})", name(locale, kind), td_string!(locale, trade.draft));
        levels.extend(price.map(|price| Level { kind, price: price.dollars(), title, drag: None, draft: true }));
    }
}

fn is_reachable(price: Price) -> bool {
    Price::MIN < price && price < Price::MAX
}

fn name(locale: Locale, kind: LevelKind) -> &'static str {
    match kind {
        LevelKind::Entry => td_string!(locale, chart.entry),
        LevelKind::Liquidation => td_string!(locale, chart.liquidation),
        LevelKind::Guard => td_string!(locale, chart.guard),
        LevelKind::StopLoss => "SL",
        LevelKind::TakeProfit => "TP",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::marked::tests::long;

    #[test]
    fn only_stops_of_a_position_can_be_drawn() {
        let mut shown = long();
        shown.position.stop_loss = "55000".parse().ok();
        shown.position.take_profit = "70000".parse().ok();
        shown.guard_trigger = "57000".parse().ok();
        let levels = levels(Locale::en, &[shown], &[shown.position], None);
        let dragged: Vec<_> =
            levels.iter().filter_map(|level| Some((level.kind, Drag::parse(level.drag.as_ref()?)?))).collect();
        let id = shown.position.id;
        let expected = [(LevelKind::StopLoss, Drag::StopLoss(id)), (LevelKind::TakeProfit, Drag::TakeProfit(id))];
        assert_eq!((levels.len(), dragged), (6, expected.to_vec()));
        assert_eq!(Drag::parse("sl nonsense"), None);
    }
}
