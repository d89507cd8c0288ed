//! Who waits for a replay. A slider asks faster than a year is replayed, and others wait behind it.

use domain::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Replays of one person that run or wait.
const MOST_OF_ONE: usize = 3;

/// How many replays of each person run or wait.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<HashMap<UserId, usize>>>);

/// A place in the queue, given back when its replay is over or nobody waits for it any more.
pub struct Place(Queue, UserId);

impl Queue {
    /// `None` where this person has all places that one may have.
    pub fn take_place(&self, user: UserId) -> Option<Place> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = waiting.entry(user).or_default();
        if MOST_OF_ONE <= *taken {
            return None;
        }
        *taken += 1;
        Some(Place(self.clone(), user))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Place(Queue(waiting), user) = self;
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = waiting.get_mut(user) {
            *taken -= 1;
            if *taken == 0 {
                waiting.remove(user);
            }
        }
    }
}
