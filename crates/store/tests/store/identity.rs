//! Secrets and the audit: replaced only by who has read them, and appended one after the other.

use crate::database::{Fresh, by_hand, on_both};
use crate::sample::{account, at, fresh_uuid, user};
use domain::{Millis, UserId};
use store::{AttemptCount, AttemptRule, AuditRow, Authenticator, Secret, Session, StoreError};

on_both!(a_secret_is_replaced_only_by_who_has_read_it, secrets);
on_both!(of_many_who_append_to_the_audit_each_gets_a_number_of_its_own, many_appenders);
on_both!(f67_the_audit_is_never_changed, audit_is_fixed);
on_both!(f74_of_a_burst_of_attempts_no_more_come_through_than_may, burst);
on_both!(f72_a_step_and_a_recovery_code_are_spent_once, spent_once);
on_both!(f71_a_session_that_was_ended_is_not_brought_back, ended_sessions);

fn secret(version: u32, byte: u8) -> Secret {
    let owner = UserId::from_uuid(uuid::Uuid::from_u128(9));
    Secret { owner, field: "totp_seed".to_owned(), version, sealed: vec![byte; 150] }
}

pub fn row(seq: i64) -> AuditRow {
    AuditRow {
        seq,
        at: at(1_000 + seq),
        actor: (seq % 2 == 0).then(|| UserId::from_uuid(fresh_uuid())),
        source: "192.0.2.1".to_owned(),
        action: "signed_in".to_owned(),
        subject: "ana@example.org".to_owned(),
        before: None,
        after: Some("{\"a\":1}".to_owned()),
        previous: [0; 32],
        hash: [7; 32],
        signature: vec![1; 64],
    }
}

async fn secrets(fresh: &Fresh) {
    let store = fresh.open().await;
    assert!(store.find_secret(secret(1, 1).owner, "totp_seed").await.unwrap().is_none());
    store.insert_secret(&secret(1, 1)).await.unwrap();
    assert!(matches!(store.insert_secret(&secret(1, 2)).await, Err(StoreError::Duplicate)));
    store.replace_secret(&secret(1, 1), &secret(2, 3)).await.unwrap();
    assert!(matches!(store.replace_secret(&secret(1, 1), &secret(2, 4)).await, Err(StoreError::Conflict)));
    assert!(store.find_secret(secret(1, 1).owner, "totp_seed").await.unwrap() == Some(secret(2, 3)));
    assert!(store.find_secret(secret(1, 1).owner, "audit_key").await.unwrap().is_none());
    assert!(store.list_secrets().await.unwrap() == [secret(2, 3)]);

    let owner = user("ana@example.com");
    store.insert_user(&owner).await.unwrap();
    let main = account(owner.id, "main");
    store.insert_account(&main).await.unwrap();
    store.replace_sealed_key(main.id, &[0, 1, 2, 255], &[9]).await.unwrap();
    assert!(matches!(store.replace_sealed_key(main.id, &[0, 1, 2, 255], &[8]).await, Err(StoreError::Conflict)));
    assert_eq!(store.find_account(main.id).await.unwrap().unwrap().sealed_key, Some(vec![9]));
}

async fn many_appenders(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..16 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        tries.spawn(async move { store.append_audit(&row(1)).await });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict))).count(), 15);
    assert!(matches!(store.append_audit(&row(3)).await, Err(StoreError::Conflict)), "2 comes first");
    let (two, three) = (row(2), row(3));
    store.append_audit(&two).await.unwrap();
    store.append_audit(&three).await.unwrap();
    assert_eq!(store.find_newest_audit().await.unwrap(), Some(three.clone()));
    assert_eq!(store.list_audit(1, 10).await.unwrap(), [two.clone(), three]);
    assert_eq!(store.list_audit(1, 1).await.unwrap(), [two]);
}

async fn audit_is_fixed(fresh: &Fresh) {
    let store = fresh.open().await;
    store.append_audit(&row(1)).await.unwrap();
    assert!(by_hand(fresh, "update audit set source = 'elsewhere'").await.is_err());
    assert!(by_hand(fresh, "delete from audit").await.is_err());
    if !fresh.url.starts_with("sqlite") {
        assert!(by_hand(fresh, "truncate audit").await.is_err());
    }
    assert_eq!(store.list_audit(0, 9).await.unwrap().len(), 1);
}

const RULE: AttemptRule =
    AttemptRule { limit: 5, locks: &[Millis::MINUTE, Millis::new(120_000)], window: Millis::new(900_000) };

