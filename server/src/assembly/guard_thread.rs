//! A thread of the guards' own: prices and accounts run on it, and no page, sign-in or backup stands before them.

use std::future::Future;
use std::io;
use tokio::runtime::{Builder, Handle, Runtime};

/// One worker: what an account waits for is the exchange, and a second worker would only pass its tasks to and fro.
pub struct GuardThread(Option<Runtime>);

impl GuardThread {
    /// Fails where the system gives no thread.
    pub fn start() -> io::Result<GuardThread> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("guards").enable_all().build()?;
        Ok(GuardThread(Some(runtime)))
    }

    /// Starts a task there; whatever that starts stays there, too.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(handle) = self.handle() {
            handle.spawn(task);
        }
    }

    fn handle(&self) -> Option<&Handle> {
        self.0.as_ref().map(Runtime::handle)
    }
}

impl Drop for GuardThread {
    /// Tasks have ended by then, or are cut; a wait here would block whoever drops this.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
