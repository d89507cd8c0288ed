//! Where prices come from, and how each source does.

use crate::api::ReadFault;
use crate::api::json::Json;
use domain::source::SourceHealth;
use leptos::prelude::*;

/// The same for everyone who is signed in: a source belongs to the program, not to an account.
#[server(name = ReadSources, endpoint = "sources", protocol = Json)]
pub async fn sources() -> Result<Vec<SourceHealth>, ReadFault> {
    let sources = expect_context::<service::Services>().sources;
    crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    Ok(sources.list())
}
