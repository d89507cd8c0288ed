//! The account as its owner's dashboard shows it, made from what was last read and the newest price.

use crate::account_desk::{AccountDesk, AccountView};
use crate::market_price::ReceivedTick;
use domain::guard_policy::Guard;
use domain::live::{AccountSnapshot, Alarm, ClosestLiquidation, GuardEffect, GuardSnapshot, PositionSnapshot};
use domain::{GuardState, Overflow, Position, Sats, Timestamp};
use engine::contract;

pub(crate) fn snapshot(desk: &AccountDesk, now: Timestamp) -> Result<AccountSnapshot, Overflow> {
    let view = desk.view();
    let price = desk.price();
    let positions: Vec<_> = view.positions.iter().map(|position| of_position(position, &view, price)).collect();
    let unrealised_pnl = Sats::checked_sum(positions.iter().map(|shown| shown.position.pnl))?;
    let margin_used = Sats::checked_sum(view.positions.iter().map(|position| position.margin))?;
    Ok(AccountSnapshot {
        account: desk.account.summary(),
        wallet: view.wallet,
        equity: view.wallet.map(|wallet| equity(wallet, &positions, &view.orders)).transpose()?,
        margin_used,
        unrealised_pnl,
        closest: closest(&positions),
        guard: view.guard.map(|guard| GuardSnapshot {
            guard,
            effect: effect(&guard, &view, price, now),
            added_today: view.added_today,
        }),
        funding: view.funding,
        read_age: view.read_at.map(|at| now.since(at)),
        check_age: view.checked_at.map(|at| now.since(at)),
        alarm: alarm(&view, price, now),
        brakes: view.brakes,
        orders: view.orders,
        made_at: now,
        positions,
    })
}

fn of_position(position: &Position, view: &AccountView, price: Option<ReceivedTick>) -> PositionSnapshot {
    let mark = price.map(|price| price.tick.mark(position.side));
    let spent = view.spending.iter().find(|spent| spent.position == position.id);
    let guard = view.guard.filter(|guard| guards(guard, position));
    PositionSnapshot {
        position: Position {
            pnl: mark
                .map_or(position.pnl, |mark| contract::pnl(position.side, position.quantity, position.entry, mark)),
            ..*position
        },
        mark,
        distance: mark.map(|mark| contract::distance(position.side, mark, position.liquidation)),
        guard_trigger: guard
            .map(|guard| contract::trigger_price(position.side, position.liquidation, guard.policy.trigger())),
        added: spent.map_or(Sats::ZERO, |spent| spent.added),
        actions: spent.map_or(0, |spent| spent.actions),
    }
}

/// Whether the guard is armed, live or shadow, for this position.
pub(crate) fn guards(guard: &Guard, position: &Position) -> bool {
    guard.state != GuardState::Off && guard.policy.scope().covers(position.id, position.side)
}

/// Wallet, margins, what is left of the fee reserves, and unrealised P&L; what orders set aside is still the trader's.
fn equity(wallet: Sats, positions: &[PositionSnapshot], orders: &[Position]) -> Result<Sats, Overflow> {
    let set_aside = orders.iter().map(|order| Position { pnl: Sats::ZERO, ..*order });
    positions.iter().map(|shown| shown.position).chain(set_aside).try_fold(wallet, |sum, position| {
        sum.checked_add(position.margin)?.checked_add(position.fee_reserve)?.checked_add(position.pnl)
    })
}

fn closest(positions: &[PositionSnapshot]) -> Option<ClosestLiquidation> {
    positions
        .iter()
        .filter_map(|shown| Some((shown.distance?, shown.position)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(distance, position)| ClosestLiquidation {
            position: position.id,
            distance,
            liquidation: position.liquidation,
        })
}

fn effect(guard: &Guard, view: &AccountView, price: Option<ReceivedTick>, now: Timestamp) -> GuardEffect {
    if let Some(fault) = view.key_fault.filter(|_| guard.state != GuardState::Off) {
        return GuardEffect::IneffectiveKey(fault);
    }
    let reserve = guard.policy.limits().wallet_reserve;
    match (guard.state, price, view.wallet) {
        (GuardState::Off, ..) => GuardEffect::Off,
        (_, None, _) => GuardEffect::IneffectiveNoPrice,
        (_, Some(price), _) if price.is_stale(now) => GuardEffect::IneffectiveNoPrice,
        (_, _, None) => GuardEffect::IneffectiveNoAccount,
        _ if view.alarm == Some(Alarm::ExchangeUnreadable) => GuardEffect::IneffectiveNoAccount,
        (_, _, Some(free)) if free <= reserve => GuardEffect::IneffectiveNoFunds,
        _ if view.capped => GuardEffect::Capped,
        (GuardState::Shadow, ..) => GuardEffect::Shadowing,
        (GuardState::Live, ..) => GuardEffect::Watching,
    }
}

fn alarm(view: &AccountView, price: Option<ReceivedTick>, now: Timestamp) -> Option<Alarm> {
    let stale = price.is_some_and(|price| price.is_stale(now));
    view.alarm.or(stale.then_some(Alarm::PriceStale))
}
