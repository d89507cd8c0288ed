//! Which guarded positions does this price call? Answers without looking at the others.

use domain::{Price, Side};
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

/// Trigger prices of many positions, sorted: a look costs one comparison per side where nothing is hit, and
/// `O(log n + hits)` where something is.
#[derive(Clone, Debug)]
pub struct TriggerIndex<K> {
    entries: HashMap<K, (Side, Price)>,
    longs: BTreeSet<(Price, K)>,
    shorts: BTreeSet<(Price, K)>,
    /// The first trigger that a falling price reaches.
    highest_long: Option<Price>,
    /// The first trigger that a rising price reaches.
    lowest_short: Option<Price>,
}

impl<K> Default for TriggerIndex<K> {
    fn default() -> TriggerIndex<K> {
        TriggerIndex {
            entries: HashMap::new(),
            longs: BTreeSet::new(),
            shorts: BTreeSet::new(),
            highest_long: None,
            lowest_short: None,
        }
    }
}

impl<K: Copy + Ord + Hash> TriggerIndex<K> {
    pub fn new() -> TriggerIndex<K> {
        TriggerIndex::default()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Puts a key at its trigger, or moves it there: see [`crate::contract::trigger_price`].
    pub fn insert(&mut self, key: K, side: Side, trigger: Price) {
        let before = self.entries.insert(key, (side, trigger));
        if before == Some((side, trigger)) {
            return;
        }
        if let Some((side, trigger)) = before {
            self.take(key, side, trigger);
        }
        match side {
            Side::Long => {
                self.longs.insert((trigger, key));
                self.highest_long = self.highest_long.max(Some(trigger));
            }
            Side::Short => {
                self.shorts.insert((trigger, key));
                self.lowest_short = Some(self.lowest_short.map_or(trigger, |lowest| lowest.min(trigger)));
            }
        }
    }

    /// Whether the key was there.
    pub fn remove(&mut self, key: &K) -> bool {
        let Some((side, trigger)) = self.entries.remove(key) else { return false };
        self.take(*key, side, trigger);
        true
    }

    /// The longs whose trigger is at or above `long_mark`, and the shorts whose trigger is at or below `short_mark`:
    /// the marks of [`domain::Tick::mark`].
    pub fn hits(&self, long_mark: Price, short_mark: Price) -> impl Iterator<Item = K> {
        let longs = self.highest_long.filter(|&highest| long_mark <= highest).map(|_| {
            let from_the_top = self.longs.iter().rev();
            from_the_top.take_while(move |&&(trigger, _)| long_mark <= trigger)
        });
        let shorts = self
            .lowest_short
            .filter(|&lowest| lowest <= short_mark)
            .map(|_| self.shorts.iter().take_while(move |&&(trigger, _)| trigger <= short_mark));
        longs.into_iter().flatten().chain(shorts.into_iter().flatten()).map(|&(_, key)| key)
    }

    fn take(&mut self, key: K, side: Side, trigger: Price) {
        match side {
            Side::Long => {
                self.longs.remove(&(trigger, key));
                self.highest_long = self.longs.last().map(|&(trigger, _)| trigger);
            }
            Side::Short => {
                self.shorts.remove(&(trigger, key));
                self.lowest_short = self.shorts.first().map(|&(trigger, _)| trigger);
            }
        }
    }
}
