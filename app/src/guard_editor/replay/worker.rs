//! The thread that replays, `/replay-worker.js`: it lives as long as the tab, and keeps the past that it was given.

use std::time::Duration;

/// One answer to one question at a time; nothing where there is no such thread, or no answer.
#[cfg(feature = "hydrate")]
pub async fn ask(question: &str) -> Option<String> {
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{MessageEvent, Worker};
    let worker = browser::worker()?;
    let answering = js_sys::Promise::new(&mut |answer, failed| {
        Worker::set_onmessage(&worker, Some(&answer));
        Worker::set_onerror(&worker, Some(&failed));
    });
    worker.post_message(&JsValue::from_str(question)).ok()?;
    let Ok(answer) = wasm_bindgen_futures::JsFuture::from(answering).await else {
        browser::give_up();
        return None;
    };
    let said = answer.dyn_into::<MessageEvent>().ok()?.data().as_string()?;
    (!said.is_empty()).then_some(said)
}

#[cfg(feature = "hydrate")]
pub async fn pause(length: Duration) {
    let ms = i32::try_from(length.as_millis()).unwrap_or(i32::MAX);
    let passing = js_sys::Promise::new(&mut |passed, _| {
        let _ = leptos::prelude::window().set_timeout_with_callback_and_timeout_and_arguments_0(&passed, ms);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(passing).await;
}

#[cfg(not(feature = "hydrate"))]
pub async fn ask(_question: &str) -> Option<String> {
    None
}

#[cfg(not(feature = "hydrate"))]
pub async fn pause(_length: Duration) {}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::RefCell;
    use web_sys::{Worker, WorkerOptions, WorkerType};

    enum Thread {
        Unborn,
        Alive(Worker),
        /// This browser has none, or it could not be loaded.
        None,
    }

    thread_local! {
        static THREAD: RefCell<Thread> = const { RefCell::new(Thread::Unborn) };
    }

    pub fn worker() -> Option<Worker> {
        THREAD.with_borrow_mut(|thread| {
            if matches!(thread, Thread::Unborn) {
                let options = WorkerOptions::new();
                options.set_type(WorkerType::Module);
                let born = Worker::new_with_options("/replay-worker.js", &options);
                *thread = born.map_or(Thread::None, Thread::Alive);
            }
            match thread {
                Thread::Alive(worker) => Some(worker.clone()),
                _ => None,
            }
        })
    }

    /// No thread is tried again before the page is loaded anew.
    pub fn give_up() {
        THREAD.set(Thread::None);
    }
}
