//! Keys that the venue does not accept.

use crate::support::{Stage, key, stage};
use domain::Sats;
use exchange::{Exchange, Outcome, Priority, ReadError};
use lnmarkets::ApiKey;
use paper::CallKind;

async fn check(stage: &Stage, key: ApiKey, words: &str) {
    let account = stage.client.account(key);
    let read = account.fetch_wallet(Priority::Interface).await;
    assert_eq!(read, Err(ReadError::Unauthorized(words.to_owned())));
    let id = stage.venue.lock().running(stage.owner)[0].position.id;
    let change = account.add_margin(id, Sats::new(1)).await;
    assert!(matches!(change, Outcome::Rejected(refusal) if refusal.status == 401 && refusal.message == words));
}

#[tokio::test]
async fn f09_a_key_that_the_venue_does_not_know_is_a_person_s_affair() {
    let stage = stage().await;
    stage.open_position();
    check(&stage, ApiKey { key: "other".to_owned(), ..key() }, "Api key does not exist").await;
    check(&stage, ApiKey { secret: "other".into(), ..key() }, "Signature is not valid").await;
    check(&stage, ApiKey { passphrase: "other".into(), ..key() }, "Signature is not valid").await;
    assert_eq!(stage.calls(CallKind::AddMargin).len(), 0);
}

#[tokio::test]
async fn f43_a_key_that_no_header_can_carry_is_never_sent() {
    let stage = stage().await;
    stage.open_position();
    let account = stage.client.account(ApiKey { passphrase: "two\nlines".into(), ..key() });
    let read = account.fetch_wallet(Priority::Interface).await;
    assert!(matches!(&read, Err(ReadError::Unavailable(why)) if !why.contains("lines")), "{read:?}");
}
