//! Whether this server shows what its pages are made of.

use crate::api::ReadFault;
use crate::api::json::Json;
use leptos::prelude::*;

/// What the server says of itself: it is a demo, or somebody develops it.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug)]
pub struct DesignShown(pub bool);

#[server(endpoint = "shows_design", protocol = Json)]
pub async fn shows_design() -> Result<bool, ReadFault> {
    Ok(use_context::<DesignShown>().is_some_and(|shows| shows.0))
}
