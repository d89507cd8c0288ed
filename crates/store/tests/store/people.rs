//! Roles, shared accounts and one-time links, on both databases.

use crate::access::{family, passkey, refresh, token};
use crate::database::{Fresh, on_both};
use crate::sample::{account, at, fresh_uuid, user};
use domain::{Access, FactorRule, Language, Profile, Registration, Role, Units, UserId};
use store::{
    Authenticator, KnownUser, Link, LinkPurpose, NewLink, PasswordChange, Secret, Session, Store, StoreError, User,
};

on_both!(the_first_person_is_the_admin, first_admin);
on_both!(f81_of_two_admins_who_take_each_others_role_at_once_one_stays, admins_race);
on_both!(f71_a_suspended_person_is_as_good_as_unknown, suspension);
on_both!(f79_an_account_is_seen_by_its_owner_and_by_those_it_is_shared_with, sharing);
on_both!(f81_a_link_is_redeemed_once_however_many_come_with_it, links_race);
on_both!(f81_a_link_opens_nothing_after_its_time_or_for_another_address, link_walls);
on_both!(f71_a_new_password_ends_every_session_and_every_other_link, reset);
on_both!(f71_what_shuts_somebody_out_ends_sessions_tokens_and_programs, shut_out);
on_both!(f79_an_account_that_is_removed_is_seen_by_nobody, removed);
on_both!(what_somebody_likes_is_kept, profiles);
on_both!(a_second_factor_is_owed_where_it_is_demanded_and_missing, owed_factors);

async fn joined(store: &dyn Store, email: &str) -> User {
    let user = user(email);
    store.insert_user(&user).await.unwrap();
    user
}

fn session(id: &str, user: UserId) -> Session {
    Session { id: id.to_owned(), user: Some(user), data: b"{}".to_vec(), expires_at: at(1_000_000) }
}

fn link(token: &str, purpose: LinkPurpose, user: Option<UserId>, email: Option<&str>) -> NewLink {
    let role = matches!(purpose, LinkPurpose::Invitation | LinkPurpose::Registration).then_some(Role::Operator);
    let link = Link { user, email: email.map(str::to_owned), role };
    NewLink { token_hash: token.to_owned(), purpose, link, made_at: at(10), expires_at: at(100_000) }
}

async fn first_admin(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, bob) = (joined(&*store, "ana@example.com").await, joined(&*store, "bob@example.com").await);
    assert_eq!(store.find_role(ana.id).await.unwrap(), Some(Role::Admin));
    assert_eq!(store.find_role(bob.id).await.unwrap(), Some(Role::Operator));
    assert_eq!(store.find_role(UserId::from_uuid(fresh_uuid())).await.unwrap(), None);
    assert!(matches!(store.change_role(ana.id, Role::Operator).await, Err(StoreError::Conflict)), "the last admin");
    assert!(matches!(store.suspend_user(ana.id, "x", at(1)).await, Err(StoreError::Conflict)), "the last admin");
    store.change_role(bob.id, Role::Viewer).await.unwrap();
    assert_eq!(store.find_role(bob.id).await.unwrap(), Some(Role::Viewer));
}

async fn admins_race(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let (ana, bob) = (joined(&*store, "ana@example.com").await, joined(&*store, "bob@example.com").await);
    for _ in 0..8 {
        for id in [ana.id, bob.id] {
            store.restore_user(id).await.unwrap();
            store.change_role(id, Role::Admin).await.unwrap();
        }
        let (one, two) =
            tokio::join!(store.change_role(ana.id, Role::Viewer), other.suspend_user(bob.id, "race", at(5)));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    }
}

