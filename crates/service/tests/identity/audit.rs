//! F-67: the audit shows every change of the past.

use crate::house::{EMAIL, House, PASSWORD, on_both, web};
use domain::{AuditAction, UserId};
use service::audit::{Fault, HeadError, SignedHead, Verdict};
use service::{Audit, AuditError, Deed, Origin, Sealer, SignInError};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

on_both!(an_audit_that_nobody_touched_is_whole, untouched);
on_both!(f67_the_first_bad_entry_is_named, each_change);
on_both!(f67_a_cut_or_replaced_audit_contradicts_a_head_that_was_kept, cut_and_replaced);
on_both!(f67_without_its_key_the_audit_is_not_begun_anew, key_gone);
on_both!(of_many_processes_that_record_at_once_none_loses_an_entry, many);
on_both!(set_up_and_sign_in_leave_their_entries_and_no_typed_word, people);

async fn record(audit: &Audit, count: u128) {
    for turn in 0..count {
        let actor = Some(UserId::from_uuid(Uuid::from_u128(turn)));
        let deed = Deed::new(actor, &web(), AuditAction::GuardSaved, format!("account {turn}"));
        audit.record(deed.from(&turn).to(&(turn + 1))).await.unwrap();
    }
}

async fn untouched(house: &House) {
    let audit = house.audit().await;
    assert_eq!(audit.head().await.unwrap(), None);
    assert_eq!(audit.verify(&[]).await.unwrap(), Verdict::Whole { entries: 0 });
    record(&audit, 3).await;
    let early = audit.head().await.unwrap().unwrap();
    record(&audit, 3).await;
    let late = audit.head().await.unwrap().unwrap();
    assert_eq!((early.seq, late.seq), (3, 6));
    assert_eq!((early.check(), late.check()), (Ok(()), Ok(())));
    assert_eq!(audit.verify(&[early, late]).await.unwrap(), Verdict::Whole { entries: 6 });
    let first = audit.list(0, 1).await.unwrap().remove(0);
    assert_eq!((first.action.as_str(), first.source.as_str()), ("guard_saved", "192.0.2.1 Firefox"));
    assert_eq!((first.before.as_deref(), first.after.as_deref()), (Some("0"), Some("1")));
}

async fn each_change(house: &House) {
    let audit = house.audit().await;
    record(&audit, 6).await;
    let bad = |seq, fault| Verdict::Bad { seq, fault };
    // Each change is undone before the next, where it can be.
    for (column, value) in [
        ("source", "'elsewhere'"),
        ("action", "'signed_in'"),
        ("subject", "'account 9'"),
        ("value_before", "null"),
        ("value_after", "'7'"),
        ("actor", "null"),
        ("at", "5"),
    ] {
        house.by_hand("create table kept as select * from audit").await;
        house.by_hand(&format!("update audit set {column} = {value} where seq = 4")).await;
        assert_eq!(audit.verify(&[]).await.unwrap(), bad(4, Fault::Changed), "{column}");
        house.by_hand("delete from audit").await;
        house.by_hand("insert into audit select * from kept").await;
        house.by_hand("drop table kept").await;
        assert_eq!(audit.verify(&[]).await.unwrap(), Verdict::Whole { entries: 6 });
    }
    house.by_hand("update audit set signature = (select signature from audit where seq = 1) where seq = 5").await;
    assert_eq!(audit.verify(&[]).await.unwrap(), bad(5, Fault::Unsigned));
    house.by_hand("update audit set seq = 100 where seq = 3").await;
    house.by_hand("update audit set seq = 3 where seq = 4").await;
    house.by_hand("update audit set seq = 4 where seq = 100").await;
    assert_eq!(audit.verify(&[]).await.unwrap(), bad(3, Fault::OutOfPlace), "reordered");
    house.by_hand("delete from audit where seq = 2").await;
    assert_eq!(audit.verify(&[]).await.unwrap(), bad(2, Fault::Missing), "deleted");
    house.by_hand("delete from audit where seq = 1").await;
    assert_eq!(audit.verify(&[]).await.unwrap(), bad(1, Fault::Missing), "the beginning cut off");
}

