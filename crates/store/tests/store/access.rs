//! Tokens of programs, and passkeys.

use crate::database::{Fresh, on_both};
use crate::identity::row;
use crate::sample::{at, fresh_uuid, user};
use domain::{ApiScope, ApiScopes, ApiTokenId, PasskeyId, TokenFamilyId, UserId};
use store::{ApiToken, RefreshToken, Refreshed, SignInCode, Store, StoreError, StoredPasskey, TokenFamily};

on_both!(f71_of_many_who_show_one_refresh_token_at_once_one_is_served_and_all_of_it_ends, rotated_at_once);
on_both!(f71_a_refresh_token_is_spent_by_its_use, rotation);
on_both!(a_token_is_its_owners_and_ends_with_its_time, tokens);
on_both!(a_sign_in_code_is_spent_by_its_use, sign_in_codes);
on_both!(a_deed_and_its_entry_are_written_together_or_not_at_all, together);
on_both!(f72_a_counter_of_a_passkey_is_used_once, passkeys);

async fn someone(store: &dyn Store) -> UserId {
    let user = user(&format!("{}@example.com", fresh_uuid().simple()));
    store.insert_user(&user).await.unwrap();
    user.id
}

pub fn token(owner: UserId, hash: &str) -> ApiToken {
    ApiToken {
        id: ApiTokenId::from_uuid(fresh_uuid()),
        user: owner,
        name: "backup".to_owned(),
        token_hash: hash.repeat(64),
        scopes: ApiScopes::NONE.with(ApiScope::Guard),
        created_at: at(10),
        expires_at: at(100),
        last_used_at: None,
    }
}

pub fn family(owner: UserId) -> TokenFamily {
    TokenFamily {
        id: TokenFamilyId::from_uuid(fresh_uuid()),
        user: owner,
        name: "grafana".to_owned(),
        scopes: ApiScopes::all(),
        source: "192.0.2.1".to_owned(),
        created_at: at(10),
        seen_at: at(10),
        expires_at: at(1_000),
    }
}

pub fn refresh(hash: &str, expires_at: i64) -> RefreshToken {
    RefreshToken { token_hash: hash.repeat(64), expires_at: at(expires_at) }
}

async fn rotated_at_once(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let family = family(someone(&*store).await);
    store.recording(&row(1)).insert_token_family(&family, &refresh("a", 500)).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..8_u8 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        let next = refresh(&char::from(b'1' + turn).to_string(), 500);
        tries.spawn(async move { store.rotate_refresh_token(&"a".repeat(64), &next, at(20)).await.unwrap() });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Refreshed::Rotated(_))).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Refreshed::Reused(_))).count(), 7);
    assert_eq!(store.find_token_family(family.id, at(20)).await.unwrap(), None);
    for turn in 0..8_u8 {
        let shown = char::from(b'1' + turn).to_string().repeat(64);
        let next = store.rotate_refresh_token(&shown, &refresh("z", 500), at(21)).await.unwrap();
        assert_eq!(next, Refreshed::Unknown, "what the one was given is worth nothing");
    }
}

async fn rotation(fresh: &Fresh) {
    let store = fresh.open().await;
    let owner = someone(&*store).await;
    let family = family(owner);
    store.recording(&row(1)).insert_token_family(&family, &refresh("a", 500)).await.unwrap();
    let shown = |hash: &str| hash.repeat(64);
    assert_eq!(store.rotate_refresh_token(&shown("x"), &refresh("y", 1), at(20)).await.unwrap(), Refreshed::Unknown);
    let rotated = store.rotate_refresh_token(&shown("a"), &refresh("b", 500), at(20)).await.unwrap();
    assert_eq!(rotated, Refreshed::Rotated(TokenFamily { seen_at: at(20), ..family.clone() }));
    assert_eq!(store.rotate_refresh_token(&shown("b"), &refresh("c", 900), at(500)).await.unwrap(), Refreshed::Unknown);
    assert!(store.find_token_family(family.id, at(501)).await.unwrap().is_some(), "one that is too old ends nothing");
    let reused = store.rotate_refresh_token(&shown("a"), &refresh("c", 900), at(30)).await.unwrap();
    assert!(matches!(reused, Refreshed::Reused(ended) if ended.id == family.id));
    assert_eq!(store.find_token_family(family.id, at(30)).await.unwrap(), None);
    assert_eq!(store.list_token_families(owner, at(30)).await.unwrap(), []);
    assert_eq!(store.find_family_of_refresh_token(&shown("b")).await.unwrap().unwrap().id, family.id);
    store.forget_access_before(at(31)).await.unwrap();
    assert_eq!(store.find_family_of_refresh_token(&shown("b")).await.unwrap(), None);
}

async fn tokens(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, eve) = (someone(&*store).await, someone(&*store).await);
    let mine = token(ana, "a");
    store.recording(&row(1)).insert_api_token(&mine).await.unwrap();
    assert!(store.find_api_token(&mine.token_hash, at(99)).await.unwrap() == Some(mine.clone()));
    assert!(store.find_api_token(&mine.token_hash, at(100)).await.unwrap().is_none());
    store.note_api_token_use(mine.id, at(50)).await.unwrap();
    assert_eq!(store.list_api_tokens(ana).await.unwrap()[0].last_used_at, Some(at(50)));
    assert!(store.list_api_tokens(eve).await.unwrap().is_empty());
    assert!(matches!(store.recording(&row(2)).delete_api_token(eve, mine.id).await, Err(StoreError::Conflict)));
    store.recording(&row(2)).delete_api_token(ana, mine.id).await.unwrap();
    assert!(store.find_api_token(&mine.token_hash, at(50)).await.unwrap().is_none());
    store.recording(&row(3)).insert_api_token(&token(ana, "b")).await.unwrap();
    let family = family(ana);
    store.recording(&row(4)).insert_token_family(&family, &refresh("c", 500)).await.unwrap();
    assert!(matches!(
        store.recording(&row(5)).end_token_family(eve, family.id, at(5)).await,
        Err(StoreError::Conflict)
    ));
    assert_eq!(store.end_all_access(ana, at(60)).await.unwrap(), 2);
    assert!(store.find_api_token(&"b".repeat(64), at(60)).await.unwrap().is_none());
    assert_eq!(store.find_token_family(family.id, at(60)).await.unwrap(), None);
}