async fn suspension(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, bob) = (joined(&*store, "ana@example.com").await, joined(&*store, "bob@example.com").await);
    let main = account(bob.id, "main");
    store.insert_account(&main).await.unwrap();
    store.insert_session(&session("b1", bob.id)).await.unwrap();
    store.insert_session(&session("a1", ana.id)).await.unwrap();
    store.insert_link(&link("t1", LinkPurpose::Reset, Some(bob.id), None)).await.unwrap();
    store.suspend_user(bob.id, "left", at(50)).await.unwrap();
    assert!(store.find_session("b1", at(60)).await.unwrap().is_none());
    assert!(store.find_session("a1", at(60)).await.unwrap().is_some());
    // A session that was being written meanwhile opens nothing either, nor later.
    store.insert_session(&session("b2", bob.id)).await.unwrap();
    assert!(store.find_session("b2", at(60)).await.unwrap().is_none());
    assert!(store.find_user(bob.id).await.unwrap().is_none());
    assert!(store.find_user_by_email("bob@example.com").await.unwrap().is_none());
    assert_eq!(store.find_role(bob.id).await.unwrap(), None);
    assert_eq!(store.find_access(bob.id, main.id).await.unwrap(), None);
    assert!(store.list_seen_accounts(bob.id).await.unwrap().is_empty());
    assert!(store.find_link("t1", LinkPurpose::Reset, at(60)).await.unwrap().is_none());
    let told = store.find_person(bob.id, at(60)).await.unwrap().unwrap();
    assert_eq!(told.suspension.map(|suspension| (suspension.at, suspension.why)), Some((at(50), "left".to_owned())));
    store.restore_user(bob.id).await.unwrap();
    assert!(store.find_session("b2", at(70)).await.unwrap().is_none(), "from before");
    assert!(store.find_user(bob.id).await.unwrap().is_some());
    let people = store.list_people(at(70)).await.unwrap();
    assert_eq!(
        people.iter().map(|person| (&*person.email, person.sessions)).collect::<Vec<_>>(),
        [("ana@example.com", 1), ("bob@example.com", 0)]
    );
}

async fn sharing(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, bob) = (joined(&*store, "ana@example.com").await, joined(&*store, "bob@example.com").await);
    let (main, other) = (account(ana.id, "main"), account(bob.id, "other"));
    for account in [&main, &other] {
        store.insert_account(account).await.unwrap();
    }
    assert_eq!(store.find_access(bob.id, main.id).await.unwrap(), None);
    store.share_account(main.id, bob.id, Access::See, at(3)).await.unwrap();
    assert_eq!(store.find_access(bob.id, main.id).await.unwrap(), Some((Access::See, Role::Operator)));
    store.share_account(main.id, bob.id, Access::Act, at(4)).await.unwrap();
    assert_eq!(store.find_access(bob.id, main.id).await.unwrap(), Some((Access::Act, Role::Operator)));
    assert_eq!(store.find_access(ana.id, main.id).await.unwrap(), Some((Access::Owner, Role::Admin)));
    assert_eq!(store.find_access(ana.id, other.id).await.unwrap(), None, "an admin sees nobody's account");
    let seen = store.list_seen_accounts(bob.id).await.unwrap();
    let seen: Vec<_> = seen.iter().map(|(account, access)| (account.id, *access)).collect();
    assert_eq!(seen, [(other.id, Access::Owner), (main.id, Access::Act)]);
    let owner = store.share_account(main.id, ana.id, Access::See, at(5)).await;
    assert!(matches!(owner, Err(StoreError::Conflict)), "one's own");
    assert_eq!(store.list_shares(main.id).await.unwrap().len(), 1);
    store.unshare_account(main.id, bob.id).await.unwrap();
    assert!(matches!(store.unshare_account(main.id, bob.id).await, Err(StoreError::Conflict)));
    assert_eq!(store.find_access(bob.id, main.id).await.unwrap(), None);
}

async fn links_race(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    joined(&*store, "ana@example.com").await;
    store.save_registration(Registration::Invitation).await.unwrap();
    store.insert_link(&link("t1", LinkPurpose::Invitation, None, None)).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..12 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        let user = User { created_at: at(20), ..user(&format!("{turn}@example.com")) };
        tries.spawn(async move { store.join(&user, "t1", LinkPurpose::Invitation, false).await });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(store.count_users().await.unwrap(), 2);
}

