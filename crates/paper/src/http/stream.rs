//! Stream v1: JSON-RPC 2.0 over a WebSocket, with subscriptions that the server pushes to.

mod call;
mod events;
mod rpc;
mod session;
mod topic;

use super::Paper;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use session::Session;
use std::sync::Arc;

/// No message of a client is longer.
const MOST_MESSAGE_BYTES: usize = 64 * 1024;

pub(super) async fn connect(State(paper): State<Arc<Paper>>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.max_message_size(MOST_MESSAGE_BYTES);
    upgrade.on_upgrade(async move |socket| Session::new(paper).run(socket).await)
}
