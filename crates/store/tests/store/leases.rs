//! One writer an account, and the epoch that every intent carries.

use crate::database::{Fresh, on_both};
use crate::sample::{at, fence, intent, position, program, unguarded_account, write};
use domain::{ActionState, Timestamp};
use store::{Fence, Instance, StoreError};

on_both!(f51_a_lease_changes_hands_only_when_it_has_run_out, hands);
on_both!(f51_a_stale_leaders_intent_is_refused_by_its_epoch, stale_leader);
on_both!(f51_of_many_who_want_a_lease_one_gets_it, many);
on_both!(f51_a_dead_owner_is_not_waited_for_and_one_that_lives_is, dead_owner);
on_both!(f60_programs_of_different_releases_write_nothing_while_both_are_there, releases);
on_both!(f51_a_program_that_ends_in_peace_leaves_its_accounts_at_once, peace);
on_both!(f10_who_does_not_know_of_the_last_action_writes_none, unknown_action);

fn as_owner(instance: &Instance, epoch: i64) -> Fence<'_> {
    Fence { instance, epoch, ..fence() }
}

async fn hands(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = unguarded_account(&*store).await;
    let (one, two) = (program(1, "1.0.0"), program(2, "1.0.0"));
    let claim = |who: Instance, now, until| {
        let store = store.clone();
        async move { store.claim_lease(account, &who, None, at(now), at(until)).await.unwrap() }
    };
    let first = claim(one.clone(), 100, 200).await;
    assert_eq!((first.owner, first.epoch, first.taken_at, first.expires_at), (one.id, 1, at(100), at(200)));
    let longer = claim(one.clone(), 150, 250).await;
    assert_eq!((longer.epoch, longer.taken_at, longer.expires_at), (1, at(100), at(250)));
    assert_eq!(claim(two.clone(), 249, 999).await, longer, "it still runs");
    let second = claim(two.clone(), 250, 350).await;
    assert_eq!((second.owner, second.epoch, second.taken_at), (two.id, 2, at(250)));
    assert_eq!(claim(one, 260, 360).await, second, "and does not come back by itself");
    assert_eq!(store.find_lease(account).await.unwrap(), Some(second));
}

async fn stale_leader(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = unguarded_account(&*store).await;
    let (one, two) = (program(1, "1.0.0"), program(2, "1.0.0"));
    store.claim_lease(account, &one, None, at(0), at(1_000)).await.unwrap();
    let written = |ms: i64| intent(account, position(), 10, ms - 5);
    write(&*store, &written(500), as_owner(&one, 1)).await.unwrap();
    let late = write(&*store, &written(1_000), as_owner(&one, 1)).await;
    assert!(matches!(late, Err(StoreError::Fenced)), "nobody has taken it, but it has run out: {late:?}");
    store.claim_lease(account, &two, None, at(1_000), at(9_000)).await.unwrap();
    for (who, epoch) in [(&one, 1), (&one, 2), (&two, 1)] {
        let stale = write(&*store, &written(900), as_owner(who, epoch)).await;
        assert!(matches!(stale, Err(StoreError::Fenced)), "{epoch}: {stale:?}");
    }
    write(&*store, &written(1_100), as_owner(&two, 2)).await.unwrap();
    let stranger = unguarded_account(&*store).await;
    let elsewhere = write(&*store, &intent(stranger, position(), 10, 1_100), as_owner(&two, 2)).await;
    assert!(matches!(elsewhere, Err(StoreError::Fenced)), "a lease is for one account");
    assert_eq!(store.list_actions(account, 9).await.unwrap().len(), 2);
}

async fn many(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = unguarded_account(&*store).await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 1..=16 {
        let store = store.clone();
        tries.spawn(async move {
            let me = program(number, "1.0.0");
            let lease = store.claim_lease(account, &me, None, at(0), at(1_000)).await.unwrap();
            (me.id, lease)
        });
    }
    let all = tries.join_all().await;
    assert_eq!(all.iter().filter(|(me, lease)| lease.owner == *me).count(), 1);
    assert!(all.iter().all(|(_, lease)| lease.epoch == 1));
}