async fn together(fresh: &Fresh) {
    let store = fresh.open().await;
    let ana = someone(&*store).await;
    let mine = token(ana, "a");
    assert!(matches!(store.recording(&row(2)).insert_api_token(&mine).await, Err(StoreError::AuditMovedOn)));
    assert!(store.list_api_tokens(ana).await.unwrap().is_empty());
    store.recording(&row(1)).insert_api_token(&mine).await.unwrap();
    assert!(matches!(store.recording(&row(1)).delete_api_token(ana, mine.id).await, Err(StoreError::AuditMovedOn)));
    assert_eq!(store.list_api_tokens(ana).await.unwrap().len(), 1);
    let strange = ApiTokenId::from_uuid(fresh_uuid());
    assert!(matches!(store.recording(&row(2)).delete_api_token(ana, strange).await, Err(StoreError::Conflict)));
    assert_eq!(store.list_audit(0, 9).await.unwrap().len(), 1, "what was not done is not recorded");
}

async fn sign_in_codes(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let (ana, eve) = (someone(&*store).await, someone(&*store).await);
    let code = |user, hash: &str| SignInCode {
        code_hash: hash.repeat(64),
        user,
        name: "grafana".to_owned(),
        scopes: ApiScopes::NONE.with(ApiScope::Guard),
        expires_at: at(100),
    };
    store.insert_sign_in_code(&code(ana, "a")).await.unwrap();
    store.insert_sign_in_code(&code(ana, "b")).await.unwrap();
    store.insert_sign_in_code(&code(eve, "e")).await.unwrap();
    let [a, b, e] = ["a", "b", "e"].map(|hash| hash.repeat(64));
    assert!(store.find_sign_in_code(&a, at(20)).await.unwrap().is_none(), "the newest stands in its place");
    assert_eq!(store.find_sign_in_code(&b, at(99)).await.unwrap().unwrap().name, "grafana");
    assert!(store.find_sign_in_code(&b, at(100)).await.unwrap().is_none(), "its time is over");
    let (one, two) = (family(ana), family(ana));
    let (first, second) = (refresh("1", 500), refresh("2", 500));
    let of_another = store.redeem_sign_in_code(&e, &one, &first).await;
    assert!(matches!(of_another, Err(StoreError::Conflict)));
    let both = tokio::join!(store.redeem_sign_in_code(&b, &one, &first), other.redeem_sign_in_code(&b, &two, &second));
    assert!(both.0.is_ok() != both.1.is_ok(), "one code, one use");
    assert_eq!(store.list_token_families(ana, at(20)).await.unwrap().len(), 1);
    let late = TokenFamily { created_at: at(100), ..family(eve) };
    assert!(matches!(store.redeem_sign_in_code(&e, &late, &second).await, Err(StoreError::Conflict)));
    store.shut_out(eve, at(20)).await.unwrap();
    assert!(store.find_sign_in_code(&e, at(20)).await.unwrap().is_none(), "it goes with all else that lets her in");
}

pub fn passkey(user: UserId) -> StoredPasskey {
    StoredPasskey {
        id: PasskeyId::from_uuid(fresh_uuid()),
        user,
        credential_id: "AAAA".to_owned(),
        name: "laptop".to_owned(),
        data: "{\"counter\":1}".to_owned(),
        added_at: at(5),
        last_used_at: None,
    }
}

async fn passkeys(fresh: &Fresh) {
    let store = fresh.open().await;
    let (ana, eve) = (someone(&*store).await, someone(&*store).await);
    let key = passkey(ana);
    store.recording(&row(1)).insert_passkey(&key, &["a".repeat(64)]).await.unwrap();
    assert_eq!(store.count_recovery_codes(ana).await.unwrap(), 1);
    let again = StoredPasskey { id: PasskeyId::from_uuid(fresh_uuid()), user: eve, ..key.clone() };
    assert!(matches!(store.recording(&row(2)).insert_passkey(&again, &[]).await, Err(StoreError::Duplicate)));
    let used = |to: &'static str| store.note_passkey_use(key.id, "{\"counter\":1}", to, at(9));
    let (one, two) = tokio::join!(used("{\"counter\":2}"), used("{\"counter\":2, \"again\":true}"));
    assert!(one.is_ok() != two.is_ok(), "one counter, one use");
    assert_eq!(store.find_passkey("AAAA").await.unwrap().unwrap().last_used_at, Some(at(9)));
    assert!(matches!(store.recording(&row(2)).delete_passkey(eve, key.id).await, Err(StoreError::Conflict)));
    store.recording(&row(2)).delete_passkey(ana, key.id).await.unwrap();
    assert!(store.list_passkeys(ana).await.unwrap().is_empty());
    assert_eq!(store.count_recovery_codes(ana).await.unwrap(), 0, "they stand in for what is gone");
}