async fn burst(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..40 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        tries.spawn(async move { store.count_attempt("ana", at(0), &RULE).await.unwrap() });
    }
    let outcomes = tries.join_all().await;
    let locked = AttemptCount::Locked { until: at(60_000) };
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == locked).count(), 35, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == AttemptCount::Counted { locks: true }).count(), 1);
    let count = |now| store.count_attempt("ana", at(now), &RULE);
    assert_eq!(store.count_attempt("eve", at(0), &RULE).await.unwrap(), AttemptCount::Counted { locks: false });
    assert_eq!(count(59_999).await.unwrap(), locked);
    assert_eq!(count(60_000).await.unwrap(), AttemptCount::Counted { locks: true }, "one more, and a longer wait");
    assert_eq!(count(60_001).await.unwrap(), AttemptCount::Locked { until: at(180_000) });
    assert_eq!(count(2_000_000).await.unwrap(), AttemptCount::Counted { locks: false }, "long ago is forgotten");
    store.forget_attempts("ana").await.unwrap();
    for _ in 0..9 {
        assert_eq!(count(3_000_000).await.unwrap(), AttemptCount::Counted { locks: false });
        assert_eq!(count(3_000_000).await.unwrap(), AttemptCount::Counted { locks: false });
        store.uncount_attempt("ana").await.unwrap();
        store.uncount_attempt("ana").await.unwrap();
    }
    store.forget_attempts_before(at(4_000_000)).await.unwrap();
}

async fn spent_once(fresh: &Fresh) {
    let store = fresh.open().await;
    let ana = user("ana@example.com");
    store.insert_user(&ana).await.unwrap();
    let seed = |version| Secret { owner: ana.id, field: "totp_seed".to_owned(), version, sealed: vec![3; 150] };
    let codes = ["a", "b"].map(|code| code.repeat(64));
    let added = Authenticator { added_at: at(5), last_step: 100 };
    assert!(matches!(store.add_authenticator(&seed(2), added, &codes).await, Err(StoreError::Conflict)));
    assert_eq!(store.find_authenticator(ana.id).await.unwrap(), None);
    store.add_authenticator(&seed(1), added, &codes).await.unwrap();
    assert_eq!(store.find_authenticator(ana.id).await.unwrap(), Some(added));
    assert!(matches!(store.spend_step(ana.id, 100).await, Err(StoreError::Conflict)));
    let (one, two) = tokio::join!(store.spend_step(ana.id, 101), store.spend_step(ana.id, 101));
    assert!(one.is_ok() != two.is_ok());
    assert!(matches!(store.spend_step(ana.id, 99).await, Err(StoreError::Conflict)), "older ones went with it");
    let spend = |code: &str| {
        let (store, code) = (store.clone(), code.repeat(64));
        async move { store.spend_recovery_code(ana.id, &code, at(9)).await }
    };
    let (one, two) = tokio::join!(spend("a"), spend("a"));
    assert!(one.is_ok() != two.is_ok());
    assert!(matches!(spend("c").await, Err(StoreError::Conflict)));
    assert_eq!(store.count_recovery_codes(ana.id).await.unwrap(), 1);
    store.add_authenticator(&seed(2), added, &codes).await.unwrap();
    assert_eq!(store.count_recovery_codes(ana.id).await.unwrap(), 2);
    store.remove_authenticator(ana.id).await.unwrap();
    assert_eq!(store.find_authenticator(ana.id).await.unwrap(), None);
    assert!(spend("b").await.is_err());
}

async fn ended_sessions(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, eve) = (user("ana@example.com"), user("eve@example.com"));
    for user in [&ana, &eve] {
        store.insert_user(user).await.unwrap();
    }
    let session =
        |id: &str, user| Session { id: id.to_owned(), user: Some(user), data: b"{}".to_vec(), expires_at: at(100) };
    for (id, user) in [("a1", ana.id), ("a2", ana.id), ("a3", ana.id), ("e1", eve.id)] {
        store.insert_session(&session(id, user)).await.unwrap();
    }
    assert!(matches!(store.delete_session_of(eve.id, "a1").await, Err(StoreError::Conflict)), "another's");
    store.delete_session_of(ana.id, "a1").await.unwrap();
    store.save_session(&session("a1", ana.id)).await.unwrap();
    assert!(store.find_session("a1", at(1)).await.unwrap().is_none());
    assert_eq!(store.delete_other_sessions(ana.id, "a3").await.unwrap(), 1);
    assert!(store.list_sessions(ana.id, at(1)).await.unwrap() == [session("a3", ana.id)]);
    assert!(store.list_sessions(eve.id, at(1)).await.unwrap() == [session("e1", eve.id)]);
}
