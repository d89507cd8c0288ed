//! Whether the account's key lets the guard act; where it does not, the exchange is left alone and a person is told.

mod watch;

pub(super) use watch::KeyWatch;

use super::{MarginGuard, Trouble};
use crate::chronicle::Scene;
use domain::live::Alarm;
use domain::{KeyFault, LedgerOutcome, Millis, Reason, Timestamp};
use exchange::{ReadError, Rejection};
use std::sync::Arc;
use tokio::task::JoinHandle;

/// While the exchange is left alone, the lease is held and the page is kept alive all the same.
const RESTING_PACE: Millis = Millis::from_secs(5);

impl MarginGuard {
    /// Looks after what is known of the key, without waiting for it where anything else can be done; answers how long
    /// the exchange is left alone.
    pub(super) async fn heed_key(&mut self) -> Result<Option<Millis>, Trouble> {
        let now = self.clock.now();
        if self.key.rests(now) {
            // That the key is refused is the answer to every price that calls meanwhile.
            self.repeat_objection().await?;
            return Ok(Some(RESTING_PACE));
        }
        if self.key.asking.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(asking) = self.key.asking.take()
            && let Ok(Ok(standing)) = asking.await
        {
            self.key.learn(standing);
        }
        self.key.let_act(now);
        if self.key.is_check_due(now) && self.key.asking.is_none() {
            self.start_asking(now);
        }
        self.say_key().await?;
        Ok(None)
    }

    /// The guard goes on meanwhile, and is called when there is an answer.
    fn start_asking(&mut self, now: Timestamp) {
        self.key.asked_at = Some(now);
        let desk = Arc::clone(&self.desk);
        self.key.asking = Some(tokio::spawn(async move {
            let standing = desk.exchange.fetch_standing().await;
            if let Err(error) = &standing {
                tracing::warn!(account = %desk.account.id, %error, "the key cannot be asked about");
            }
            desk.wake.notify_one();
            standing
        }));
    }

    /// The account was read: whatever kept the key from it is over.
    pub(super) async fn note_read(&mut self) -> Result<(), Trouble> {
        self.key.let_read(self.clock.now());
        self.say_key().await
    }

    /// A read was refused: nothing more is asked with this key for a while. `None` where the key is not the reason.
    pub(super) async fn refuse_reading(&mut self, error: &ReadError) -> Result<Option<Millis>, Trouble> {
        let now = self.clock.now();
        match error {
            ReadError::Unauthorized(words) => self.key.refuse_reading(now, KeyFault::Refused, words),
            ReadError::PlaceRefused(words) => self.key.refuse_reading(now, KeyFault::PlaceRefused, words),
            ReadError::Forbidden(words) => {
                self.key.refuse_reading(now, KeyFault::Lacks, words);
                if let Ok(standing) = self.desk.exchange.fetch_standing().await {
                    self.key.learn(standing);
                }
            }
            ReadError::Unavailable(_) | ReadError::RateLimited { .. } | ReadError::Malformed(_) => return Ok(None),
        }
        self.say_key().await?;
        Ok(Some(RESTING_PACE))
    }

    /// A call that changes something was refused because of the key: no other goes out for a while, and the exchange is
    /// asked why.
    pub(super) async fn refuse_acting(&mut self, rejection: &Rejection) -> Result<(), Trouble> {
        let fault = match rejection.status {
            401 => KeyFault::Refused,
            403 => KeyFault::Lacks,
            451 => KeyFault::PlaceRefused,
            _ => return Ok(()),
        };
        let now = self.clock.now();
        self.key.refuse_acting(now, fault, &rejection.message);
        self.start_asking(now);
        self.say_key().await
    }

    async fn repeat_objection(&mut self) -> Result<(), Trouble> {
        let Some(reason) = self.key.objection() else { return Ok(()) };
        let alarm = self.key.fault().map(Alarm::KeyUnfit);
        self.desk.change_view(|view| view.alarm = alarm);
        let scene = Scene { market_at: self.last_market_time(), price: None, distance: None };
        Ok(self.chronicle.say_once(scene, None, LedgerOutcome::Alarmed, reason).await?)
    }

    /// Tells a person, once, that the guard has lost its effect, or has it again.
    async fn say_key(&mut self) -> Result<(), Trouble> {
        let fault = self.key.fault();
        if fault == self.key.told {
            return Ok(());
        }
        self.desk.change_view(|view| {
            view.key_fault = fault;
            view.alarm = fault.map(Alarm::KeyUnfit);
        });
        let scene = Scene { market_at: self.last_market_time(), price: None, distance: None };
        let (outcome, reason) = match self.key.objection() {
            Some(reason) => (LedgerOutcome::Alarmed, reason),
            None => (LedgerOutcome::Noted, Reason::KeyFit),
        };
        self.chronicle.say(scene, None, outcome, reason).await?;
        self.key.told = fault;
        Ok(())
    }
}
