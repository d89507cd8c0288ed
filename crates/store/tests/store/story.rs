//! From the first user to a delivered notice, and all of it still there after a restart.

use crate::database::{Fresh, on_both};
use crate::sample::{LATE, PROGRAM, account, at, entry, fence, guard, intent, position, user, write};
use domain::action::{Action, Intent};
use domain::{ActionState, LedgerEntry, Millis, Reason, Sats};
use store::{LedgerFilter, PositionSpending, Session, Spending, StoreError};

on_both!(a_life_is_remembered, a_life);

async fn a_life(fresh: &Fresh) {
    let store = fresh.open().await;
    store.ping().await.unwrap();

    // The first user comes through the link, once.
    assert_eq!(store.count_users().await.unwrap(), 0);
    store.insert_setup_link("old", at(9_000)).await.unwrap();
    store.insert_setup_link("new", at(9_000)).await.unwrap();
    assert!(!store.is_setup_link_open("old", at(1)).await.unwrap(), "a newer link replaces it");
    assert!(store.is_setup_link_open("new", at(8_999)).await.unwrap());
    assert!(!store.is_setup_link_open("new", at(9_000)).await.unwrap(), "it has expired");
    let ana = user("ana@example.com");
    assert!(matches!(store.insert_first_user(&ana, "new", at(9_000)).await, Err(StoreError::Conflict)));
    store.insert_first_user(&ana, "new", at(5)).await.unwrap();
    assert!(matches!(store.insert_first_user(&user("eve@example.com"), "new", at(6)).await, Err(StoreError::Conflict)));
    assert!(matches!(store.insert_user(&user("ana@example.com")).await, Err(StoreError::Duplicate)));
    assert!(store.find_user_by_email("ana@example.com").await.unwrap() == Some(ana.clone()));
    assert!(store.find_user(ana.id).await.unwrap() == Some(ana.clone()));
    assert!(store.find_user_by_email("eve@example.com").await.unwrap().is_none());

    // A session lives until it expires or is ended.
    let session = Session { id: "s1".into(), user: None, data: vec![0, 255, 1], expires_at: at(100) };
    store.insert_session(&session).await.unwrap();
    assert!(matches!(store.insert_session(&session).await, Err(StoreError::Duplicate)));
    let longer = Session { user: Some(ana.id), data: b"{}".to_vec(), expires_at: at(200), ..session.clone() };
    store.save_session(&longer).await.unwrap();
    assert!(store.find_session("s1", at(199)).await.unwrap() == Some(longer.clone()));
    assert!(store.list_sessions(ana.id, at(199)).await.unwrap() == [longer.clone()]);
    assert!(store.list_sessions(ana.id, at(200)).await.unwrap().is_empty());
    assert!(store.find_session("s1", at(200)).await.unwrap().is_none());
    assert_eq!(store.delete_expired_sessions(at(200)).await.unwrap(), 1);

    // An account, its guard, and every version of it.
    let main = account(ana.id, "main");
    store.insert_account(&main).await.unwrap();
    assert!(matches!(store.insert_account(&account(ana.id, "main")).await, Err(StoreError::Duplicate)));
    assert!(store.find_account(main.id).await.unwrap().as_ref() == Some(&main));
    assert_eq!(store.find_guard(main.id).await.unwrap(), None);
    store.save_guard(main.id, &guard(1)).await.unwrap();
    store.save_guard(main.id, &guard(2)).await.unwrap();
    assert_eq!(store.find_guard(main.id).await.unwrap(), Some(guard(2)));
    assert_eq!(store.list_guard_versions(main.id).await.unwrap(), [guard(2), guard(1)]);

    // A top-up, from intent to notice.
    let trade = position();
    let meant = Intent { guard_version: 2, ..intent(main.id, trade, 20_000, 86_400_000) };
    store.claim_lease(main.id, &PROGRAM, None, at(0), LATE).await.unwrap();
    write(&*store, &meant, fence()).await.unwrap();
    let open = Action { intent: meant, state: ActionState::Intent };
    assert_eq!(store.list_open_actions(main.id).await.unwrap(), [open]);
    let told = entry(main.id, Some(trade), Reason::ExchangeReadable, true);
    let quiet = entry(main.id, None, Reason::ExchangeReadable, false);
    let seqs = store.settle_action(meant.id, ActionState::Proved, &[told.clone(), quiet.clone()]).await.unwrap();
    assert_eq!(seqs.len(), 2);
    assert!(seqs[0] < seqs[1]);

    // A restart.
    drop(store);
    let store = fresh.open().await;
    assert!(store.list_every_account().await.unwrap() == [main.clone()]);
    assert!(store.list_accounts(ana.id).await.unwrap() == [main.clone()]);
    assert!(store.list_accounts(user("eve@example.com").id).await.unwrap().is_empty());
    assert_eq!(store.list_open_actions(main.id).await.unwrap(), []);
    assert_eq!(store.list_actions(main.id, 5).await.unwrap(), [Action { intent: meant, state: ActionState::Proved }]);
    let spent = Spending {
        position: Sats::new(20_000),
        position_actions: 1,
        last_action_at: Some(at(86_400_000)),
        day: Sats::new(20_000),
    };
    assert_eq!(store.find_spending(main.id, trade, at(86_400_000)).await.unwrap(), spent);
    let next_day = Spending { day: Sats::ZERO, ..spent };
    assert_eq!(store.find_spending(main.id, trade, at(86_400_001)).await.unwrap(), next_day);
    let of_trade = PositionSpending {
        position: trade,
        added: Sats::new(20_000),
        actions: 1,
        last_action_at: Some(at(86_400_000)),
    };
    assert_eq!(store.list_spending(main.id).await.unwrap(), [of_trade]);

    let told = LedgerEntry { seq: seqs[0], ..told.entry };
    let quiet = LedgerEntry { seq: seqs[1], ..quiet.entry };
    let newest = LedgerFilter::newest(10);
    assert_eq!(store.list_ledger(main.id, newest).await.unwrap(), [quiet.clone(), told.clone()]);
    let list = |filter| store.list_ledger(main.id, filter);
    assert_eq!(list(LedgerFilter { before: Some(seqs[1]), ..newest }).await.unwrap(), std::slice::from_ref(&told));
    assert_eq!(list(LedgerFilter { after: Some(seqs[0]), ..newest }).await.unwrap(), std::slice::from_ref(&quiet));
    assert_eq!(list(LedgerFilter { position: Some(trade), ..newest }).await.unwrap(), std::slice::from_ref(&told));
    assert_eq!(list(LedgerFilter { outcome: Some(quiet.outcome), ..newest }).await.unwrap(), [quiet]);
    let moment = told.at;
    assert!(list(LedgerFilter { until: Some(moment), ..newest }).await.unwrap().iter().all(|it| it.at < moment));
    assert!(list(LedgerFilter { from: Some(moment), ..newest }).await.unwrap().contains(&told));
    let later = Some(moment.plus(Millis::DAY));
    assert!(list(LedgerFilter { from: later, ..newest }).await.unwrap().is_empty());
    assert_eq!(list(LedgerFilter { limit: 1, ..newest }).await.unwrap().len(), 1);

    let claimed = store.claim_notices(at(4_000), Millis::SECOND, 10).await.unwrap();
    assert_eq!(claimed.iter().map(|notice| (&notice.entry, notice.attempts)).collect::<Vec<_>>(), [(&told, 1)]);
    store.mark_notice_delivered(claimed[0].id, at(4_001)).await.unwrap();
    assert!(store.claim_notices(at(1_000_000), Millis::SECOND, 10).await.unwrap().is_empty());
}
