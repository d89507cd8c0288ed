//! Positions and policies to test with.

use domain::guard_policy::GuardPolicyDraft;
use domain::position::PositionState;
use domain::{
    AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, Leverage, Millis, Position, PositionId, Price, Quantity, Sats,
    Side, Timestamp,
};
use engine::contract::{leverage_of, liquidation, margin_for};

pub fn dollars(text: &str) -> Price {
    text.parse().unwrap()
}

pub fn id(number: u128) -> PositionId {
    PositionId::from_uuid(uuid::Uuid::from_u128(number))
}

/// A running position with just this margin.
pub fn with_margin(side: Side, quantity: Quantity, entry: Price, margin: Sats) -> Position {
    Position {
        id: id(1),
        side,
        quantity,
        margin,
        leverage: leverage_of(quantity, entry, margin),
        entry,
        liquidation: liquidation(side, quantity, entry, margin),
        stop_loss: None,
        take_profit: None,
        fee_reserve: Sats::ZERO,
        pnl: Sats::ZERO,
        opening_fee: Sats::ZERO,
        closing_fee: Sats::ZERO,
        funding: Sats::ZERO,
        cashed_in_margin: Sats::ZERO,
        cashed_in_pnl: Sats::ZERO,
        state: PositionState::Running { filled_at: Timestamp::EPOCH },
        created_at: Timestamp::EPOCH,
    }
}

/// 1,000 dollars at 100,000 and 10x: margin 100,000 sats, liquidation at 90,909 (long) or 111,111 (short).
pub fn tenfold(side: Side) -> Position {
    let (quantity, entry) = (Quantity::new(1_000).unwrap(), dollars("100000"));
    let margin = margin_for(quantity, entry, Leverage::for_order(10 * Leverage::ONE_X).unwrap());
    with_margin(side, quantity, entry, margin)
}

/// The position after a top-up, as the venue would report it.
pub fn topped_up(position: &Position, amount: Sats) -> Position {
    let margin = position.margin.checked_add(amount).unwrap();
    Position { id: position.id, ..with_margin(position.side, position.quantity, position.entry, margin) }
}

/// Trigger 5 %, target 10 %, limits that do not bind.
pub fn wide() -> GuardPolicyDraft {
    GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits: GuardLimits {
            per_action: Sats::new(1_000_000),
            per_position: Sats::new(1_000_000),
            per_day: Sats::new(1_000_000),
            wallet_reserve: Sats::ZERO,
            cooldown: Millis::MINUTE,
            max_actions: 100,
        },
        at_limit: AtLimit::AlertOnly,
    }
}

pub fn policy(change: impl FnOnce(&mut GuardPolicyDraft)) -> GuardPolicy {
    let mut draft = wide();
    change(&mut draft);
    GuardPolicy::new(draft).unwrap()
}
