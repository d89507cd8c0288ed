//! Plans: granted by admins alone, once a request, and never at the cost of a guard.

use crate::house::{House, on_both};
use crate::together::{confirmed, furnished, policy};
use domain::{Countable, GuardState, Millis, Mode, Plan, PlanFull, PlanGrantId, PlanTerm};
use service::{ArmGuardError, Caller, CustodyError, Origin, PeopleError};
use uuid::Uuid;

on_both!(f89_a_grant_that_arrives_often_is_made_and_recorded_once, once);
on_both!(f81_a_plan_is_granted_by_an_admin_for_a_reason_and_not_into_the_past, walls);
on_both!(f81_a_plan_that_ran_out_refuses_what_is_new_and_lets_every_guard_be_changed, ran_out);

fn request(number: u128) -> PlanGrantId {
    PlanGrantId::from_uuid(Uuid::from_u128(number))
}

const FREE: PlanTerm = PlanTerm { plan: Plan::Free, until: None };

async fn once(house: &House) {
    let one = house.services().await;
    let (admin, bob, _) = furnished(house, &one).await;
    let two = house.services().await;
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..8 {
        let (services, admin) = (if turn % 2 == 0 { one.clone() } else { two.clone() }, admin.clone());
        tries.spawn(async move { services.people.grant_plan(&admin, request(1), bob, FREE, "asked for it").await });
    }
    for granted in tries.join_all().await {
        granted.unwrap();
    }
    let rows = one.audit.list(0, 99).await.unwrap();
    let told: Vec<_> = rows.iter().filter(|row| row.action == "plan_granted").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].after.as_deref(), Some(r#"{"plan":"free","until":null,"reason":"asked for it"}"#));
    let other = PlanTerm { plan: Plan::Pro, until: None };
    let renamed = one.people.grant_plan(&admin, request(1), bob, other, "another wish").await;
    assert!(renamed.is_err(), "a name of a request is used once");
    assert_eq!(house.store.find_plan(bob, one.desk.now()).await.unwrap(), Some(FREE));
}

async fn walls(house: &House) {
    let services = house.services().await;
    let (admin, bob, _) = furnished(house, &services).await;
    let mallory = confirmed(&services, &Caller { user: bob, origin: Origin::CommandLine });
    let pro = PlanTerm { plan: Plan::Pro, until: None };
    let tried = services.people.grant_plan(&mallory, request(1), bob, pro, "mine").await;
    assert!(matches!(tried, Err(PeopleError::Denied(_))));
    let tried = services.people.set_plan_for_new(&mallory, Plan::Pro).await;
    assert!(matches!(tried, Err(PeopleError::Denied(_))));
    let tried = services.people.grant_plan(&admin, request(1), bob, pro, " ").await;
    assert!(matches!(tried, Err(PeopleError::NoReason)));
    let past = PlanTerm { until: Some(services.desk.now()), ..pro };
    let tried = services.people.grant_plan(&admin, request(1), bob, past, "why").await;
    assert!(matches!(tried, Err(PeopleError::PastEnd)));
    let stranger = domain::UserId::from_uuid(Uuid::from_u128(99));
    let tried = services.people.grant_plan(&admin, request(1), stranger, pro, "why").await;
    assert!(matches!(tried, Err(PeopleError::NoSuchPerson)));
    assert_eq!(house.store.find_plan(bob, services.desk.now()).await.unwrap().unwrap().plan, Plan::Unlimited);
}

async fn ran_out(house: &House) {
    let services = house.services().await;
    let (admin, _, first) = furnished(house, &services).await;
    let ana = admin.caller();
    let until = services.desk.now().plus(Millis::DAY);
    let pro = PlanTerm { plan: Plan::Pro, until: Some(until) };
    services.people.grant_plan(&admin, request(1), ana.user, FREE, "to begin with").await.unwrap();
    services.people.grant_plan(&admin, request(2), ana.user, pro, "for a day").await.unwrap();
    let mut accounts = vec![first];
    for name in ["second", "third"] {
        accounts.push(services.custody.open(ana, name, Mode::Paper, None).await.unwrap().account);
    }
    for account in &accounts[..2] {
        services.save_guard(ana, *account, policy(), GuardState::Live, 0).await.unwrap();
    }
    house.clock.advance(Millis::DAY);

    let own = services.people.find_own_plan(ana).await.unwrap();
    assert_eq!((own.term, own.used[0], own.used[1]), (FREE, (Countable::Accounts, 3), (Countable::Guards, 2)));
    let tried = services.custody.open(ana, "fourth", Mode::Paper, None).await.unwrap_err();
    let told = PlanFull { plan: Plan::Free, of: Countable::Accounts, limit: 2 };
    assert!(matches!(tried, CustodyError::Full(full) if full == told), "{tried}");
    let tried = services.save_guard(ana, accounts[2], policy(), GuardState::Live, 0).await;
    assert!(matches!(tried, Err(ArmGuardError::Full(full)) if full.of == Countable::Guards));
    for account in &accounts[..2] {
        let guard = house.store.find_guard(*account).await.unwrap().unwrap();
        assert_eq!(guard.state, GuardState::Live, "the end of a plan switches nothing off");
        services.save_guard(ana, *account, policy(), GuardState::Live, 1).await.unwrap();
    }
    assert_eq!(house.store.list_every_account().await.unwrap().len(), 3);
}
