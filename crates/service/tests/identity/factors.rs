//! F-72: each code once, few guesses, and no change without showing again who it is.

use crate::house::{EMAIL, House, PASSWORD, on_both, web};
use domain::{Millis, Timestamp};
use service::{Caller, Clock, CodeError, Confirmed, Services, SignInError, StepUpError};
use totp_rs::{Builder, Totp};

on_both!(f72_a_code_opens_once_and_only_near_its_time, codes);
on_both!(f72_guessed_codes_are_few, guesses);
on_both!(a_recovery_code_opens_once, recovery);
on_both!(f72_factors_change_only_after_a_fresh_confirmation, step_up);
on_both!(f40_a_seed_lies_in_the_database_only_sealed, sealed_seed);

/// An authenticator that has read the seed.
fn authenticator(seed: &str) -> Totp {
    let secret = totp_rs::Secret::try_from_base32(seed.replace(' ', "")).unwrap();
    Builder::new().with_secret(secret).with_account_name("ana").build().unwrap()
}

fn code(house: &House, totp: &Totp, steps: i64) -> String {
    let seconds = house.clock.now().unix_ms() / 1_000 + 30 * steps;
    totp.generate(u64::try_from(seconds).unwrap()).to_string()
}

fn confirmed(services: &Services, caller: &Caller) -> Confirmed {
    services.confirmed(caller.clone(), Some(services.desk.now())).unwrap()
}

/// Adds an authenticator, and moves on to a step whose code was not used.
async fn add(house: &House, services: &Services, caller: &Caller) -> (Totp, Vec<String>) {
    let confirmed = confirmed(services, caller);
    let enrolment = services.second_factors.begin(&confirmed, EMAIL).await.unwrap();
    assert!(enrolment.qr_path.starts_with("M0 0h1v1h-1z") && 20 < enrolment.size);
    let totp = authenticator(&enrolment.seed);
    let sealed = hex::decode(&enrolment.sealed).unwrap();
    let wrong = services.second_factors.finish(&confirmed, enrolment.version, sealed.clone(), "000000").await;
    assert!(matches!(wrong, Err(CodeError::Wrong)));
    let first = code(house, &totp, 0);
    let codes = services.second_factors.finish(&confirmed, enrolment.version, sealed, &first).await.unwrap();
    assert_eq!(codes.len(), 10);
    let again = services.second_factors.check(caller.user, &first, &web()).await;
    assert!(matches!(again, Err(CodeError::Wrong)), "the code that added it is spent");
    house.clock.advance(Millis::from_secs(120));
    (totp, codes)
}

async fn codes(house: &House) {
    let services = house.services().await;
    let ana = house.ana(&services).await;
    assert!(!services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap().needs_code);
    let (totp, _) = add(house, &services, &ana).await;
    assert!(services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap().needs_code);
    let enter = |code: String| {
        let factors = services.second_factors.clone();
        async move { factors.enter(ana.user, &code, &web()).await }
    };
    for steps in [-2, 2] {
        assert!(matches!(enter(code(house, &totp, steps)).await, Err(CodeError::Wrong)), "{steps} steps away");
    }
    let now = code(house, &totp, 0);
    let (one, two) = tokio::join!(enter(now.clone()), enter(now.clone()));
    assert!(one.is_ok() != two.is_ok(), "one of two at once");
    assert!(matches!(enter(code(house, &totp, -1)).await, Err(CodeError::Wrong)), "the one before went with it");
    enter(format!(" {} ", code(house, &totp, 1))).await.unwrap();
    let rows = services.audit.list(0, 99).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.action == "signed_in").count(), 3, "once without, twice with a code");
}

async fn guesses(house: &House) {
    let services = house.services().await;
    let ana = house.ana(&services).await;
    let (totp, codes) = add(house, &services, &ana).await;
    services.second_factors.check(ana.user, &codes[0], &web()).await.unwrap();
    for guess in 0..5 {
        let tried = services.second_factors.enter(ana.user, &format!("{guess:06}"), &web()).await;
        assert!(matches!(tried, Err(CodeError::Wrong)), "{guess}");
    }
    for right in [code(house, &totp, 0), codes[1].clone()] {
        let tried = services.second_factors.enter(ana.user, &right, &web()).await;
        assert!(matches!(tried, Err(CodeError::Locked { .. })));
    }
    house.clock.advance(Millis::from_secs(60));
    services.second_factors.enter(ana.user, &code(house, &totp, 0), &web()).await.unwrap();
}

async fn recovery(house: &House) {
    let services = house.services().await;
    let ana = house.ana(&services).await;
    let (_, codes) = add(house, &services, &ana).await;
    services.second_factors.enter(ana.user, &codes[3].to_lowercase().replace('-', " "), &web()).await.unwrap();
    let again = services.second_factors.enter(ana.user, &codes[3], &web()).await;
    assert!(matches!(again, Err(CodeError::Wrong)));
    assert_eq!(services.second_factors.status(ana.user).await.unwrap().recovery_codes_left, 9);
    let renewed = services.second_factors.renew_recovery_codes(&confirmed(&services, &ana)).await.unwrap();
    assert!(services.second_factors.enter(ana.user, &codes[4], &web()).await.is_err(), "the old ones are gone");
    services.second_factors.enter(ana.user, &renewed[0], &web()).await.unwrap();
}

async fn step_up(house: &House) {
    let services = house.services().await;
    let ana = house.ana(&services).await;
    assert!(services.confirmed(ana.clone(), None).is_none());
    let long_ago = services.desk.now().minus(Millis::from_secs(300));
    assert!(services.confirmed(ana.clone(), Some(long_ago)).is_none());
    let (totp, codes) = add(house, &services, &ana).await;
    let tried = services.step_up(&ana, "wrong password", &code(house, &totp, 0)).await;
    assert!(matches!(tried, Err(StepUpError::Password(SignInError::WrongEmailOrPassword))));
    let tried = services.step_up(&ana, PASSWORD, "").await;
    assert!(matches!(tried, Err(StepUpError::Code(CodeError::Wrong))));
    services.step_up(&ana, PASSWORD, &code(house, &totp, 0)).await.unwrap();
    services.second_factors.remove(&confirmed(&services, &ana)).await.unwrap();
    assert_eq!(services.second_factors.status(ana.user).await.unwrap().added_at, None::<Timestamp>);
    assert!(!services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap().needs_code);
    services.second_factors.check(ana.user, &codes[0], &web()).await.expect("nothing is asked any more");
    add(house, &services, &ana).await;
}

async fn sealed_seed(house: &House) {
    let services = house.services().await;
    let ana = house.ana(&services).await;
    let enrolment = services.second_factors.begin(&confirmed(&services, &ana), EMAIL).await.unwrap();
    let sealed = hex::decode(&enrolment.sealed).unwrap();
    let seed = authenticator(&enrolment.seed).secret().as_bytes().to_vec();
    assert!(!sealed.windows(seed.len()).any(|window| window == seed));
    assert!(!format!("{enrolment:?}").contains(&enrolment.seed[..4]));
    let eve = Caller { user: domain::UserId::from_uuid(uuid::Uuid::from_u128(66)), origin: web() };
    let totp = authenticator(&enrolment.seed);
    let stolen = services.second_factors.finish(&confirmed(&services, &eve), 1, sealed, &code(house, &totp, 0)).await;
    assert!(matches!(stolen, Err(CodeError::Seal(_))), "bound to its user");
}
