//! Whether a key may be entrusted with a rule: asked of the venue when the key is added.

use crate::client::Client;
use crate::endpoint::Network;
use crate::key::ApiKey;
use crate::rest::{Reply, Request, is_geo_block, speaks_of_scopes};
use crate::scope::{Permissions, Scope};
use crate::stream::OpenError;
use domain::KeyFault;
use exchange::{KeyStanding, Priority, ReadError};

/// A key that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyReport {
    pub permissions: Permissions,
}

/// Why a key may not be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    #[error("this key may withdraw money: make one without account:withdrawals:write and delete this one")]
    MayWithdraw,
    #[error("this key lacks {}", listed(.0))]
    Lacks(Vec<Scope>),
    #[error("LN Markets does not serve the place that this server speaks from: {0}")]
    GeoBlocked(String),
    #[error("this is a key of {0}, not of the network that was asked for")]
    OtherNetwork(Network),
    #[error("LN Markets does not accept this key: {0}")]
    NotAccepted(String),
    /// The key may be good: try again.
    #[error("the key could not be checked: {0}")]
    Unchecked(String),
}

/// Asks what the key may do. Nothing is changed at the venue, and the secret is sent nowhere.
///
/// `other` is the venue's other network: a key that is unknown here and known there was pasted into the wrong place.
pub async fn check_key(
    client: &Client,
    other: Option<&Client>,
    key: &ApiKey,
    needed: &[Scope],
) -> Result<KeyReport, KeyRefusal> {
    if let Err(refusal) = is_accepted(client, key).await {
        return Err(match (refusal, other) {
            (KeyRefusal::NotAccepted(words), Some(other)) if is_accepted(other, key).await.is_ok() => {
                tracing::info!(%words, "the key belongs to the other network");
                KeyRefusal::OtherNetwork(other.network())
            }
            (refusal, _) => refusal,
        });
    }
    let permissions = Permissions::read(&client.whoami(key).await.map_err(unopened)?);
    if permissions.may_withdraw() {
        return Err(KeyRefusal::MayWithdraw);
    }
    let missing = permissions.missing(needed);
    if missing.is_empty() { Ok(KeyReport { permissions }) } else { Err(KeyRefusal::Lacks(missing)) }
}

/// A key without the scope for this read is still a key of this network.
async fn is_accepted(client: &Client, key: &ApiKey) -> Result<(), KeyRefusal> {
    let account = client.account(key.clone());
    match account.ask_once(&Request::get("/account"), Priority::Interface).await {
        Ok(reply) => judge(&reply),
        Err(failure) => Err(KeyRefusal::Unchecked(failure.to_string())),
    }
}

fn judge(reply: &Reply) -> Result<(), KeyRefusal> {
    let words = reply.refusal().map(|refusal| refusal.message);
    match (reply.status, words) {
        (200..300, _) => Ok(()),
        (status, words) if is_geo_block(status, words.as_deref()) => {
            Err(KeyRefusal::GeoBlocked(words.unwrap_or_else(|| format!("status {status}"))))
        }
        (401, Some(words)) if !speaks_of_scopes(&words) => Err(KeyRefusal::NotAccepted(words)),
        (401 | 403, Some(_)) => Ok(()),
        (status, _) => Err(KeyRefusal::Unchecked(format!("LN Markets answered {status}"))),
    }
}

fn unopened(error: OpenError) -> KeyRefusal {
    match error {
        OpenError::Refused(words) if is_geo_block(0, Some(&words)) => KeyRefusal::GeoBlocked(words),
        OpenError::Status(status) if is_geo_block(status, None) => KeyRefusal::GeoBlocked(format!("status {status}")),
        OpenError::Refused(words) => KeyRefusal::NotAccepted(words),
        error => KeyRefusal::Unchecked(error.to_string()),
    }
}

/// What a key's permissions mean for a guard that lives by it.
pub(crate) fn standing(permissions: &Permissions) -> KeyStanding {
    let missing = permissions.missing(&Scope::GUARD);
    if permissions.may_withdraw() {
        let detail = Scope::WithdrawalsWrite.to_string();
        KeyStanding::Unfit { fault: KeyFault::MayWithdraw, detail }
    } else if missing.is_empty() {
        KeyStanding::Sound
    } else {
        KeyStanding::Unfit { fault: KeyFault::Lacks, detail: listed(&missing) }
    }
}

/// What a refusal to open a stream says of the key; another failure says nothing.
pub(crate) fn standing_of(error: OpenError) -> Result<KeyStanding, ReadError> {
    match unopened(error) {
        KeyRefusal::GeoBlocked(detail) => Ok(KeyStanding::Unfit { fault: KeyFault::PlaceRefused, detail }),
        KeyRefusal::NotAccepted(detail) => Ok(KeyStanding::Unfit { fault: KeyFault::Refused, detail }),
        refusal => Err(ReadError::Unavailable(refusal.to_string())),
    }
}

fn listed(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
}