async fn cut_and_replaced(house: &House) {
    let audit = house.audit().await;
    record(&audit, 5).await;
    let kept = audit.head().await.unwrap().unwrap();
    house.by_hand("delete from audit where seq > 3").await;
    let verdict = audit.verify(std::slice::from_ref(&kept)).await.unwrap();
    assert_eq!(verdict, Verdict::Bad { seq: 4, fault: Fault::Missing }, "truncated");
    // The program goes on over the cut: the numbers are there again, and are not what they were.
    record(&audit, 4).await;
    let verdict = audit.verify(std::slice::from_ref(&kept)).await.unwrap();
    assert_eq!(verdict, Verdict::Bad { seq: 5, fault: Fault::NotAsKept }, "grown again");

    // The whole audit with its key replaced by one of another's making.
    house.by_hand("delete from audit").await;
    house.by_hand("delete from secrets").await;
    let forger = house.audit().await;
    record(&forger, 9).await;
    assert_eq!(forger.verify(&[]).await.unwrap(), Verdict::Whole { entries: 9 });
    let verdict = forger.verify(std::slice::from_ref(&kept)).await.unwrap();
    assert_eq!(verdict, Verdict::Bad { seq: 5, fault: Fault::NotAsKept });
    assert_eq!(audit.verify(&[]).await.unwrap(), Verdict::Bad { seq: 1, fault: Fault::Unsigned });
    assert_eq!(SignedHead { seq: 4, ..kept.clone() }.check(), Err(HeadError::Signature));
    assert_eq!(SignedHead { hash: "x".into(), ..kept }.check(), Err(HeadError::Nonsense));
}

async fn key_gone(house: &House) {
    record(&*house.audit().await, 1).await;
    let stranger = Sealer::from_master_key(&[1; 32], house.entropy.clone());
    let tried = Audit::open(house.store.clone(), house.clock.clone(), &*house.entropy, &stranger).await;
    assert!(matches!(tried, Err(AuditError::Key(_))));
    house.by_hand("delete from secrets").await;
    let tried = Audit::open(house.store.clone(), house.clock.clone(), &*house.entropy, &house.sealer).await;
    assert!(matches!(tried, Err(AuditError::KeyGone)));
}

async fn many(house: &House) {
    let (one, two) = tokio::join!(house.audit(), house.audit());
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..24 {
        let audit = if turn % 2 == 0 { Arc::clone(&one) } else { Arc::clone(&two) };
        let deed = Deed::new(None, &Origin::CommandLine, AuditAction::KeysRotated, "all");
        tries.spawn(async move { audit.record(deed).await.unwrap() });
    }
    let seqs: HashSet<i64> = tries.join_all().await.into_iter().collect();
    assert_eq!(seqs.len(), 24);
    assert_eq!(one.verify(&[]).await.unwrap(), Verdict::Whole { entries: 24 });
}

async fn people(house: &House) {
    let services = house.services().await;
    let ana = house.ana(&services).await.user;
    let identity = services.identity;
    identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap();
    for (email, password) in [(EMAIL, "wrong password here"), ("my password in the wrong field", "x")] {
        let tried = identity.sign_in(email, password, &web()).await;
        assert!(matches!(tried, Err(SignInError::WrongEmailOrPassword)));
    }
    identity.session_ended(ana, &web()).await;
    let rows = house.audit().await.list(0, 99).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.action.as_str(), row.actor, row.subject.as_str())).collect();
    let expected = [
        ("set_up", Some(ana), "ana@example.org"),
        ("signed_in", Some(ana), "ana@example.org"),
        ("sign_in_failed", None, "ana@example.org"),
        ("sign_in_failed", None, "unknown e-mail"),
        ("session_ended", Some(ana), "this session"),
    ];
    assert_eq!(told, expected);
    assert!(rows.iter().all(|row| row.source == "192.0.2.1 Firefox"));
}
