//! The one stream of events that a tab follows, rebuilt for as long as the page is open.

use crate::api::{ReadFault, activity, overview};
use crate::live::{Link, Live};
use crate::wire::read;
use domain::live::LiveEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// How often ages are renewed.
const BEAT: Duration = Duration::from_millis(250);
/// How long to wait before a stream that the browser gave up is built again.
const PAUSE: Duration = Duration::from_secs(2);

/// Follows the account until the page is left.
pub fn open_feed(live: Live) {
    let woke = now();
    live.beat.set(woke);
    // What came with the page grows old from here on.
    live.snapshot.update(|snapshot| snapshot.iter_mut().for_each(|snapshot| snapshot.at = woke));
    live.price.update(|price| price.iter_mut().for_each(|price| price.at = woke));
    if let Ok(beat) = set_interval_with_handle(move || live.beat.set(now()), BEAT) {
        on_cleanup(move || beat.clear());
    }
    Effect::new(move |before: Option<u32>| {
        let resyncs = live.resyncs.get();
        if before.is_some_and(|before| before != resyncs) {
            spawn_local(read_again(live));
        }
        resyncs
    });
    let stream: Slot = Rc::default();
    connect(live, &stream);
    let held = StoredValue::new_local(stream);
    on_cleanup(move || held.with_value(|stream| drop(stream.borrow_mut().take())));
}

type Slot = Rc<RefCell<Option<Stream>>>;

/// An open stream with the functions that it calls; closes when dropped.
struct Stream {
    source: EventSource,
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

fn connect(live: Live, slot: &Slot) {
    let Ok(source) = EventSource::new(&format!("/live/{}", live.account)) else {
        live.link.set(Link::Lost);
        return;
    };
    let open = Closure::new(move || {
        let was_lost = live.link.get_untracked() == Link::Lost;
        live.link.set(Link::Open);
        if was_lost {
            live.resyncs.update(|count| *count = count.wrapping_add(1));
        }
    });
    let message = Closure::new(move |message: MessageEvent| {
        let event = message.data().as_string().and_then(|text| read::<LiveEvent>(&text).ok());
        if let Some(event) = event {
            live.link.set(Link::Open);
            live.take(event, now());
        }
    });
    let (weak, failed) = (Rc::downgrade(slot), source.clone());
    let error = Closure::new(move || {
        live.link.set(Link::Lost);
        // The browser reconnects by itself, resuming where it was, unless it was told off.
        if failed.ready_state() == EventSource::CLOSED {
            let weak = weak.clone();
            spawn_local(check_session(live));
            set_timeout(
                move || {
                    if let Some(slot) = weak.upgrade().filter(|slot| slot.borrow().is_some()) {
                        connect(live, &slot);
                    }
                },
                PAUSE,
            );
        }
    });
    source.set_onopen(Some(open.as_ref().unchecked_ref()));
    source.set_onmessage(Some(message.as_ref().unchecked_ref()));
    source.set_onerror(Some(error.as_ref().unchecked_ref()));
    *slot.borrow_mut() = Some(Stream { source, _open: open, _message: message, _error: error });
}

async fn check_session(live: Live) {
    if overview(Some(live.account)).await == Err(ReadFault::SignedOut) {
        live.signed_out.set(true);
    }
}

/// Reads all that may have been missed.
async fn read_again(live: Live) {
    match overview(Some(live.account)).await {
        Ok(overview) => live.take_overview(overview, now()),
        Err(ReadFault::SignedOut) => live.signed_out.set(true),
        // The stream is watched, and the page says that it is lost.
        Err(_) => {}
    }
    if let Ok(saves) = activity(live.account, crate::chart::saves_query()).await {
        live.take_decisions(saves);
    }
}

/// The browser's own milliseconds; they only move forward.
fn now() -> i64 {
    window().performance().map_or(0, |performance| performance.now() as i64)
}
