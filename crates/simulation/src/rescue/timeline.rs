//! Time that passes only while everybody waits for it.

use super::field::{Field, lock};
use domain::Timestamp;
use service::Clock;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use store::Store;

/// Nothing moves in between.
const STEP_MS: i64 = 100;

/// Who is to be called when.
#[derive(Default)]
pub struct Timeline(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    next: u64,
    calls: BTreeMap<(Timestamp, u64), Waker>,
}

/// Whether what is played was called since it was last looked at.
#[derive(Default)]
struct Called(AtomicBool);

impl Wake for Called {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Timeline {
    /// Waits until it is that late on the field.
    pub async fn wait_until(&self, field: &Field, at: Timestamp) {
        let mut place = None;
        poll_fn(|context: &mut Context<'_>| {
            let mut waiting = lock(&self.0);
            place.take().and_then(|place| waiting.calls.remove(&place));
            if at <= field.clock.now() {
                return Poll::Ready(());
            }
            let own = (at, waiting.next);
            waiting.next += 1;
            waiting.calls.insert(own, context.waker().clone());
            place = Some(own);
            Poll::Pending
        })
        .await;
    }

    /// Plays something to its end; answers nothing where the prices end first. Time passes while nothing is asked of the
    /// database, and nothing that time has not brought can call what is played.
    pub async fn play<T>(
        &self,
        field: &Field,
        store: Option<&dyn Store>,
        played: impl Future<Output = T>,
    ) -> Option<T> {
        let mut played = std::pin::pin!(played);
        let called = Arc::new(Called::default());
        let waker = Waker::from(Arc::clone(&called));
        loop {
            if let Poll::Ready(ended) = played.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Some(ended);
            }
            while !called.0.swap(false, Ordering::SeqCst) {
                let is_at_rest = store.is_none_or(Store::is_at_rest);
                if is_at_rest && !called.0.load(Ordering::SeqCst) {
                    if field.is_over() {
                        return None;
                    }
                    self.pass_to_next(field);
                }
                tokio::task::yield_now().await;
            }
        }
    }

    /// To whatever is waited for next, or to the next price.
    fn pass_to_next(&self, field: &Field) {
        let next = lock(&self.0).calls.first_key_value().map(|((at, _), _)| *at);
        let now = field.clock.now();
        let ms = next.map_or(STEP_MS, |next| next.since(now).get()).clamp(1, STEP_MS);
        field.pass(ms);
        let now = field.clock.now();
        let mut waiting = lock(&self.0);
        while let Some(call) = waiting.calls.first_entry().filter(|call| call.key().0 <= now) {
            call.remove().wake();
        }
    }
}
