//! Plans: granted once, and no limit exceeded by many who come at once.

use crate::access::{family, refresh, token};
use crate::database::{Fresh, on_both};
use crate::sample::{account, at, fresh_uuid, guard, user};
use domain::{Countable, Plan, PlanFull, PlanGrantId, PlanTerm, Registration, Role, UserId};
use store::{Account, Link, LinkPurpose, NewLink, PlanGrant, Store, StoreError};

on_both!(f89_of_many_grants_by_one_request_one_is_made, granted_once);
on_both!(f89_of_many_grants_at_once_each_is_kept_and_the_newest_counts, granted_at_once);
on_both!(f81_of_many_things_made_at_once_no_more_come_than_a_plan_allows, limits_race);
on_both!(f81_a_plan_that_ran_out_keeps_what_is_there_and_refuses_what_is_new, ran_out);
on_both!(whoever_joins_gets_the_plan_that_is_set, joins);

async fn someone(store: &dyn Store) -> UserId {
    let user = user(&format!("{}@example.com", fresh_uuid().simple()));
    store.insert_user(&user).await.unwrap();
    user.id
}

fn grant(user: UserId, plan: Plan, until: Option<i64>) -> PlanGrant {
    let (request, why) = (PlanGrantId::from_uuid(fresh_uuid()), "for the test".to_owned());
    PlanGrant { request, user, term: PlanTerm { plan, until: until.map(at) }, granted_at: at(10), why }
}

fn full<T>(done: Result<T, StoreError>) -> Option<PlanFull> {
    match done {
        Err(StoreError::Full(full)) => Some(full),
        Err(error) => panic!("{error}"),
        Ok(_) => None,
    }
}

async fn granted_once(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let ana = someone(&*store).await;
    assert_eq!(store.find_plan(ana, at(10)).await.unwrap(), Some(PlanTerm { plan: Plan::Unlimited, until: None }));
    let grant = grant(ana, Plan::Pro, Some(1_000));
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..8 {
        let (store, grant) = (if turn % 2 == 0 { store.clone() } else { other.clone() }, grant.clone());
        tries.spawn(async move { store.grant_plan(&grant).await });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Duplicate))).count(), 7);
    assert_eq!(store.find_plan_grant(grant.request).await.unwrap(), Some((ana, grant.term)));
    assert_eq!(store.find_plan(ana, at(10)).await.unwrap(), Some(grant.term));
    assert_eq!(store.list_people(at(10)).await.unwrap()[0].plan, grant.term);
    let stranger = PlanGrant { user: UserId::from_uuid(fresh_uuid()), ..self::grant(ana, Plan::Pro, None) };
    assert!(matches!(store.grant_plan(&stranger).await, Err(StoreError::Conflict)));
}

async fn granted_at_once(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let ana = someone(&*store).await;
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..8 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        let grant = grant(ana, Plan::Free, Some(100 + turn));
        tries.spawn(async move { store.grant_plan(&grant).await });
    }
    assert!(tries.join_all().await.into_iter().all(|granted| granted.is_ok()));
    let last = grant(ana, Plan::Pro, Some(50));
    store.grant_plan(&last).await.unwrap();
    assert_eq!(store.find_plan(ana, at(49)).await.unwrap(), Some(last.term));
    assert_eq!(store.find_plan(ana, at(50)).await.unwrap().unwrap().plan, Plan::Free, "those before it stand again");
    assert_eq!(store.find_plan(ana, at(200)).await.unwrap().unwrap().plan, Plan::Unlimited, "and the first of all");
}

/// Makes something of one kind; accounts for guards are there already.
async fn make(
    store: &dyn Store,
    user: UserId,
    of: Countable,
    number: usize,
    accounts: &[Account],
) -> Result<(), StoreError> {
    let hash = char::from(b'a' + u8::try_from(number).unwrap()).to_string();
    match of {
        Countable::Accounts => store.insert_account(&account(user, &format!("made {number}"))).await,
        Countable::Guards => store.save_guard(accounts[number].id, &guard(1)).await,
        Countable::Tokens => store.insert_api_token(&token(user, &hash)).await,
        Countable::Programs => store.insert_token_family(&family(user), &refresh(&hash, 500)).await,
    }
}