async fn link_walls(fresh: &Fresh) {
    let store = fresh.open().await;
    let ana = joined(&*store, "ana@example.com").await;
    let bob = User { created_at: at(20), ..user("bob@example.com") };
    let join = |token: &'static str, purpose, user: User| {
        let store = store.clone();
        async move { store.join(&user, token, purpose, true).await }
    };
    store.insert_link(&link("i", LinkPurpose::Invitation, None, Some("bob@example.com"))).await.unwrap();
    store.insert_link(&link("r", LinkPurpose::Registration, None, Some("bob@example.com"))).await.unwrap();
    let refused = [
        join("i", LinkPurpose::Invitation, bob.clone()).await.map(|_| "registration is closed"),
        join("i", LinkPurpose::Registration, bob.clone()).await.map(|_| "another purpose"),
        join("nonsense", LinkPurpose::Invitation, bob.clone()).await.map(|_| "no link"),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    }
    store.save_registration(Registration::Invitation).await.unwrap();
    assert_eq!(store.find_registration().await.unwrap(), Registration::Invitation);
    let eve = User { created_at: at(20), ..user("eve@example.com") };
    let late = User { created_at: at(100_000), ..bob.clone() };
    let taken = User { email: ana.email.clone(), ..bob.clone() };
    for (who, purpose, token) in [
        (eve, LinkPurpose::Invitation, "i"),
        (late, LinkPurpose::Invitation, "i"),
        (taken, LinkPurpose::Invitation, "i"),
        (bob.clone(), LinkPurpose::Registration, "r"),
    ] {
        let refused = join(token, purpose, who).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    }
    assert_eq!(join("i", LinkPurpose::Invitation, bob.clone()).await.unwrap(), Role::Operator, "it was not spent");
    store.save_registration(Registration::Open).await.unwrap();
    let again = join("r", LinkPurpose::Registration, User { id: UserId::from_uuid(fresh_uuid()), ..bob }).await;
    assert!(matches!(again, Err(StoreError::Duplicate)), "{again:?}");
    assert_eq!(store.delete_expired_links(at(100_000)).await.unwrap(), 2);
}

async fn reset(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let ana = joined(&*store, "ana@example.com").await;
    store.insert_session(&session("a1", ana.id)).await.unwrap();
    store.insert_link(&link("t1", LinkPurpose::Reset, Some(ana.id), None)).await.unwrap();
    store.insert_link(&link("t2", LinkPurpose::Reset, Some(ana.id), None)).await.unwrap();
    assert!(store.find_link("t1", LinkPurpose::Reset, at(20)).await.unwrap().is_none(), "only the newest opens");
    store.insert_link(&link("v", LinkPurpose::Verification, Some(ana.id), Some("ana@example.com"))).await.unwrap();
    let (one, two) =
        tokio::join!(store.reset_password("t2", "$one", at(20)), other.reset_password("t2", "$two", at(20)));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert!(store.find_session("a1", at(20)).await.unwrap().is_none());
    assert!(matches!(store.verify_email("v", at(20)).await, Err(StoreError::Conflict)), "closed with it");
    store.insert_link(&link("v", LinkPurpose::Verification, Some(ana.id), Some("ana@example.com"))).await.unwrap();
    assert_eq!(store.verify_email("v", at(20)).await.unwrap(), ana.id);
    assert!(store.find_person(ana.id, at(20)).await.unwrap().unwrap().is_email_verified);
    // A new password by who knows the old one keeps the session that asked.
    let hash = store.find_user(ana.id).await.unwrap().unwrap().password_hash;
    for id in ["a2", "a3"] {
        store.insert_session(&session(id, ana.id)).await.unwrap();
    }
    let change = PasswordChange { old_hash: &hash, new_hash: "$new", kept: "a2" };
    let stale = store.change_password(ana.id, &PasswordChange { old_hash: "$stale", ..change }, at(20)).await;
    assert!(matches!(stale, Err(StoreError::Conflict)));
    store.change_password(ana.id, &change, at(20)).await.unwrap();
    assert!(store.find_session("a2", at(20)).await.unwrap().is_some());
    assert!(store.find_session("a3", at(20)).await.unwrap().is_none());
}

async fn profiles(fresh: &Fresh) {
    let store = fresh.open().await;
    let ana = joined(&*store, "ana@example.com").await;
    assert_eq!(store.find_profile(ana.id).await.unwrap(), Some(Profile::default()));
    let time_zone = Some("America/Sao_Paulo".to_owned());
    let wanted = Profile { name: "Ana".to_owned(), language: Language::Portuguese, time_zone: time_zone.clone() };
    store.save_profile(ana.id, &wanted).await.unwrap();
    assert_eq!(store.find_profile(ana.id).await.unwrap(), Some(wanted));
    store.save_units(ana.id, Units::Btc).await.unwrap();
    let known = KnownUser { role: Role::Admin, time_zone, units: Some(Units::Btc), owes_factor: false };
    assert_eq!(store.find_known(ana.id).await.unwrap(), Some(known));
    store.insert_user(&user("bob@example.com")).await.unwrap();
    store
        .change_role(store.find_user_by_email("bob@example.com").await.unwrap().unwrap().id, Role::Admin)
        .await
        .unwrap();
    store.suspend_user(ana.id, "left", at(5)).await.unwrap();
    assert_eq!(store.find_known(ana.id).await.unwrap(), None);
    assert_eq!(store.find_profile(UserId::from_uuid(fresh_uuid())).await.unwrap(), None);
}

