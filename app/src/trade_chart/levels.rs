//! The levels of the trade page: of positions, of orders that wait, and of the order that is being typed.

use crate::chart::levels::{Level, LevelKind, is_reachable, of_positions};
use crate::i18n::{Locale, td_string};
use crate::ticket::preview::Figures;
use domain::Position;
use domain::live::PositionSnapshot;

pub fn levels(
    locale: Locale,
    positions: &[PositionSnapshot],
    orders: &[Position],
    draft: Option<&Figures>,
) -> Vec<Level> {
    let mut levels = of_positions(locale, positions);
    for order in orders {
        let title = td_string!(locale, trade.order).to_owned();
        levels.push(Level { kind: LevelKind::Entry, price: order.entry.dollars(), title, drag: None, draft: true });
    }
    if let Some(draft) = draft {
        of_draft(locale, &mut levels, draft);
    }
    levels
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
        let title = format!("{} ({})", kind.name(locale), td_string!(locale, trade.draft));
        levels.extend(price.map(|price| Level { kind, price: price.dollars(), title, drag: None, draft: true }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::marked::tests::long;

    #[test]
    fn an_order_that_waits_is_a_draft_that_nobody_drags() {
        let shown = long();
        let levels = levels(Locale::en, &[shown], &[shown.position], None);
        let drafts: Vec<_> = levels.iter().filter(|level| level.draft).collect();
        assert_eq!((levels.len(), drafts.len()), (3, 1));
        assert_eq!(drafts[0].drag, None);
    }
}
