//! What the tables themselves refuse, whoever writes.

use crate::database::{Fresh, by_hand, on_both};
use crate::sample::{entry, guard, stored_account};
use domain::Reason;
use store::{LedgerFilter, StoreError};

on_both!(f31_an_impossible_rule_is_refused_by_the_table_too, impossible_rules);
on_both!(the_ledger_is_never_changed, ledger_is_fixed);
on_both!(a_corrupt_rule_is_named_and_not_obeyed, corrupt_rule);

async fn impossible_rules(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    store.save_guard(account, &guard(1)).await.unwrap();
    let sound = serde_json::to_string(&guard(1).policy).unwrap();
    for (part, broken) in [
        ("\"trigger\":500", "\"trigger\":0"),
        ("\"trigger\":500", "\"trigger\":1000000000"),
        ("\"target\":1000", "\"target\":540"),
        ("\"per_action\":50000", "\"per_action\":-1"),
        ("\"per_action\":50000,", ""),
        ("\"per_day\":500000", "\"per_day\":null"),
        ("\"max_actions\":10", "\"max_actions\":0"),
    ] {
        let policy = sound.replace(part, broken);
        assert_ne!(policy, sound);
        let refused = by_hand(fresh, &format!("update guard_versions set policy = '{policy}'")).await;
        assert!(refused.is_err(), "{broken}");
    }
    assert_eq!(store.find_guard(account).await.unwrap(), Some(guard(1)));
}

async fn ledger_is_fixed(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    store.append_entries(&[entry(account, None, Reason::ExchangeReadable, false)]).await.unwrap();
    assert!(by_hand(fresh, "update ledger set outcome = 'held'").await.is_err());
    assert!(by_hand(fresh, "delete from ledger").await.is_err());
    assert_eq!(store.list_ledger(account, LedgerFilter::newest(5)).await.unwrap().len(), 1);
}

async fn corrupt_rule(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    store.save_guard(account, &guard(1)).await.unwrap();
    // The table's own check knows the numbers, not the words.
    let broken = serde_json::to_string(&guard(1).policy).unwrap().replace("close", "reduce");
    by_hand(fresh, &format!("update guard_versions set policy = '{broken}'")).await.unwrap();
    let told = store.find_guard(account).await.unwrap_err();
    assert!(matches!(told, StoreError::Corrupt { table: "guard_versions", column: "policy", .. }), "{told}");
}