/// Everything by which somebody is in, or a program in their name; `round` is a character of its own.
async fn owed_factors(fresh: &Fresh) {
    let store = fresh.open().await;
    let ana = joined(&*store, "ana@example.com").await;
    let owes = async || store.find_known(ana.id).await.unwrap().unwrap().owes_factor;
    assert_eq!(store.find_factor_rule().await.unwrap(), FactorRule::Offered);
    assert!(!owes().await);
    store.save_factor_rule(FactorRule::Demanded).await.unwrap();
    assert_eq!(store.find_factor_rule().await.unwrap(), FactorRule::Demanded);
    assert!(owes().await);
    let seed = Secret { owner: ana.id, field: "totp_seed".to_owned(), version: 1, sealed: vec![3; 150] };
    let added = Authenticator { added_at: at(5), last_step: 100 };
    store.add_authenticator(&seed, added, &["a".repeat(64)]).await.unwrap();
    assert!(!owes().await);
    store.remove_authenticator(ana.id).await.unwrap();
    assert!(owes().await, "who takes theirs away owes one again");
    store.insert_passkey(&passkey(ana.id), &[]).await.unwrap();
    assert!(!owes().await);
}

async fn let_in(store: &dyn Store, user: UserId, round: &str) {
    store.insert_session(&session(round, user)).await.unwrap();
    store.insert_api_token(&token(user, round)).await.unwrap();
    let refresh = refresh(round, 500);
    store.insert_token_family(&family(user), &refresh).await.unwrap();
}

async fn is_in(store: &dyn Store, user: UserId, round: &str) -> [bool; 3] {
    [
        store.find_session(round, at(50)).await.unwrap().is_some(),
        store.find_api_token(&round.repeat(64), at(50)).await.unwrap().is_some(),
        !store.list_token_families(user, at(50)).await.unwrap().is_empty(),
    ]
}

async fn shut_out(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, bob) = (joined(&*store, "ana@example.com").await, joined(&*store, "bob@example.com").await);
    let_in(&*store, ana.id, "a").await;
    for round in ["1", "2", "3", "4", "5"] {
        let_in(&*store, bob.id, round).await;
        assert_eq!(is_in(&*store, bob.id, round).await, [true; 3], "{round}");
        match round {
            "1" => assert_eq!(store.shut_out(bob.id, at(40)).await.unwrap(), 3),
            "2" => store.take_factors(bob.id, at(40)).await.unwrap(),
            "3" => store.suspend_user(bob.id, "left", at(40)).await.unwrap(),
            "4" => {
                store.insert_link(&link("r", LinkPurpose::Reset, Some(bob.id), None)).await.unwrap();
                store.reset_password("r", "$old", at(40)).await.unwrap();
            }
            _ => {
                let change = PasswordChange { old_hash: "$old", new_hash: "$new", kept: "another" };
                store.change_password(bob.id, &change, at(40)).await.unwrap();
            }
        }
        assert_eq!(is_in(&*store, bob.id, round).await, [false; 3], "{round}");
        store.restore_user(bob.id).await.unwrap();
    }
    assert_eq!(is_in(&*store, ana.id, "a").await, [true; 3], "nobody else's");
}

async fn removed(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, bob) = (joined(&*store, "ana@example.com").await, joined(&*store, "bob@example.com").await);
    let main = account(ana.id, "main");
    store.insert_account(&main).await.unwrap();
    store.share_account(main.id, bob.id, Access::Act, at(3)).await.unwrap();
    store.remove_account(main.id, at(4)).await.unwrap();
    for user in [ana.id, bob.id] {
        assert_eq!(store.find_access(user, main.id).await.unwrap(), None);
        assert!(store.list_seen_accounts(user).await.unwrap().is_empty());
    }
    assert!(matches!(store.share_account(main.id, bob.id, Access::See, at(5)).await, Err(StoreError::Conflict)));
}
