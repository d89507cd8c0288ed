//! The margin guard's rule: when to protect, how far to restore, and what it may spend.

use crate::{Bps, GuardId, Millis, PositionId, Sats, Side, Timestamp};
use serde::{Deserialize, Serialize};

/// A margin guard's rule. Every value that exists satisfies the bounds: it can only be made by [`GuardPolicy::new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "GuardPolicyDraft", into = "GuardPolicyDraft")]
pub struct GuardPolicy {
    scope: GuardScope,
    trigger: Bps,
    target: Bps,
    limits: GuardLimits,
    at_limit: AtLimit,
}

/// Which positions a guard protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardScope {
    /// Every position, new ones too.
    All,
    /// Every long, new ones too.
    Longs,
    /// Every short, new ones too.
    Shorts,
    /// One position alone.
    Position(PositionId),
}

impl GuardScope {
    pub fn covers(self, position: PositionId, side: Side) -> bool {
        match self {
            GuardScope::All => true,
            GuardScope::Longs => side == Side::Long,
            GuardScope::Shorts => side == Side::Short,
            GuardScope::Position(only) => only == position,
        }
    }
}

/// What a guard may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardLimits {
    /// Sats in one top-up.
    pub per_action: Sats,
    /// Sats over one position's life.
    pub per_position: Sats,
    /// Sats over one day (UTC) over all positions of the account.
    pub per_day: Sats,
    /// Sats that always stay in the wallet.
    pub wallet_reserve: Sats,
    /// The least time between two top-ups of one position.
    pub cooldown: Millis,
    /// Top-ups over one position's life.
    pub max_actions: u32,
}

/// What happens when a limit stops the guard while the position is still at risk.
///
/// The venue cannot close part of an isolated position, so reducing is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtLimit {
    /// Say so, loudly.
    AlertOnly,
    /// Close the position at market.
    Close,
    /// Record it in the activity list and no more.
    Nothing,
}

/// Whether a guard acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardState {
    Off,
    /// Decides on live prices, sends nothing.
    Shadow,
    Live,
}

impl GuardState {
    pub const fn as_str(self) -> &'static str {
        match self {
            GuardState::Off => "off",
            GuardState::Shadow => "shadow",
            GuardState::Live => "live",
        }
    }
}

/// A guard as it is stored: its rule, its state, and which version of itself it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    pub id: GuardId,
    /// Counts up from 1 with every saved change.
    pub version: u32,
    pub state: GuardState,
    pub policy: GuardPolicy,
    pub saved_at: Timestamp,
}

/// A rule as it was typed or read, before its bounds are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardPolicyDraft {
    pub scope: GuardScope,
    pub trigger: Bps,
    pub target: Bps,
    pub limits: GuardLimits,
    pub at_limit: AtLimit,
}

/// Why a rule is impossible; each says what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum GuardPolicyError {
    #[error("the trigger must be from {}% to {}%", GuardPolicy::MIN_TRIGGER, GuardPolicy::MAX_TRIGGER)]
    Trigger,
    #[error("the target must be at most {}%", GuardPolicy::MAX_TARGET)]
    Target,
    #[error("the target must be at least {}% above the trigger", GuardPolicy::MIN_GAP)]
    Gap,
    #[error("the limit per action must be from 1 sat to {} sats", GuardPolicy::MAX_SATS)]
    PerAction,
    #[error("the limit per position must be from the limit per action to {} sats", GuardPolicy::MAX_SATS)]
    PerPosition,
    #[error("the limit per day must be from the limit per action to {} sats", GuardPolicy::MAX_SATS)]
    PerDay,
    #[error("the wallet reserve must be from 0 to {} sats", GuardPolicy::MAX_SATS)]
    WalletReserve,
    #[error("the cooldown must be from 0 seconds to 24 hours")]
    Cooldown,
    #[error("the number of actions must be from 1 to {}", GuardPolicy::MAX_ACTIONS)]
    MaxActions,
}

impl GuardPolicy {
    pub const MIN_TRIGGER: Bps = Bps::new(10);
    pub const MAX_TRIGGER: Bps = Bps::new(5_000);
    pub const MAX_TARGET: Bps = Bps::new(9_000);
    /// The hysteresis: how far above the trigger a top-up must lift a position, so that a price which swings around
    /// the trigger does not set it off again and again.
    pub const MIN_GAP: Bps = Bps::new(50);
    /// Ten bitcoin.
    pub const MAX_SATS: Sats = Sats::new(1_000_000_000);
    pub const MAX_ACTIONS: u32 = 1_000;

