//! F-73 and F-74: who guesses is slowed down, and learns nothing; who is signed in feels nothing.

use crate::house::{EMAIL, House, PASSWORD, on_both, web};
use domain::Millis;
use service::{BreachedPasswords, Caller, JoinError, Origin, PasswordError, SetupError, SignInError};
use std::io;
use std::sync::Arc;

on_both!(f74_after_five_failures_an_e_mail_waits_whoever_asks, account_waits);
on_both!(f74_an_address_that_tries_many_e_mails_waits, address_waits);
on_both!(f73_an_unknown_e_mail_is_answered_and_locked_as_a_known_one, unknown);
on_both!(f74_a_burst_of_sign_ins_checks_no_more_passwords_than_may_be, burst);
on_both!(a_common_or_weak_password_is_refused, weak_passwords);
on_both!(a_password_from_a_breach_is_refused, breached_passwords);
on_both!(a_password_is_compared_to_its_last_letter, long_passwords);

fn from(address: &str) -> Origin {
    Origin::web(address.parse().ok(), "curl")
}

async fn account_waits(house: &House) {
    let services = house.services().await;
    house.ana(&services).await;
    let identity = &services.identity;
    for turn in 0..5 {
        let tried = identity.sign_in(EMAIL, "wrong", &from(&format!("198.51.100.{turn}"))).await;
        assert!(matches!(tried, Err(SignInError::WrongEmailOrPassword)), "{turn}");
    }
    let other_spelling = identity.sign_in(" ANA@example.org", PASSWORD, &web()).await;
    assert!(matches!(other_spelling, Err(SignInError::Locked { .. })), "the right password waits, too");
    let rows = services.audit.list(1, 99).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(told, ["sign_in_failed", "sign_in_failed", "sign_in_failed", "sign_in_failed", "sign_in_locked"]);
    house.clock.advance(Millis::from_secs(60));
    services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap();
    for _ in 0..4 {
        assert!(identity.sign_in(EMAIL, "wrong", &web()).await.is_err());
    }
    services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap();
}

async fn address_waits(house: &House) {
    let services = house.services().await;
    house.ana(&services).await;
    for turn in 0..30 {
        let tried = services.identity.sign_in(&format!("{turn}@example.org"), "x", &from("2001:db8::1")).await;
        assert!(matches!(tried, Err(SignInError::WrongEmailOrPassword)), "{turn}");
    }
    let tried = services.identity.sign_in(EMAIL, PASSWORD, &from("2001:db8::2")).await;
    assert!(matches!(tried, Err(SignInError::Locked { .. })), "the same network");
    services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap();
    for _ in 0..31 {
        services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap();
    }
}

async fn unknown(house: &House) {
    let services = house.services().await;
    house.ana(&services).await;
    let mut told = Vec::new();
    for email in [EMAIL, "nobody@example.org"] {
        let mut answers = Vec::new();
        for turn in 0..7 {
            let tried = services.identity.sign_in(email, "wrong", &from(&format!("198.51.100.{turn}"))).await;
            answers.push(format!("{:?}", tried.unwrap_err()));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
}

async fn burst(house: &House) {
    let services = house.services().await;
    house.ana(&services).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let identity = services.identity.clone();
        tries.spawn(async move { identity.sign_in(EMAIL, "wrong", &web()).await });
    }
    let outcomes = tries.join_all().await;
    let checked = outcomes.iter().filter(|tried| matches!(tried, Err(SignInError::WrongEmailOrPassword))).count();
    assert_eq!(checked, 5);
}

async fn long_passwords(house: &House) {
    let services = house.services().await;
    let token = services.identity.open_setup().await.unwrap().unwrap();
    let longest: String = PASSWORD.chars().cycle().take(128).collect();
    let longer = format!("{longest}x");
    let tried = services.identity.create_first_user(&token, EMAIL, &longer, &web()).await;
    assert!(matches!(tried, Err(SetupError::Password(PasswordError::TooLong))));
    services.identity.create_first_user(&token, EMAIL, &longest, &web()).await.unwrap();
    assert!(services.identity.sign_in(EMAIL, &longer, &web()).await.is_err());
    services.identity.sign_in(EMAIL, &longest, &web()).await.unwrap();
}

async fn weak_passwords(house: &House) {
    let services = house.services().await;
    let token = services.identity.open_setup().await.unwrap().unwrap();
    for (password, why) in [
        ("short", PasswordError::TooShort),
        ("Password123!", PasswordError::Common),
        ("abcdefghijklm", PasswordError::Weak),
        ("ana@example.org", PasswordError::Weak),
    ] {
        let tried = services.identity.create_first_user(&token, EMAIL, password, &web()).await;
        assert!(matches!(tried, Err(SetupError::Password(told)) if told == why), "{password}");
    }
}

/// A list that holds one password, or cannot be read.
struct Breach(Option<[u8; 20]>);

impl BreachedPasswords for Breach {
    fn holds(&self, hash: &[u8; 20]) -> io::Result<bool> {
        self.0.map(|known| known == *hash).ok_or_else(|| io::Error::other("the disk is gone"))
    }
}

async fn breached_passwords(house: &House) {
    let services = house.services().await;
    let token = services.identity.open_setup().await.unwrap().unwrap();
    // `printf 'two red kettles sing at noon' | sha1sum`
    let known = hex::decode("7b0cddb454bbfc050fc120e943efa20c6b27037b").unwrap();
    services.identity.refuse_breached(Arc::new(Breach(known.try_into().ok())));
    let origin = web();
    let first = |password| services.identity.create_first_user(&token, EMAIL, password, &origin);
    let refused = first("two red kettles sing at noon").await;
    assert!(matches!(refused, Err(SetupError::Password(PasswordError::Breached))), "{refused:?}");
    let user = first(PASSWORD).await.unwrap();

    let other = house.services().await;
    other.identity.refuse_breached(Arc::new(Breach(None)));
    let caller = Caller { user, origin: web() };
    let changed = other.joining.change_password(&caller, PASSWORD, "a third horse battery staple", "one").await;
    assert!(matches!(changed, Err(JoinError::Password(PasswordError::Unchecked))), "{changed:?}");
}
