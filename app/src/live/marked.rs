//! The account at the newest price: the same mathematics as the server's, between two of its messages.

use domain::live::{AccountSnapshot, ClosestLiquidation, PositionSnapshot};
use domain::{Position, Sats, Tick};
use engine::contract;

/// A snapshot with every figure that depends on the price worked out anew.
pub fn marked(mut snapshot: AccountSnapshot, tick: &Tick) -> AccountSnapshot {
    for shown in &mut snapshot.positions {
        *shown = position_at(shown, tick);
    }
    let pnl = Sats::checked_sum(snapshot.positions.iter().map(|shown| shown.position.pnl));
    snapshot.unrealised_pnl = pnl.unwrap_or(snapshot.unrealised_pnl);
    let equity = snapshot.wallet.and_then(|wallet| equity(wallet, &snapshot.positions, &snapshot.orders));
    snapshot.equity = equity.or(snapshot.equity);
    snapshot.closest = closest(&snapshot.positions);
    snapshot
}

fn position_at(shown: &PositionSnapshot, tick: &Tick) -> PositionSnapshot {
    let mut position = shown.position;
    if !position.is_running() {
        return *shown;
    }
    let mark = tick.mark(position.side);
    position.pnl = contract::pnl(position.side, position.quantity, position.entry, mark);
    let distance = contract::distance(position.side, mark, position.liquidation);
    PositionSnapshot { position, mark: Some(mark), distance: Some(distance), ..*shown }
}

fn equity(wallet: Sats, positions: &[PositionSnapshot], orders: &[Position]) -> Option<Sats> {
    let parts =
        positions.iter().flat_map(|shown| [shown.position.margin, shown.position.fee_reserve, shown.position.pnl]);
    let set_aside = orders.iter().flat_map(|order| [order.margin, order.fee_reserve]);
    Sats::checked_sum(std::iter::once(wallet).chain(parts).chain(set_aside)).ok()
}

fn closest(positions: &[PositionSnapshot]) -> Option<ClosestLiquidation> {
    let known = positions.iter().filter_map(|shown| Some((shown.distance?, shown.position)));
    known.min_by_key(|(distance, _)| *distance).map(|(distance, position)| ClosestLiquidation {
        position: position.id,
        distance,
        liquidation: position.liquidation,
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use domain::account::AccountSummary;
    use domain::id::time_ordered;
    use domain::position::PositionState;
    use domain::{AccountId, Leverage, Mode, Position, PositionId, Price, Quantity, Side, Timestamp};

    pub fn long() -> PositionSnapshot {
        let (side, quantity, margin) = (Side::Long, Quantity::new(600).unwrap(), Sats::new(100_000));
        let entry: Price = "60000".parse().unwrap();
        let position = Position {
            id: PositionId::from_uuid(time_ordered(Timestamp::EPOCH, [1; 10])),
            side,
            quantity,
            margin,
            leverage: Leverage::measured(10_000_000),
            entry,
            liquidation: contract::liquidation(side, quantity, entry, margin),
            stop_loss: None,
            take_profit: None,
            fee_reserve: Sats::new(2_000),
            pnl: Sats::ZERO,
            opening_fee: Sats::new(1_000),
            closing_fee: Sats::new(1_000),
            funding: Sats::ZERO,
            cashed_in_margin: Sats::ZERO,
            cashed_in_pnl: Sats::ZERO,
            state: PositionState::Running { filled_at: Timestamp::EPOCH },
            created_at: Timestamp::EPOCH,
        };
        PositionSnapshot { position, mark: None, distance: None, guard_trigger: None, added: Sats::ZERO, actions: 0 }
    }

    fn snapshot(positions: Vec<PositionSnapshot>) -> AccountSnapshot {
        AccountSnapshot {
            account: AccountSummary {
                id: AccountId::from_uuid(time_ordered(Timestamp::EPOCH, [2; 10])),
                name: "Paper".to_owned(),
                mode: Mode::Paper,
                access: domain::Access::Owner,
            },
            wallet: Some(Sats::new(500_000)),
            positions,
            equity: None,
            margin_used: Sats::new(100_000),
            unrealised_pnl: Sats::ZERO,
            closest: None,
            guard: None,
            funding: None,
            read_age: None,
            check_age: None,
            alarm: None,
            brakes: domain::brake::Brakes::default(),
            orders: Vec::new(),
            made_at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn a_newer_price_moves_every_figure_that_hangs_on_it() {
        let tick = Tick::of(Timestamp::EPOCH, "57000".parse().unwrap());
        let marked = marked(snapshot(vec![long()]), &tick);
        let pnl = marked.unrealised_pnl;
        assert!(pnl.is_negative());
        assert_eq!(marked.equity, Some(Sats::new(602_000 + pnl.get())));
        let closest = marked.closest.unwrap();
        assert_eq!(Some(closest.distance), marked.positions[0].distance);
        assert!(0 < closest.distance.get() && closest.distance.get() < 1_000);
    }

    #[test]
    fn without_positions_nothing_is_close() {
        let tick = Tick::of(Timestamp::EPOCH, "57000".parse().unwrap());
        let marked = marked(snapshot(Vec::new()), &tick);
        assert_eq!((marked.closest, marked.equity), (None, Some(Sats::new(500_000))));
    }
}
