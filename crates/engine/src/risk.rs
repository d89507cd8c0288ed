//! The limits: what a guard may spend, and the proof that they were checked.

use crate::contract::{liquidation, margin_for, most_addable};
use domain::ledger::Limit;
use domain::{AtLimit, GuardLimits, Leverage, Position, PositionId, Reason, Sats, Timestamp};

/// Something that passed the limits. Only this module makes one, so whoever acts on it need not ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Approved<T>(T);

impl<T> Approved<T> {
    pub const fn get(&self) -> &T {
        &self.0
    }

    pub fn into_inner(self) -> T {
        self.0
    }
}

/// Sats to move from the wallet to a position's margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddMargin {
    pub position: PositionId,
    pub amount: Sats,
    /// What the target asks for.
    pub wanted: Sats,
    /// The limit that made `amount` less than `wanted`.
    pub capped_by: Option<Limit>,
}

/// A position to close at market because a limit stopped its guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosePosition {
    pub position: PositionId,
    pub limit: Limit,
}

/// What the guard has spent so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Sats over this position's life.
    pub position: Sats,
    /// Top-ups over this position's life.
    pub position_actions: u32,
    /// Sats over this day (UTC) and all positions of the account.
    pub day: Sats,
    /// The last top-up of this position, in market time.
    pub last_action_at: Option<Timestamp>,
}

impl Spent {
    /// The same after one more top-up.
    pub fn plus(self, amount: Sats, at: Timestamp) -> Spent {
        Spent {
            position: Sats::new(self.position.get().saturating_add(amount.get())),
            position_actions: self.position_actions.saturating_add(1),
            day: Sats::new(self.day.get().saturating_add(amount.get())),
            last_action_at: Some(at),
        }
    }
}

/// A limit that lets nothing useful pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub position: PositionId,
    pub limit: Limit,
    /// In sats, for [`Limit::MaxActions`] a count; for [`Limit::WalletReserve`] the free balance.
    pub used: i64,
    pub allowed: i64,
    pub wanted: Sats,
}

impl Refusal {
    pub const fn reason(&self, at_limit: AtLimit) -> Reason {
        let Refusal { limit, used, allowed, wanted, .. } = *self;
        Reason::LimitReached { limit, used, allowed, wanted, at_limit }
    }

    /// The position may be closed, for a limit was truly reached.
    pub const fn close(&self) -> Approved<ClosePosition> {
        Approved(ClosePosition { position: self.position, limit: self.limit })
    }
}

/// Reduces `wanted` (positive) to what every limit allows.
///
/// Refuses where nothing is left, and where the rest is dust that would not move the liquidation by one tick: an
/// action and its cooldown are not worth that.
pub fn check_add_margin(
    limits: &GuardLimits,
    position: &Position,
    wanted: Sats,
    free: Sats,
    spent: &Spent,
) -> Result<Approved<AddMargin>, Refusal> {
    let refusal = |room: &Room| Refusal {
        position: position.id,
        limit: room.limit,
        used: room.used,
        allowed: room.allowed,
        wanted,
    };
    if limits.max_actions <= spent.position_actions {
        let (used, allowed) = (spent.position_actions.into(), limits.max_actions.into());
        return Err(refusal(&Room { limit: Limit::MaxActions, used, allowed, left: 0 }));
    }
    let rooms = rooms(limits, position, free, spent);
    let tightest = rooms.iter().min_by_key(|room| room.left).filter(|room| room.left < wanted.get());
    let Some(room) = tightest else {
        return Ok(Approved(AddMargin { position: position.id, amount: wanted, wanted, capped_by: None }));
    };
    let amount = Sats::new(room.left);
    if is_dust(position, amount) {
        return Err(refusal(room));
    }
    Ok(Approved(AddMargin { position: position.id, amount, wanted, capped_by: Some(room.limit) }))
}

/// What one limit leaves, in sats.
struct Room {
    limit: Limit,
    used: i64,
    allowed: i64,
    left: i64,
}

/// Where two limits leave the same, the earlier is named.
fn rooms(limits: &GuardLimits, position: &Position, free: Sats, spent: &Spent) -> [Room; 5] {
    let room = |limit, used: Sats, allowed: Sats| {
        let left = allowed.get().saturating_sub(used.get()).max(0);
        Room { limit, used: used.get(), allowed: allowed.get(), left }
    };
    let whole = margin_for(position.quantity, position.entry, Leverage::MIN);
    [
        room(Limit::PerPosition, spent.position, limits.per_position),
        room(Limit::PerDay, spent.day, limits.per_day),
        Room {
            limit: Limit::WalletReserve,
            used: free.get(),
            allowed: limits.wallet_reserve.get(),
            left: free.get().saturating_sub(limits.wallet_reserve.get()).max(0),
        },
        Room {
            left: most_addable(position.quantity, position.entry, position.margin).get(),
            ..room(Limit::OneX, position.margin, whole)
        },
        room(Limit::PerAction, Sats::ZERO, limits.per_action),
    ]
}

fn is_dust(position: &Position, amount: Sats) -> bool {
    let Position { side, quantity, entry, margin, .. } = *position;
    let after = margin.get().saturating_add(amount.get());
    !amount.is_positive()
        || liquidation(side, quantity, entry, margin) == liquidation(side, quantity, entry, Sats::new(after))
}
