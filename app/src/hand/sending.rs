//! Sends what was confirmed, once, and follows it until its fate is known.

use super::Hand;
use crate::api::OrderFault;
use domain::action::Change;
use domain::{ActionId, OrderFate, PositionId};
use leptos::prelude::*;

/// One thing that was confirmed.
#[derive(Clone)]
pub struct Wish {
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser sends"))]
    key: ActionId,
    pub position: Option<PositionId>,
    pub change: Change,
    /// It outlives the form that asked for it.
    pub fate: ArcRwSignal<Fate>,
}

/// How much is known of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    Sending,
    Known(OrderFate),
    /// The program was not reached, or its answer was lost on the way: it is asked what became of it.
    Unsure,
    Fault(OrderFault),
}

impl Hand {
    /// Sends what was confirmed. A second click finds it sent.
    pub fn confirm(self, changes: Vec<(Option<PositionId>, Change)>) {
        if !self.wishes.with_untracked(Vec::is_empty) {
            return;
        }
        let wish = |(number, (position, change)): (u8, (Option<PositionId>, Change))| Wish {
            key: self.key(number),
            position,
            change,
            fate: ArcRwSignal::new(Fate::Sending),
        };
        let wishes: Vec<Wish> = (0_u8..).zip(changes).map(wish).collect();
        self.wishes.set(wishes.clone());
        self.send_all(wishes);
    }

    pub fn is_sent(self) -> bool {
        self.wishes.with(|wishes| !wishes.is_empty())
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Fate, Hand, Wish};
    use crate::api::{OrderFault, carry_out, find_fate};
    use domain::OrderFate;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use std::time::Duration;

    /// How often the fate of what is unknown is asked for.
    const PACE: Duration = Duration::from_secs(2);
    /// What the program has not written down after so many times will never be sent: it would come too late.
    const TRIES: u32 = 10;

    impl Hand {
        /// One after the other where they are about one position, which has one open action at a time.
        pub(super) fn send_all(self, wishes: Vec<Wish>) {
            spawn_local(async move {
                for wish in wishes {
                    self.send(wish).await;
                }
                self.close_if_done();
            });
        }

        async fn send(self, wish: Wish) {
            let (key, position, change, fate) = (wish.key, wish.position, wish.change, wish.fate.clone());
            match carry_out(self.live.account, key, position, change).await {
                Ok(OrderFate::Unknown) => self.follow(wish, Fate::Known(OrderFate::Unknown), 0),
                Ok(known) => fate.set(Fate::Known(known)),
                Err(OrderFault::Unreachable | OrderFault::Unavailable) => self.follow(wish, Fate::Unsure, 0),
                Err(fault) => fate.set(Fate::Fault(fault)),
            }
        }

        /// Asks what became of it, and never sends it again.
        fn follow(self, wish: Wish, now: Fate, tries: u32) {
            wish.fate.set(now);
            set_timeout(
                move || {
                    spawn_local(async move {
                        match find_fate(self.live.account, wish.key).await {
                            Ok(Some(OrderFate::Unknown)) => self.follow(wish, Fate::Known(OrderFate::Unknown), 0),
                            Ok(Some(known)) => {
                                wish.fate.set(Fate::Known(known));
                                self.close_if_done();
                            }
                            Ok(None) if TRIES <= tries => wish.fate.set(Fate::Known(OrderFate::DidNotHappen)),
                            Ok(None) => self.follow(wish, Fate::Unsure, tries + 1),
                            Err(_) => self.follow(wish, Fate::Unsure, tries),
                        }
                    });
                },
                PACE,
            );
        }

        /// Once all of it is done there is nothing left to read.
        fn close_if_done(self) {
            let is_done = |wish: &Wish| wish.fate.get_untracked() == Fate::Known(OrderFate::Done);
            let all_done = self.wishes.try_with_untracked(|wishes| !wishes.is_empty() && wishes.iter().all(is_done));
            if all_done == Some(true) && self.asked.try_with_untracked(Option::is_some) == Some(true) {
                self.leave();
            }
        }
    }
}

#[cfg(not(feature = "hydrate"))]
impl Hand {
    /// Only a browser sends.
    fn send_all(self, _: Vec<Wish>) {}
}
