//! Passkeys: a way in, a second factor, and what is refused.

use crate::house::{EMAIL, House, PASSWORD, on_both, web};
use crate::soft_key::SoftKey;
use domain::{Millis, UserId};
use service::{Caller, Ceremony, CodeError, Confirmed, PasskeyError, Services};
use uuid::Uuid;

on_both!(a_passkey_is_a_way_in_and_a_second_factor, both_ways);
on_both!(f71_f72_a_passkey_opens_its_own_house_in_time_and_once_a_count, refused);
on_both!(f72_passkeys_change_only_after_a_fresh_confirmation_and_for_their_owner, owners);
on_both!(recovery_codes_come_with_the_first_second_factor_and_go_with_the_last, codes);

const ORIGIN: &str = "https://axisor.example.org";

fn confirmed(services: &Services, caller: &Caller) -> Confirmed {
    services.confirmed(caller.clone(), Some(services.desk.now())).unwrap()
}

async fn house_with_ana(house: &House) -> (Services, Caller) {
    let services = house.services().await;
    services.passkeys.live_at(ORIGIN).unwrap();
    let ana = house.ana(&services).await;
    (services, ana)
}

async fn add(services: &Services, caller: &Caller) -> (SoftKey, Vec<String>) {
    let mut key = SoftKey::for_origin(ORIGIN);
    let challenge = services.passkeys.begin(&confirmed(services, caller), EMAIL).await.unwrap();
    let made = key.create(&challenge.options);
    let codes =
        services.passkeys.finish(&confirmed(services, caller), "laptop", stored(challenge.ceremony), &made).await;
    (key, codes.unwrap())
}

/// As a session keeps it.
fn stored(ceremony: Ceremony) -> Ceremony {
    serde_json::from_str(&serde_json::to_string(&ceremony).unwrap()).unwrap()
}

async fn both_ways(house: &House) {
    let (services, ana) = house_with_ana(house).await;
    assert!(!services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap().needs_code);
    assert!(matches!(services.passkeys.ask(ana.user).await, Err(PasskeyError::NotFound)));
    let (mut key, _) = add(&services, &ana).await;

    let challenge = services.passkeys.ask_anyone().unwrap();
    let shown = key.get(&challenge.options);
    let entered = services.passkeys.enter_anyone(stored(challenge.ceremony), &shown, &web()).await.unwrap();
    assert_eq!(entered, ana.user);

    assert!(services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap().needs_code);
    let challenge = services.passkeys.ask(ana.user).await.unwrap();
    let shown = key.get(&challenge.options);
    services.passkeys.enter(ana.user, stored(challenge.ceremony), &shown, &web()).await.unwrap();
    let challenge = services.passkeys.ask(ana.user).await.unwrap();
    let shown = key.get(&challenge.options);
    services.passkeys.step_up(&ana, challenge.ceremony, &shown).await.unwrap();

    let own = services.passkeys.list(ana.user).await.unwrap().remove(0);
    assert_eq!((own.name.as_str(), own.last_used_at), ("laptop", Some(services.desk.now())));
    let actions: Vec<String> =
        services.audit.list(0, 99).await.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions.iter().filter(|action| *action == "passkey_added").count(), 1, "{actions:?}");
}

async fn refused(house: &House) {
    let (services, ana) = house_with_ana(house).await;
    let (mut key, _) = add(&services, &ana).await;
    let enter = async |ceremony: Ceremony, shown: String| {
        let entered = services.passkeys.enter_anyone(stored(ceremony), &shown, &web()).await;
        entered.is_ok()
    };
    let ask = || services.passkeys.ask_anyone().unwrap();

    let (first, second) = (ask(), ask());
    let shown = key.get(&first.options);
    assert!(!enter(second.ceremony, shown.clone()).await, "the answer to another question");
    house.clock.advance(Millis::new(5 * 60_000));
    assert!(!enter(first.ceremony, shown).await, "too late");

    let challenge = ask();
    key.origin = "https://axisor.example.org.evil.example".to_owned();
    assert!(!enter(challenge.ceremony.clone(), key.get(&challenge.options)).await, "another page");
    key.origin = ORIGIN.to_owned();
    key.verifies = false;
    assert!(!enter(challenge.ceremony.clone(), key.get(&challenge.options)).await, "found on a table");
    key.verifies = true;
    assert!(!enter(challenge.ceremony.clone(), "{}".to_owned()).await);

    let mut strange = SoftKey::for_origin(ORIGIN);
    let begun = services.passkeys.begin(&confirmed(&services, &ana), EMAIL).await.unwrap();
    strange.create(&begun.options);
    assert!(!enter(challenge.ceremony.clone(), strange.get(&challenge.options)).await, "never added");

    let shown = key.get(&challenge.options);
    assert!(enter(challenge.ceremony.clone(), shown.clone()).await, "the same question is still good");
    assert!(!enter(challenge.ceremony, shown).await, "its count was used");
    let challenge = ask();
    assert!(!enter(challenge.ceremony, key.get_again(&challenge.options)).await, "a copy that stayed behind");
    let subjects = services.audit.list(0, 99).await.unwrap().into_iter().map(|entry| entry.subject);
    assert!(subjects.filter(|subject| subject.contains("copy of it")).count() == 2);

    // A ceremony that was begun for one person ends for no other.
    let mine = services.passkeys.ask(ana.user).await.unwrap();
    let shown = key.get(&mine.options);
    let eve = UserId::from_uuid(Uuid::from_u128(9));
    let entered = services.passkeys.enter(eve, mine.ceremony, &shown, &web()).await;
    assert!(matches!(entered, Err(PasskeyError::Wrong)));
}

