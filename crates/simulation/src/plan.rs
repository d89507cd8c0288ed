//! What a seed stands for: the rule, the positions and the temper of its market.

use domain::guard_policy::{GuardPolicyDraft, GuardPolicyError};
use domain::position::NewPosition;
use domain::{AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, Leverage, Millis, Quantity, Sats, Side, Timestamp};
use paper::Chance;

/// Each story has days of its own, so that sums over a day or an hour are its own, too.
const DAYS_APART: i64 = 2;
/// In some stories the wallet holds only so much more than is reserved: in sats, before positions are opened.
const TIGHT: i64 = 700_000;
/// 1 January 2020.
const FIRST_DAY: i64 = 1_577_836_800_000;

pub struct Plan {
    pub policy: GuardPolicy,
    pub orders: Vec<NewPosition>,
    pub wallet: Sats,
    /// Not long before a funding settlement.
    pub start: Timestamp,
    /// Ticks of half a second.
    pub ticks: u32,
    /// How far the price strays in one tick, in basis points.
    pub unrest: i64,
    /// Where it drifts to, in hundredths of a basis point a tick.
    pub drift: i64,
}

impl Plan {
    pub fn of(seed: u64, chance: &mut Chance) -> Result<Plan, GuardPolicyError> {
        let day = i64::try_from(seed % 30_000).unwrap_or(0).saturating_mul(DAYS_APART);
        let funding = FIRST_DAY.saturating_add(day.saturating_mul(Millis::DAY.get())).saturating_add(8 * 3_600_000);
        let orders = (0..chance.between(1, 3)).filter_map(|_| order(chance)).collect();
        let mut rule = rule(chance);
        let wallet = Sats::new(chance.between(2_000_000, 8_000_000));
        if seed % 7 == 3 {
            rule.limits.wallet_reserve = Sats::new(wallet.get().saturating_sub(TIGHT));
        }
        Ok(Plan {
            policy: GuardPolicy::new(rule)?,
            orders,
            wallet,
            start: Timestamp::from_unix_ms(funding.saturating_sub(chance.between(5_000, 200_000))),
            ticks: u32::try_from(chance.between(160, 360)).unwrap_or(160),
            unrest: chance.between(3, 40),
            drift: chance.between(-900, 900),
        })
    }
}

fn order(chance: &mut Chance) -> Option<NewPosition> {
    let side = if chance.below(2) == 0 { Side::Long } else { Side::Short };
    let leverage = Leverage::for_order(chance.between(3, 25).saturating_mul(Leverage::ONE_X)).ok()?;
    let quantity = Quantity::new(chance.between(100, 3_000)).ok()?;
    Some(NewPosition { side, quantity, leverage, stop_loss: None, take_profit: None })
}

fn rule(chance: &mut Chance) -> GuardPolicyDraft {
    let trigger = chance.between(200, 1_200);
    let at_limit = [AtLimit::AlertOnly, AtLimit::Close, AtLimit::Nothing];
    let at_limit = at_limit.get(usize::try_from(chance.below(3)).unwrap_or(0)).copied().unwrap_or(AtLimit::AlertOnly);
    let per_action = chance.between(5_000, 400_000);
    GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(trigger),
        target: Bps::new(trigger.saturating_add(chance.between(60, 1_500))),
        limits: GuardLimits {
            per_action: Sats::new(per_action),
            per_position: Sats::new(per_action.saturating_mul(chance.between(1, 6))),
            per_day: Sats::new(per_action.saturating_mul(chance.between(2, 8))),
            wallet_reserve: Sats::new(chance.between(0, 500_000)),
            cooldown: Millis::from_secs(chance.between(0, 30)),
            max_actions: u32::try_from(chance.between(1, 12)).unwrap_or(1),
        },
        at_limit,
    }
}
