//! F-42: a rotation of the master key can be broken off anywhere, and is gone on with.

use crate::house::{House, MASTER_KEY, on_both};
use domain::{AccountId, Mode, Timestamp, UserId};
use service::rotation::{Place, keys_in_use, rotate};
use service::{Binding, MasterKey, MasterKeys, SealError, Sealer};
use store::{Account, User};
use uuid::Uuid;
use zeroize::Zeroizing;

on_both!(f42_a_rotation_that_was_broken_off_is_gone_on_with, broken_off);
on_both!(f41_ciphertexts_that_were_swapped_do_not_open_and_are_left_alone, swapped);
on_both!(f42_a_lost_master_key_is_named, lost);

fn key(bytes: [u8; 32]) -> MasterKey {
    MasterKey::new(Zeroizing::new(bytes))
}

fn during_rotation(house: &House) -> Sealer {
    let keys = MasterKeys::from_list(vec![key([8; 32]), key(MASTER_KEY)]).unwrap();
    Sealer::new(keys, None, house.entropy.clone())
}

async fn accounts(house: &House, count: u128) -> Vec<Account> {
    let created_at = Timestamp::from_unix_ms(1);
    let user = UserId::from_uuid(Uuid::from_u128(1));
    let (email, password_hash) = ("ana@example.org".to_owned(), "$none".to_owned());
    house.store.insert_user(&User { id: user, email, password_hash, created_at }).await.unwrap();
    let mut accounts = Vec::new();
    for turn in 0..count {
        let id = AccountId::from_uuid(Uuid::from_u128(100 + turn));
        let sealed = house.sealer.seal(Binding::exchange_key(user, id), format!("secret {turn}").as_bytes()).unwrap();
        let account =
            Account { id, user, name: format!("{turn}"), mode: Mode::Live, sealed_key: Some(sealed), created_at };
        house.store.insert_account(&account).await.unwrap();
        accounts.push(account);
    }
    accounts
}

async fn open(house: &House, sealer: &Sealer, account: &Account) -> Result<String, SealError> {
    let stored = house.store.find_account(account.id).await.unwrap().unwrap();
    let plain = sealer.open(Binding::exchange_key(stored.user, stored.id), stored.sealed_key.as_deref().unwrap())?;
    Ok(String::from_utf8(plain.to_vec()).unwrap())
}

async fn broken_off(house: &House) {
    let accounts = accounts(house, 4).await;
    house.audit().await;
    let both = during_rotation(house);
    // One secret was done when the power failed.
    let first = &accounts[0];
    let old = first.sealed_key.as_deref().unwrap();
    let resealed = both.reseal(Binding::exchange_key(first.user, first.id), old).unwrap().unwrap();
    house.store.replace_sealed_key(first.id, old, &resealed).await.unwrap();
    for (turn, account) in accounts.iter().enumerate() {
        assert_eq!(open(house, &both, account).await.unwrap(), format!("secret {turn}"), "both keys are read");
    }
    assert_eq!(keys_in_use(&*house.store).await.unwrap().len(), 2);

    let rotation = rotate(&*house.store, &both).await.unwrap();
    assert_eq!(
        (rotation.resealed, rotation.already, rotation.closed.len()),
        (4, 1, 0),
        "three accounts, the audit's key"
    );
    assert!(keys_in_use(&*house.store).await.unwrap() == [key([8; 32]).name()]);
    let again = rotate(&*house.store, &both).await.unwrap();
    assert_eq!((again.resealed, again.already, again.closed.len()), (0, 5, 0));
    let new_alone = Sealer::from_master_key(&[8; 32], house.entropy.clone());
    for (turn, account) in accounts.iter().enumerate() {
        assert_eq!(open(house, &new_alone, account).await.unwrap(), format!("secret {turn}"));
    }
}

async fn swapped(house: &House) {
    let accounts = accounts(house, 2).await;
    let [one, two] = [&accounts[0], &accounts[1]].map(|account| account.sealed_key.clone().unwrap());
    house.store.replace_sealed_key(accounts[0].id, &one, &two).await.unwrap();
    assert_eq!(open(house, &house.sealer, &accounts[0]).await, Err(SealError::Changed));
    let rotation = rotate(&*house.store, &during_rotation(house)).await.unwrap();
    assert_eq!(
        (rotation.resealed, &*rotation.closed),
        (1, &[(Place::Account(accounts[0].id), SealError::Changed)][..])
    );
    let stored = house.store.find_account(accounts[0].id).await.unwrap().unwrap();
    assert_eq!(stored.sealed_key, Some(two));
}

async fn lost(house: &House) {
    let accounts = accounts(house, 1).await;
    let stranger = Sealer::from_master_key(&[9; 32], house.entropy.clone());
    let told = open(house, &stranger, &accounts[0]).await.unwrap_err();
    assert_eq!(told, SealError::KeyMissing(key(MASTER_KEY).name()));
    assert!(told.to_string().contains(&key(MASTER_KEY).name().to_string()), "{told}");
    assert_eq!(rotate(&*house.store, &stranger).await.unwrap().closed.len(), 1);
}