async fn limits_race(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let ana = someone(&*store).await;
    for of in [Countable::Guards, Countable::Tokens, Countable::Programs] {
        limit_race(&[store.clone(), other.clone()], ana, of).await;
    }
    let bob = someone(&*store).await;
    limit_race(&[store, other], bob, Countable::Accounts).await;
}

async fn limit_race(stores: &[std::sync::Arc<dyn Store>; 2], user: UserId, of: Countable) {
    let store = &stores[0];
    let mut accounts = Vec::new();
    if of == Countable::Guards {
        for number in 0..8 {
            accounts.push(account(user, &format!("account {number}")));
            store.insert_account(&accounts[number]).await.unwrap();
        }
    }
    store.grant_plan(&grant(user, Plan::Free, None)).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (store, accounts) = (stores[number % 2].clone(), accounts.clone());
        tries.spawn(async move { make(&*store, user, of, number, &accounts).await });
    }
    let refused: Vec<PlanFull> = tries.join_all().await.into_iter().filter_map(full).collect();
    let limit = Plan::Free.limit(of).unwrap();
    assert_eq!(refused, vec![PlanFull { plan: Plan::Free, of, limit }; 8 - usize::try_from(limit).unwrap()], "{of:?}");
    assert_eq!(store.count_of_plan(user, of, at(10)).await.unwrap(), limit, "{of:?}");
}

async fn ran_out(fresh: &Fresh) {
    let store = fresh.open().await;
    let ana = someone(&*store).await;
    store.grant_plan(&grant(ana, Plan::Free, None)).await.unwrap();
    store.grant_plan(&grant(ana, Plan::Pro, Some(5_000))).await.unwrap();
    let late = |mut account: Account| {
        account.created_at = at(6_000);
        account
    };
    let accounts = ["one", "two", "three"].map(|name| account(ana, name));
    for account in &accounts {
        store.insert_account(account).await.unwrap();
        store.save_guard(account.id, &guard(1)).await.unwrap();
    }
    // From here on the plan is the free one again: of two accounts and one guard.
    assert!(full(store.insert_account(&late(account(ana, "four"))).await).is_some());
    for account in &accounts {
        let next = domain::guard_policy::Guard { saved_at: at(6_000), ..guard(2) };
        store.save_guard(account.id, &next).await.unwrap();
        assert_eq!(store.find_guard(account.id).await.unwrap(), Some(next));
    }
    assert_eq!(store.list_accounts(ana).await.unwrap().len(), 3);
    for account in &accounts[..2] {
        store.remove_account(account.id, at(6_000)).await.unwrap();
    }
    assert!(full(store.insert_account(&late(account(ana, "five"))).await).is_none(), "there is room again");
}

async fn joins(fresh: &Fresh) {
    let store = fresh.open().await;
    someone(&*store).await;
    store.save_registration(Registration::Invitation).await.unwrap();
    assert_eq!(store.find_plan_for_new().await.unwrap(), Plan::Unlimited);
    for (token, plan) in [("a", Plan::Unlimited), ("b", Plan::Free)] {
        store.save_plan_for_new(plan).await.unwrap();
        let link = Link { user: None, email: None, role: Some(Role::Operator) };
        let (token_hash, purpose) = (token.to_owned(), LinkPurpose::Invitation);
        let new = NewLink { token_hash, purpose, link, made_at: at(10), expires_at: at(100_000) };
        store.insert_link(&new).await.unwrap();
        let user = user(&format!("{token}@example.com"));
        store.join(&user, token, purpose, false).await.unwrap();
        assert_eq!(store.find_plan(user.id, at(20)).await.unwrap(), Some(PlanTerm { plan, until: None }));
    }
}
