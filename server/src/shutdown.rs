//! When to stop: SIGTERM from whoever runs the container, or Ctrl-C.

use tokio_util::sync::CancellationToken;

/// Cancels the token at the first signal. At a second one the process ends at once.
pub fn on_signal(stop: CancellationToken) {
    tokio::spawn(async move {
        signal().await;
        tracing::info!("stopping: what is under way is finished first; once more to stop at once");
        stop.cancel();
        signal().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
