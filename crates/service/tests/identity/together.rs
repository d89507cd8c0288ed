//! F-67: a deed and its entry in the audit are there together, or neither is.

use crate::house::{EMAIL, House, PASSWORD, on_both, web};
use domain::brake::Stopped;
use domain::guard_policy::{AtLimit, GuardLimits, GuardPolicyDraft, GuardScope};
use domain::{
    Access, AccountId, Bps, FactorRule, GuardPolicy, GuardState, Language, Millis, Mode, Profile, Registration, Role,
    Sats, Timestamp, Units, UserId,
};
use service::audit::Verdict;

use service::{Caller, Confirmed, PeopleError, Reach, Services, Ticket};
use std::fmt::Debug;
use store::Session;

on_both!(f67_what_cannot_be_recorded_is_not_done, full);
on_both!(a_stop_is_pulled_though_it_cannot_be_recorded, stop);
on_both!(f67_deeds_at_once_from_two_programs_leave_one_chain, at_once);

const BOB: &str = "bob@example.org";

pub fn policy() -> GuardPolicy {
    let limits = GuardLimits {
        per_action: Sats::new(50_000),
        per_position: Sats::new(200_000),
        per_day: Sats::new(500_000),
        wallet_reserve: Sats::new(10_000),
        cooldown: Millis::from_secs(60),
        max_actions: 10,
    };
    let (scope, trigger, target) = (GuardScope::All, Bps::new(500), Bps::new(1_000));
    GuardPolicy::new(GuardPolicyDraft { scope, trigger, target, limits, at_limit: AtLimit::Close }).unwrap()
}

pub fn confirmed(services: &Services, caller: &Caller) -> Confirmed {
    services.confirmed(caller.clone(), Some(services.desk.now())).unwrap()
}

fn token(ticket: Ticket) -> String {
    let Ticket::Shown(link) = ticket else { panic!("this server sends no mail") };
    link.rsplit_once('=').unwrap().1.to_owned()
}

async fn invited(services: &Services, admin: &Confirmed) -> String {
    token(services.people.invite(admin, Role::Operator, Some(BOB), Language::English).await.unwrap())
}

/// Somebody beside the admin, and an account of the admin's.
pub async fn furnished(house: &House, services: &Services) -> (Confirmed, UserId, AccountId) {
    let ana = house.ana(services).await;
    let admin = confirmed(services, &ana);
    services.people.set_registration(&admin, Registration::Invitation).await.unwrap();
    let invitation = invited(services, &admin).await;
    let (bob, _) = services.joining.join(&invitation, BOB, PASSWORD, &web()).await.unwrap();
    let opened = services.custody.open(&ana, "paper", Mode::Paper, None).await.unwrap();
    for id in ["one", "two"] {
        let session = Session {
            id: id.to_owned(),
            user: Some(ana.user),
            data: Vec::new(),
            expires_at: Timestamp::from_unix_ms(i64::MAX),
        };
        house.store.insert_session(&session).await.unwrap();
    }
    (admin, bob, opened.account)
}

/// All that the deeds below would change.
async fn seen(house: &House, ana: UserId, bob: UserId, account: AccountId) -> Vec<String> {
    let (store, now) = (&house.store, Timestamp::EPOCH);
    vec![
        format!("{:?}", store.list_people(now).await),
        format!("{:?}", store.find_profile(ana).await),
        format!("{:?}", store.find_known(ana).await),
        format!("{:?}", store.find_registration().await),
        format!("{:?}", store.find_factor_rule().await),
        format!("{:?}", store.list_sessions(ana, now).await.map(|sessions| sessions.len())),
        format!("{:?}", store.list_shares(account).await),
        format!("{:?}", store.list_accounts(ana).await.map(|accounts| accounts.len())),
        format!("{:?}", store.find_user(bob).await.map(|bob| bob.map(|bob| bob.password_hash))),
        format!("{:?}", store.list_stops(account).await),
        format!("{:?}", store.find_guard(account).await),
        format!("{:?}", store.count_recovery_codes(ana).await),
        format!("{:?}", store.list_audit(0, 99).await.map(|rows| rows.len())),
    ]
}

fn refused<T, E: Debug>(what: &str, done: Result<T, E>) {
    assert!(done.is_err(), "{what} was done without its entry");
}

