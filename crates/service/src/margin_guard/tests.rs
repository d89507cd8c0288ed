use domain::action::{Change, Intent};
use domain::position::PositionState;
use domain::{AccountId, ActionId, GuardId, Leverage, Position, PositionId, Price, Quantity, Sats, Side, Timestamp};
use uuid::Uuid;

/// A long of 1,000 USD at 100,000, running since the epoch.
pub(crate) fn position(margin: i64) -> Position {
    let price = |dollars: i64| Price::from_ticks(dollars * 2).unwrap();
    Position {
        id: PositionId::from_uuid(Uuid::from_u128(1)),
        side: Side::Long,
        quantity: Quantity::new(1_000).unwrap(),
        margin: Sats::new(margin),
        leverage: Leverage::measured(10 * Leverage::ONE_X),
        entry: price(100_000),
        liquidation: price(90_909),
        stop_loss: None,
        take_profit: None,
        fee_reserve: Sats::new(1_100),
        pnl: Sats::ZERO,
        opening_fee: Sats::new(1_000),
        closing_fee: Sats::ZERO,
        funding: Sats::ZERO,
        cashed_in_margin: Sats::ZERO,
        cashed_in_pnl: Sats::ZERO,
        state: PositionState::Running { filled_at: Timestamp::EPOCH },
        created_at: Timestamp::EPOCH,
    }
}

/// A top-up of that position, written at the epoch.
pub(crate) fn intent(margin_before: i64, amount: i64) -> Intent {
    Intent {
        id: ActionId::from_uuid(Uuid::from_u128(2)),
        account: AccountId::from_uuid(Uuid::from_u128(3)),
        position: position(0).id,
        change: Change::AddMargin { amount: Sats::new(amount) },
        rides_on: None,
        guard: GuardId::from_uuid(Uuid::from_u128(4)),
        guard_version: 1,
        asked_by: None,
        margin_before: Sats::new(margin_before),
        funding_before: Sats::ZERO,
        cashed_in_margin_before: Sats::ZERO,
        cashed_in_pnl_before: Sats::ZERO,
        liquidation_before: position(0).liquidation,
        written_at: Timestamp::EPOCH,
        market_at: Timestamp::EPOCH,
        not_after: Timestamp::from_unix_ms(30_000),
    }
}
