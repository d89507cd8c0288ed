//! The trigger index finds what a look at every position would find.

#![cfg(test)]

use domain::{Price, Side};
use engine::trigger_index::TriggerIndex;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Step {
    Insert(u8, Side, Price),
    Remove(u8),
    Look(Price, Price),
}

fn price() -> impl Strategy<Value = Price> {
    (1..=40i64).prop_map(|ticks| Price::from_ticks(ticks).unwrap())
}

fn step() -> impl Strategy<Value = Step> {
    let side = prop_oneof![Just(Side::Long), Just(Side::Short)];
    prop_oneof![
        (0..30u8, side, price()).prop_map(|(key, side, price)| Step::Insert(key, side, price)),
        (0..30u8).prop_map(Step::Remove),
        (price(), price()).prop_map(|(bid, ask)| Step::Look(bid, ask)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn finds_exactly_what_a_scan_finds(steps in prop::collection::vec(step(), 1..200)) {
        let mut index = TriggerIndex::new();
        let mut naive: BTreeMap<u8, (Side, Price)> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Insert(key, side, price) => {
                    index.insert(key, side, price);
                    naive.insert(key, (side, price));
                }
                Step::Remove(key) => prop_assert_eq!(index.remove(&key), naive.remove(&key).is_some()),
                Step::Look(bid, ask) => {
                    let mut found: Vec<u8> = index.hits(bid, ask).collect();
                    found.sort_unstable();
                    prop_assert_eq!(found, scan(&naive, bid, ask));
                }
            }
            prop_assert_eq!(index.len(), naive.len());
        }
    }
}

fn scan(naive: &BTreeMap<u8, (Side, Price)>, bid: Price, ask: Price) -> Vec<u8> {
    let hit = |&(_, (side, trigger)): &(&u8, &(Side, Price))| match side {
        Side::Long => bid <= *trigger,
        Side::Short => *trigger <= ask,
    };
    naive.iter().filter(hit).map(|(key, _)| *key).collect()
}

#[test]
fn the_most_endangered_long_comes_first() {
    let mut index = TriggerIndex::new();
    for (key, ticks) in [(1, 100), (2, 300), (3, 200)] {
        index.insert(key, Side::Long, Price::from_ticks(ticks).unwrap());
    }
    let mark = Price::from_ticks(150).unwrap();
    assert_eq!(index.hits(mark, mark).collect::<Vec<_>>(), [2, 3]);
}