    pub fn new(draft: GuardPolicyDraft) -> Result<GuardPolicy, GuardPolicyError> {
        let GuardPolicyDraft { scope, trigger, target, limits, at_limit } = draft;
        let check = |holds: bool, error| if holds { Ok(()) } else { Err(error) };
        let sats = |from: Sats, value: Sats| from <= value && value <= GuardPolicy::MAX_SATS;
        let one = Sats::new(1);
        check(GuardPolicy::MIN_TRIGGER <= trigger && trigger <= GuardPolicy::MAX_TRIGGER, GuardPolicyError::Trigger)?;
        check(target <= GuardPolicy::MAX_TARGET, GuardPolicyError::Target)?;
        let least_target = Bps::new(trigger.get().saturating_add(GuardPolicy::MIN_GAP.get()));
        check(least_target <= target, GuardPolicyError::Gap)?;
        check(sats(one, limits.per_action), GuardPolicyError::PerAction)?;
        check(sats(limits.per_action, limits.per_position), GuardPolicyError::PerPosition)?;
        check(sats(limits.per_action, limits.per_day), GuardPolicyError::PerDay)?;
        check(sats(Sats::ZERO, limits.wallet_reserve), GuardPolicyError::WalletReserve)?;
        check(Millis::ZERO <= limits.cooldown && limits.cooldown <= Millis::DAY, GuardPolicyError::Cooldown)?;
        let actions = 1 <= limits.max_actions && limits.max_actions <= GuardPolicy::MAX_ACTIONS;
        check(actions, GuardPolicyError::MaxActions)?;
        Ok(GuardPolicy { scope, trigger, target, limits, at_limit })
    }

    pub const fn scope(&self) -> GuardScope {
        self.scope
    }

    /// The distance to liquidation at or below which the guard protects.
    pub const fn trigger(&self) -> Bps {
        self.trigger
    }

    /// The distance to liquidation that a top-up restores.
    pub const fn target(&self) -> Bps {
        self.target
    }

    pub const fn limits(&self) -> &GuardLimits {
        &self.limits
    }

    pub const fn at_limit(&self) -> AtLimit {
        self.at_limit
    }
}

impl TryFrom<GuardPolicyDraft> for GuardPolicy {
    type Error = GuardPolicyError;

    fn try_from(draft: GuardPolicyDraft) -> Result<GuardPolicy, GuardPolicyError> {
        GuardPolicy::new(draft)
    }
}

impl From<GuardPolicy> for GuardPolicyDraft {
    fn from(policy: GuardPolicy) -> GuardPolicyDraft {
        let GuardPolicy { scope, trigger, target, limits, at_limit } = policy;
        GuardPolicyDraft { scope, trigger, target, limits, at_limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> GuardPolicyDraft {
        GuardPolicyDraft {
            scope: GuardScope::All,
            trigger: Bps::new(500),
            target: Bps::new(1_000),
            limits: GuardLimits {
                per_action: Sats::new(50_000),
                per_position: Sats::new(200_000),
                per_day: Sats::new(500_000),
                wallet_reserve: Sats::new(10_000),
                cooldown: Millis::from_secs(60),
                max_actions: 10,
            },
            at_limit: AtLimit::AlertOnly,
        }
    }

    fn check(change: impl FnOnce(&mut GuardPolicyDraft), expected: GuardPolicyError) {
        let mut changed = draft();
        change(&mut changed);
        assert_eq!(GuardPolicy::new(changed), Err(expected));
    }

    #[test]
    fn f31_an_impossible_policy_is_refused_with_what_to_change() {
        assert!(GuardPolicy::new(draft()).is_ok());
        check(|draft| draft.trigger = Bps::new(0), GuardPolicyError::Trigger);
        check(|draft| draft.trigger = Bps::new(-500), GuardPolicyError::Trigger);
        check(|draft| draft.trigger = Bps::new(10_000), GuardPolicyError::Trigger);
        check(|draft| draft.target = Bps::new(i64::MAX), GuardPolicyError::Target);
        check(|draft| draft.target = Bps::new(400), GuardPolicyError::Gap);
        check(|draft| draft.target = Bps::new(549), GuardPolicyError::Gap);
        check(|draft| draft.limits.per_action = Sats::ZERO, GuardPolicyError::PerAction);
        check(|draft| draft.limits.per_action = Sats::new(-1), GuardPolicyError::PerAction);
        check(|draft| draft.limits.per_position = Sats::new(49_999), GuardPolicyError::PerPosition);
        check(|draft| draft.limits.per_day = Sats::new(1_000_000_001), GuardPolicyError::PerDay);
        check(|draft| draft.limits.wallet_reserve = Sats::new(-1), GuardPolicyError::WalletReserve);
        check(|draft| draft.limits.cooldown = Millis::new(-1), GuardPolicyError::Cooldown);
        check(|draft| draft.limits.max_actions = 0, GuardPolicyError::MaxActions);
        check(|draft| draft.limits.max_actions = u32::MAX, GuardPolicyError::MaxActions);
    }

    #[test]
    fn a_stored_policy_is_checked_again_when_it_is_read() {
        let policy = GuardPolicy::new(draft()).unwrap();
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<GuardPolicy>(&text).unwrap(), policy);
        let broken = text.replace("\"trigger\":500", "\"trigger\":5000000");
        assert!(serde_json::from_str::<GuardPolicy>(&broken).is_err());
    }
}
