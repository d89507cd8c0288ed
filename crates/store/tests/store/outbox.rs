//! Notices: leased, given back, delivered once.

use crate::database::{Fresh, on_both};
use crate::sample::{at, entry, stored_account};
use domain::{Millis, Reason};
use std::collections::HashSet;

on_both!(two_workers_share_notices_and_take_none_twice, workers);
on_both!(a_dead_workers_notice_is_taken_over_when_its_lease_ends, leases);

async fn workers(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let account = stored_account(&*store).await;
    let notices: Vec<_> = (0..40).map(|_| entry(account, None, Reason::ExchangeReadable, true)).collect();
    store.append_entries(&notices).await.unwrap();
    let claims = (0..8).map(|turn| {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        tokio::spawn(async move { store.claim_notices(at(5_000), Millis::MINUTE, 5).await.unwrap() })
    });
    let mut taken = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        taken.extend(claim.await.unwrap());
    }
    taken.extend(store.claim_notices(at(5_000), Millis::MINUTE, 40).await.unwrap());
    let ids: HashSet<i64> = taken.iter().map(|notice| notice.id).collect();
    assert_eq!((taken.len(), ids.len()), (40, 40));
}

async fn leases(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    store.append_entries(&[entry(account, None, Reason::ExchangeReadable, true)]).await.unwrap();
    let claim = |now| store.claim_notices(at(now), Millis::SECOND, 10);
    assert!(claim(3_999).await.unwrap().is_empty(), "not due yet");
    assert_eq!(claim(4_000).await.unwrap().len(), 1);
    assert!(claim(4_999).await.unwrap().is_empty(), "leased");
    let again = claim(5_000).await.unwrap();
    assert_eq!(again.iter().map(|notice| notice.attempts).collect::<Vec<_>>(), [2]);
    store.retry_notice(again[0].id, at(9_000), "the channel was down").await.unwrap();
    assert!(claim(8_999).await.unwrap().is_empty());
    assert_eq!(claim(9_000).await.unwrap().len(), 1);
}
