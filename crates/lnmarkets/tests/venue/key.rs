//! Keys that the venue does not accept, and keys that we don't.

use crate::stream_venue::StreamVenue;
use crate::support::{Stage, client_with_stream, key, stage};
use domain::Sats;
use exchange::{Exchange, Outcome, Priority, ReadError};
use lnmarkets::{ApiKey, Client, KeyRefusal, Network, Scope, check_key};
use paper::CallKind;
use paper::http::Fault;

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

const SCOPES: [&str; 4] = ["account:read", "futures:isolated:read", "futures:isolated:write", "futures:cross:read"];

/// A venue whose keys may do this, and a client of it.
async fn venue_of(permissions: &[&str]) -> (Stage, StreamVenue, Client) {
    let (stage, stream) = (stage().await, StreamVenue::open().await);
    stream.grant(permissions);
    let client = client_with_stream(&stage.endpoint, &stream.url);
    (stage, stream, client)
}

#[tokio::test]
async fn a_key_that_may_do_what_is_needed_is_kept() {
    let (_stage, _stream, client) = venue_of(&SCOPES).await;
    let report = check_key(&client, None, &key(), &Scope::GUARD).await.unwrap();
    assert!(report.permissions.allows(Scope::IsolatedWrite));
    assert_eq!(report.permissions.missing(&[Scope::CrossWrite]), vec![Scope::CrossWrite]);
}

#[tokio::test]
async fn a_key_that_may_withdraw_is_refused() {
    let with_more = [&SCOPES[..], &["account:withdrawals:write"]].concat();
    let (_stage, _stream, client) = venue_of(&with_more).await;
    assert_eq!(check_key(&client, None, &key(), &Scope::GUARD).await, Err(KeyRefusal::MayWithdraw));
}

#[tokio::test]
async fn a_key_that_may_do_too_little_is_told_what_it_lacks() {
    let (_stage, _stream, client) = venue_of(&SCOPES[..2]).await;
    let refusal = check_key(&client, None, &key(), &Scope::GUARD).await.unwrap_err();
    assert_eq!(refusal, KeyRefusal::Lacks(vec![Scope::IsolatedWrite]));
    assert_eq!(refusal.to_string(), "this key lacks futures:isolated:write");
}

#[tokio::test]
async fn f28_a_key_of_the_other_network_is_named_as_such() {
    let (_stage, _stream, here) = venue_of(&SCOPES).await;
    let (_other_stage, _other_stream, there) = venue_of(&SCOPES).await;
    let stranger = ApiKey { key: "other".to_owned(), ..key() };
    let unknown = check_key(&here, Some(&there), &stranger, &Scope::GUARD).await;
    assert_eq!(unknown, Err(KeyRefusal::NotAccepted("Api key does not exist".to_owned())));
    let (stage, _stream, elsewhere) = venue_of(&SCOPES).await;
    let words = r#"{"code":"UNAUTHORIZED","message":"Api key does not exist"}"#;
    plan(&stage, 401, words);
    let misplaced = check_key(&elsewhere, Some(&there), &key(), &Scope::GUARD).await;
    assert_eq!(misplaced, Err(KeyRefusal::OtherNetwork(Network::Mainnet)));
}

fn plan(stage: &Stage, code: u16, words: &str) {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    stage.faults.plan("GET", "/v3/account", Fault::Status { code, body: words.to_owned(), headers });
}

#[tokio::test]
async fn a_geo_block_is_named_as_such() {
    let (stage, _stream, client) = venue_of(&SCOPES).await;
    let words = "This service is not available in your country";
    let body = format!(r#"{{"code":"FORBIDDEN","message":"{words}"}}"#);
    plan(&stage, 403, &body);
    let refusal = check_key(&client, None, &key(), &Scope::GUARD).await;
    assert_eq!(refusal, Err(KeyRefusal::GeoBlocked(words.to_owned())));
    plan(&stage, 403, &body);
    let read = client.account(key()).fetch_wallet(Priority::Interface).await;
    let refused = read.unwrap_err();
    assert_eq!(refused, ReadError::PlaceRefused(words.to_owned()));
    assert!(refused.to_string().contains("does not serve the place"), "{refused}");
}

#[tokio::test]
async fn a_venue_that_can_t_be_asked_says_nothing_about_a_key() {
    let (stage, _stream, client) = venue_of(&SCOPES).await;
    plan(&stage, 503, "maintenance");
    let refusal = check_key(&client, None, &key(), &Scope::GUARD).await;
    assert!(matches!(refusal, Err(KeyRefusal::Unchecked(_))), "{refusal:?}");
    let deaf = client_with_stream(&stage.endpoint, "ws://127.0.0.1:1/v1");
    let refusal = check_key(&deaf, None, &key(), &Scope::GUARD).await;
    assert!(matches!(refusal, Err(KeyRefusal::Unchecked(_))), "{refusal:?}");
}
