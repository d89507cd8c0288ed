//! Prices that matter to positions, as lines across a chart.

use crate::chart::short;
use crate::i18n::{Locale, td_string};
use domain::live::PositionSnapshot;
use domain::{PositionId, Price};
use serde::Serialize;

/// A line across the chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    pub kind: LevelKind,
    /// Dollars.
    pub price: f64,
    pub title: String,
    /// What a drag of it asks for, on a chart that takes drags; none where it can't be dragged.
    pub drag: Option<String>,
    /// Of an order that has opened nothing yet.
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

impl LevelKind {
    pub fn name(self, locale: Locale) -> &'static str {
        match self {
            LevelKind::Entry => td_string!(locale, chart.entry),
            LevelKind::Liquidation => td_string!(locale, chart.liquidation),
            LevelKind::Guard => td_string!(locale, chart.guard),
            LevelKind::StopLoss => "SL",
            LevelKind::TakeProfit => "TP",
        }
    }
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

/// Entry, liquidation, guard trigger and stops of every running position.
pub fn of_positions(locale: Locale, positions: &[PositionSnapshot]) -> Vec<Level> {
    let mut levels = Vec::new();
    for shown in positions.iter().filter(|shown| shown.position.is_running()) {
        // With one position its name would say nothing.
        let suffix = if positions.len() == 1 { String::new() } else { format!(" {}", short(shown.position.id)) };
        let position = &shown.position;
        let mut add = |kind: LevelKind, price: Price, drag: Option<Drag>| {
            let title = format!("{}{suffix}", kind.name(locale));
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
    levels
}

/// Whether a price is one that a market can reach.
pub fn is_reachable(price: Price) -> bool {
    Price::MIN < price && price < Price::MAX
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
        let levels = of_positions(Locale::en, &[shown]);
        let dragged: Vec<_> =
            levels.iter().filter_map(|level| Some((level.kind, Drag::parse(level.drag.as_ref()?)?))).collect();
        let id = shown.position.id;
        let expected = [(LevelKind::StopLoss, Drag::StopLoss(id)), (LevelKind::TakeProfit, Drag::TakeProfit(id))];
        assert_eq!((levels.len(), dragged), (5, expected.to_vec()));
        assert_eq!(Drag::parse("sl nonsense"), None);
    }
}