async fn owners(house: &House) {
    let (services, ana) = house_with_ana(house).await;
    let (_, _) = add(&services, &ana).await;
    let id = services.passkeys.list(ana.user).await.unwrap()[0].id;
    let eve = Caller { user: UserId::from_uuid(Uuid::from_u128(9)), origin: web() };
    let removed = services.passkeys.remove(&confirmed(&services, &eve), id).await;
    assert!(matches!(removed, Err(PasskeyError::NotFound)));
    let late = services.desk.now().minus(Millis::new(5 * 60_000));
    assert!(services.confirmed(ana.clone(), Some(late)).is_none() && services.confirmed(ana.clone(), None).is_none());

    let mut key = SoftKey::for_origin(ORIGIN);
    let begun = services.passkeys.begin(&confirmed(&services, &ana), EMAIL).await.unwrap();
    let made = key.create(&begun.options);
    for name in ["", "a\u{202e}b", &"x".repeat(61)] {
        let finished = services.passkeys.finish(&confirmed(&services, &ana), name, begun.ceremony.clone(), &made).await;
        assert!(matches!(finished, Err(PasskeyError::Name)), "{name:?}");
    }
    let finished = services.passkeys.finish(&confirmed(&services, &eve), "mine", begun.ceremony.clone(), &made).await;
    assert!(matches!(finished, Err(PasskeyError::Wrong)), "begun by another");
    let anyone = services.passkeys.ask_anyone().unwrap();
    let finished = services.passkeys.finish(&confirmed(&services, &ana), "x", anyone.ceremony, &made).await;
    assert!(matches!(finished, Err(PasskeyError::Wrong)), "begun for something else");
    services.passkeys.finish(&confirmed(&services, &ana), "phone", begun.ceremony.clone(), &made).await.unwrap();
    let again = services.passkeys.finish(&confirmed(&services, &ana), "phone", begun.ceremony, &made).await;
    assert!(matches!(again, Err(PasskeyError::Wrong)), "it is known already");
    services.passkeys.remove(&confirmed(&services, &ana), id).await.unwrap();
    assert_eq!(services.passkeys.list(ana.user).await.unwrap().len(), 1);
}

async fn codes(house: &House) {
    let (services, ana) = house_with_ana(house).await;
    let (_, codes) = add(&services, &ana).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(add(&services, &ana).await.1, Vec::<String>::new(), "they are there already");
    for wrong in ["", "000000", "0000-0000-0000-0000"] {
        let entered = services.second_factors.enter(ana.user, wrong, &web()).await;
        assert!(matches!(entered, Err(CodeError::Wrong)), "{wrong:?}");
    }
    services.second_factors.enter(ana.user, &codes[0], &web()).await.unwrap();
    let spent = services.second_factors.enter(ana.user, &codes[0], &web()).await;
    assert!(matches!(spent, Err(CodeError::Wrong)));
    for passkey in services.passkeys.list(ana.user).await.unwrap() {
        services.passkeys.remove(&confirmed(&services, &ana), passkey.id).await.unwrap();
    }
    assert_eq!(services.second_factors.status(ana.user).await.unwrap().recovery_codes_left, 0);
    assert!(!services.identity.sign_in(EMAIL, PASSWORD, &web()).await.unwrap().needs_code);
}
