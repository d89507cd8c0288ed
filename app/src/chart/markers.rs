//! The guard's deeds, as they are drawn over the bars.

use crate::chart::bars::{seconds, start_of};
use crate::format;
use crate::i18n::Locale;
use domain::{LedgerEntry, Millis, PositionId, Reason, Sats, Side};
use serde::Serialize;

/// The top-ups of one bar.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Marker {
    /// The bar's start in seconds.
    pub time: f64,
    pub text: String,
    /// A short is saved at the top of a bar, a long at its foot.
    pub above: bool,
}

/// A marker for each bar with top-ups, oldest first.
pub fn markers(locale: Locale, decisions: &[LedgerEntry], length: Millis, sides: &[(PositionId, Side)]) -> Vec<Marker> {
    let mut markers: Vec<(f64, bool, Sats, u32)> = Vec::new();
    for entry in decisions.iter().rev() {
        let Reason::MarginAdded { amount, .. } = entry.reason else { continue };
        let time = seconds(start_of(entry.market_at, length));
        let above = sides.iter().any(|(id, side)| Some(*id) == entry.position && *side == Side::Short);
        let place = markers.partition_point(|known| (known.0, known.1) < (time, above));
        match markers.get_mut(place) {
            Some(known) if (known.0, known.1) == (time, above) => {
                known.2 = known.2.checked_add(amount).unwrap_or(Sats::MAX);
                known.3 += 1;
            }
            _ => markers.insert(place, (time, above, amount, 1)),
        }
    }
    markers
        .into_iter()
        .map(|(time, above, amount, count)| {
            let times = if count == 1 { String::new() } else { format!(" ({count}\u{d7})") };
            Marker { time, above, text: format!("{} sats{times}", format::signed_sats(locale, amount)) }
        })
        .collect()
}

/// The first letters of an id, as a reader tells positions apart.
pub fn short(id: PositionId) -> String {
    id.to_string().chars().take(4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::time_ordered;
    use domain::{AccountId, ActionId, Bps, LedgerOutcome, Price, Timestamp};

    fn position() -> PositionId {
        PositionId::from_uuid(time_ordered(Timestamp::EPOCH, [0; 10]))
    }

    fn save(seq: i64, market_ms: i64, sats: i64) -> LedgerEntry {
        let price: Price = "60000".parse().unwrap();
        LedgerEntry {
            seq,
            account: AccountId::from_uuid(position().uuid()),
            position: Some(position()),
            at: Timestamp::EPOCH,
            market_at: Timestamp::from_unix_ms(market_ms),
            price: Some(price),
            distance: None,
            outcome: LedgerOutcome::Acted,
            reason: Reason::MarginAdded {
                action: ActionId::from_uuid(position().uuid()),
                amount: Sats::new(sats),
                wanted: Sats::new(sats),
                capped_by: None,
                trigger: Bps::new(500),
                margin_before: Sats::ZERO,
                margin_after: Sats::new(sats),
                liquidation_before: price,
                liquidation_after: price,
                distance_after: Bps::new(1_000),
            },
        }
    }

    #[test]
    fn a_top_up_is_marked_at_its_bar_in_market_time() {
        let decisions = [save(2, 185_000, 1_500), save(1, 61_000, 52_000)];
        let markers = markers(Locale::en, &decisions, Millis::MINUTE, &[]);
        let shown: Vec<_> = markers.iter().map(|marker| (marker.time, marker.text.as_str())).collect();
        assert_eq!(shown, [(60.0, "+52,000 sats"), (180.0, "+1,500 sats")]);
    }

    #[test]
    fn top_ups_of_one_bar_share_a_marker() {
        let decisions = [save(2, 185_000, 1_500), save(1, 61_000, 52_000)];
        let markers = markers(Locale::pt_BR, &decisions, Millis::HOUR, &[(position(), Side::Short)]);
        assert_eq!(markers.len(), 1);
        assert_eq!((markers[0].time, markers[0].text.as_str()), (0.0, "+53.500 sats (2\u{d7})"));
        assert!(markers[0].above);
    }
}