async fn full(house: &House) {
    let services = house.services().await;
    let (admin, bob, account) = furnished(house, &services).await;
    let ana = admin.caller();
    let everything = Reach::Everything;
    services.pull_stop(ana, everything, Stopped::Trading, false).await.unwrap();
    let reset = token(services.people.make_reset_link(&admin, bob, "lost it").await.unwrap());
    let before = seen(house, ana.user, bob, account).await;

    house.fill_audit().await;
    let Services { people, sharing, sessions, custody, profiles, joining, identity, second_factors, .. } = &services;
    refused("a role", people.change_role(&admin, bob, Role::Viewer, "why").await);
    refused("a suspension", people.suspend(ana, bob, "why").await);
    refused("a restoring", people.restore(&admin, bob, "why").await);
    refused("a reset of factors", people.reset_factors(&admin, bob, "why").await);
    refused("a sign-out", people.end_sessions(ana, bob, "why").await);
    refused("an invitation", people.invite(&admin, Role::Operator, None, Language::English).await);
    refused("a registration", people.set_registration(&admin, Registration::Closed).await);
    refused("a rule for factors", people.set_factor_rule(&admin, FactorRule::Demanded).await);
    refused("a profile", profiles.save(ana, Profile { name: "Ana".to_owned(), ..Profile::default() }).await);
    refused("a unit", profiles.save_units(ana, Units::Btc).await);
    refused("a share", sharing.share(&admin, account, BOB, Access::See).await);
    refused("an end of a session", sessions.end(&admin, "one").await);
    refused("an end of sessions", sessions.end_others(&admin, "one").await);
    refused("an account", custody.open(ana, "another", Mode::Paper, None).await);
    refused("a removal", custody.remove(&admin, account).await);
    refused("a guard", services.save_guard(ana, account, policy(), GuardState::Live, 0).await);
    refused("a release", services.release_stop(&admin, everything, Stopped::Trading).await);
    refused("an arming", services.rearm_breaker(&admin).await);
    refused("recovery codes", second_factors.renew_recovery_codes(&admin).await);
    refused("a new password", joining.reset_password(&reset, "another horse battery staple", &web()).await);
    refused("a changed password", joining.change_password(ana, PASSWORD, "a third horse battery staple", "one").await);
    refused("a sign-in", identity.sign_in(EMAIL, PASSWORD, &web()).await);
    refused("a confirmation", services.step_up(ana, PASSWORD, "").await);
    assert_eq!(seen(house, ana.user, bob, account).await, before);

    house.empty_audit().await;
    people.change_role(&admin, bob, Role::Viewer, "why").await.unwrap();
    services.save_guard(ana, account, policy(), GuardState::Live, 0).await.unwrap();
    joining.reset_password(&reset, "another horse battery staple", &web()).await.expect("the link was not spent");
    assert_ne!(seen(house, ana.user, bob, account).await, before, "each of these could have been seen");
    assert!(matches!(services.audit.verify(&[]).await.unwrap(), Verdict::Whole { .. }));
}

async fn stop(house: &House) {
    let services = house.services().await;
    let (admin, _, account) = furnished(house, &services).await;
    let entries = services.audit.list(0, 99).await.unwrap().len();
    house.fill_audit().await;
    services.pull_stop(admin.caller(), Reach::Everything, Stopped::Guards, false).await.unwrap();
    assert_eq!(house.store.list_stops(account).await.unwrap().len(), 1);
    assert_eq!(services.audit.list(0, 99).await.unwrap().len(), entries);
}

async fn at_once(house: &House) {
    let one = house.services().await;
    let (admin, bob, _) = furnished(house, &one).await;
    let two = house.services().await;
    let before = one.audit.list(0, 999).await.unwrap().len();
    let mut deeds = tokio::task::JoinSet::new();
    for turn in 0..16 {
        let (services, admin) = (if turn % 2 == 0 { one.clone() } else { two.clone() }, admin.clone());
        deeds.spawn(async move {
            match turn % 4 {
                0 | 1 => services.people.change_role(&admin, bob, Role::Viewer, &format!("turn {turn}")).await,
                // Nobody but she is an admin: refused, and so not recorded.
                2 => services.people.suspend(admin.caller(), admin.caller().user, "why").await,
                _ => services.people.set_registration(&admin, Registration::Closed).await,
            }
        });
    }
    let done = deeds.join_all().await;
    let refused = done.iter().filter(|done| matches!(done, Err(PeopleError::LastAdmin))).count();
    assert_eq!((done.iter().filter(|done| done.is_ok()).count(), refused), (12, 4), "{done:?}");
    let entries = i64::try_from(before + 12).unwrap();
    for services in [&one, &two] {
        assert_eq!(services.audit.verify(&[]).await.unwrap(), Verdict::Whole { entries });
    }
}
