//! What a first guard and a first practice position are, measured by the wallet and the price.

use domain::guard_policy::GuardPolicyDraft;
use domain::{AtLimit, Bps, GuardLimits, GuardScope, Leverage, Millis, Price, Quantity, Sats, Side};

/// Far enough from liquidation that the first guard has nothing to do at once.
const LEVERAGE: i64 = 10 * Leverage::ONE_X;
/// The most that a guard's limit may be, in sats.
const MOST: i64 = 1_000_000_000;

/// A guard that spends at most half of the wallet and leaves a tenth of it alone.
pub fn first_guard(wallet: Sats) -> GuardPolicyDraft {
    let share = |percent: i64| Sats::new((wallet.get().max(0) / 100).saturating_mul(percent).clamp(1, MOST));
    GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits: GuardLimits {
            per_action: share(15),
            per_position: share(50),
            per_day: share(50),
            wallet_reserve: share(10),
            cooldown: Millis::MINUTE,
            max_actions: 20,
        },
        at_limit: AtLimit::AlertOnly,
    }
}

/// A long of a fiftieth of a bitcoin, whatever the price.
pub fn first_position(price: Price) -> (Side, Quantity, Leverage) {
    let quantity = Quantity::new(price.ticks() / 100).unwrap_or(Quantity::MIN);
    (Side::Long, quantity, Leverage::measured(LEVERAGE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::GuardPolicy;
    use engine::contract;

    #[test]
    fn the_first_guard_is_valid_for_every_wallet() {
        for sats in [0, 1, 99, 10_000_000, 2_100_000_000_000_000, -5] {
            assert!(GuardPolicy::new(first_guard(Sats::new(sats))).is_ok(), "{sats}");
        }
    }

    #[test]
    fn the_first_position_stands_farther_from_liquidation_than_the_guard_triggers() {
        let price: Price = "100000".parse().unwrap();
        let (side, quantity, leverage) = first_position(price);
        let liquidation = contract::liquidation_at_leverage(side, quantity, price, leverage);
        let distance = contract::distance(side, price, liquidation);
        assert!(first_guard(Sats::new(1_000_000)).trigger < distance, "{distance:?}");
        assert!(contract::margin_for(quantity, price, leverage).get() < 250_000);
    }
}
