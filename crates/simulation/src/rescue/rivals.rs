//! Who the guard is measured by: one that looks every twenty seconds, and one that knows what comes.

use super::crash::TICK_MS;
use super::field::Field;
use super::line::{Fate, Line};
use domain::{GuardPolicy, Position, PositionId, Price, Sats};
use engine::contract;
use engine::guard::{GuardInput, Verdict, evaluate};
use engine::risk::Spent;
use exchange::{Exchange, Priority};
use service::Clock;

const POLL: i64 = 20_000;

/// Reads all positions every twenty seconds and tops up one after the other, as it finds them in the list.
pub async fn poll(field: &Field, line: &Line, policy: &GuardPolicy) {
    let polling = async {
        loop {
            let began = field.clock.now();
            if let Ok(positions) = line.fetch_running(Priority::GuardRead).await {
                for position in positions {
                    if let Some(amount) = wanted(field, policy, &position) {
                        // What becomes of it is seen at the next poll.
                        drop(line.add_margin(position.id, amount).await);
                    }
                }
            }
            let rest = POLL.saturating_sub(field.clock.now().since(began).get());
            line.wait(rest.max(TICK_MS)).await;
        }
    };
    line.timeline.play::<()>(field, None, polling).await;
}

fn wanted(field: &Field, policy: &GuardPolicy, position: &Position) -> Option<Sats> {
    let (mark, now, free) = (field.tick()?.mark(position.side), field.clock.now(), Sats::new(i64::MAX));
    match evaluate(&GuardInput { policy, position, mark, free, spent: Spent::default(), now }) {
        Verdict::AddMargin(approved) => Some(approved.get().amount),
        Verdict::Hold(_) | Verdict::Close(_) | Verdict::Refused(_) => None,
    }
}

/// What fails for one who knows the way of the price.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Luck {
    Nothing,
    /// As many requests as for everybody; but each time it is known at once.
    AsForAll,
}

/// Knows the way of the price, and tops up whoever would be liquidated next; by the same rule to the same target, and as
/// often as requests are let go.
pub async fn foresee(field: &Field, line: &Line, policy: &GuardPolicy, luck: Luck) {
    let foreseeing = async {
        loop {
            line.wait_for_room().await;
            let Some((position, amount)) = next_to_die(field, policy) else {
                line.wait(TICK_MS).await;
                continue;
            };
            let arrives = match luck {
                Luck::Nothing => {
                    line.take_turn().await;
                    true
                }
                Luck::AsForAll => matches!(line.send().await, Fate::Arrives | Fate::Silent),
            };
            if arrives {
                drop(line.inner.add_margin(position, amount).await);
            }
        }
    };
    line.timeline.play::<()>(field, None, foreseeing).await;
}

fn next_to_die(field: &Field, policy: &GuardPolicy) -> Option<(PositionId, Sats)> {
    let ahead = field.lows_ahead();
    let running = field.venue.lock().running(field.account);
    let next = running.iter().filter_map(|trade| {
        let position = &trade.position;
        let end = first_at_or_below(&ahead, position.liquidation)?;
        Some((end, position.id, missing(field, policy, position)?))
    });
    next.min().map(|(_, position, amount)| (position, amount))
}

/// What the target asks for now, whether the trigger was reached or not.
fn missing(field: &Field, policy: &GuardPolicy, position: &Position) -> Option<Sats> {
    let Position { side, quantity, entry, margin, .. } = *position;
    let target = contract::liquidation_at_distance(side, field.tick()?.mark(side), policy.target());
    let enough = contract::margin_for_liquidation(side, quantity, entry, target);
    Some(Sats::new(enough.get().saturating_sub(margin.get()))).filter(|missing| missing.is_positive())
}

fn first_at_or_below(lows: &[Price], liquidation: Price) -> Option<usize> {
    let first = lows.partition_point(|low| liquidation < *low);
    (first < lows.len()).then_some(first)
}