async fn dead_owner(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let account = unguarded_account(&*store).await;
    let (one, two) = (program(1, "1.0.0"), program(2, "1.0.0"));
    store.show_life(one.id).await.unwrap();
    store.show_life(one.id).await.unwrap();
    store.claim_lease(account, &one, None, at(0), at(10_000)).await.unwrap();
    assert!(!other.is_gone(one.id).await.unwrap(), "it lives");
    assert!(!store.is_gone(one.id).await.unwrap(), "from the same process, too");
    drop(store);
    if fresh.url.starts_with("postgres") {
        while !other.is_gone(one.id).await.unwrap() {
            tokio::task::yield_now().await;
        }
        let lease = other.claim_lease(account, &two, Some(one.id), at(10), at(20)).await.unwrap();
        assert_eq!((lease.owner, lease.epoch), (two.id, 2));
    }
}

async fn releases(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ours, theirs) = (unguarded_account(&*store).await, unguarded_account(&*store).await);
    let (old, new) = (program(1, "1.0.0"), program(2, "1.1.0"));
    store.claim_lease(ours, &old, None, at(0), at(1_000)).await.unwrap();
    store.claim_lease(theirs, &new, None, at(0), at(900)).await.unwrap();
    let write = |account, who: &Instance, ms: i64| {
        let (store, who) = (store.clone(), who.clone());
        async move { write(&*store, &intent(account, position(), 10, ms - 5), as_owner(&who, 1)).await }
    };
    for (account, who, other) in [(ours, &old, "1.1.0"), (theirs, &new, "1.0.0")] {
        let refused = write(account, who, 100).await;
        assert!(matches!(&refused, Err(StoreError::ReleasesDiffer { theirs }) if theirs == other), "{refused:?}");
    }
    write(ours, &old, 901).await.expect("the other has not shown itself any more");
    store.claim_lease(ours, &old, None, at(950), at(2_000)).await.unwrap();
    store.claim_lease(theirs, &new, None, at(950), at(2_000)).await.unwrap();
    assert!(write(ours, &old, 960).await.is_err());
    store.release_leases(new.id).await.unwrap();
    write(ours, &old, 970).await.expect("the other has ended");
}

async fn peace(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = unguarded_account(&*store).await;
    let (one, two) = (program(1, "1.0.0"), program(2, "1.1.0"));
    store.claim_lease(account, &one, None, at(5), at(1_000)).await.unwrap();
    store.release_leases(one.id).await.unwrap();
    let stale = write(&*store, &intent(account, position(), 10, 10), as_owner(&one, 1)).await;
    assert!(matches!(stale, Err(StoreError::Fenced)));
    let lease = store.claim_lease(account, &two, None, Timestamp::from_unix_ms(6), at(1_000)).await.unwrap();
    assert_eq!((lease.owner, lease.epoch), (two.id, 2));
    write(&*store, &intent(account, position(), 10, 10), as_owner(&two, 2)).await.unwrap();
}

/// What a writer has read may be from before an action that it does not know of, however long that has been settled.
async fn unknown_action(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = unguarded_account(&*store).await;
    let one = program(1, "1.0.0");
    let lease = store.claim_lease(account, &one, None, at(0), at(1_000)).await.unwrap();
    let knows = |intents| Fence { intents, ..as_owner(&one, lease.epoch) };
    let first = intent(account, position(), 10, 100);
    store.commit_intent(&first, knows(lease.intents)).await.unwrap();
    store.settle_action(first.id, ActionState::Proved, &[]).await.unwrap();
    for elsewhere in [first.position, position()] {
        let blind = store.commit_intent(&intent(account, elsewhere, 10, 200), knows(lease.intents)).await;
        assert!(matches!(blind, Err(StoreError::Conflict)), "{blind:?}");
    }
    let renewed = store.claim_lease(account, &one, None, at(300), at(1_300)).await.unwrap();
    assert_eq!(renewed.intents, lease.intents + 1);
    store.commit_intent(&intent(account, first.position, 10, 400), knows(renewed.intents)).await.unwrap();
}
