//! `axisor user link`: the way in again for who forgot their password where no mail is sent and no other admin is there.

use crate::Failure;
use crate::assembly::sealer;
use crate::cli::UserLinkArguments;
use crate::configuration::Storage;
use crate::system_clock::{SystemClock, SystemEntropy};
use bus::Bus;
use domain::brake::BreakerLimits;
use service::{Clock, Entropy, PeopleError, Services};
use std::sync::Arc;

/// Whoever has the server's shell and its master key may do this; the audit says that it was done there.
pub async fn link(arguments: UserLinkArguments) -> Result<(), Failure> {
    let storage = Storage::check(arguments.storage).map_err(Failure::bad_input)?;
    let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let sealer = sealer(&storage, Arc::clone(&entropy)).map_err(Failure::other)?;
    let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    let opened = Services::open(store, clock, entropy, sealer, Bus::default(), BreakerLimits::default()).await;
    let services = opened.map_err(Failure::other)?;
    services.post.links_begin_with(arguments.public_url.trim_end_matches('/'));
    let made = services.people.make_reset_link_at_the_shell(&arguments.email).await;
    let link = made.map_err(|error| match error {
        PeopleError::NoSuchPerson | PeopleError::Email => Failure::bad_input(error),
        error => Failure::other(error),
    })?;
    println!("A new password, once and within a day: {link}");
    Ok(())
}
