use super::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};
use uuid::Uuid;

/// Bytes that differ from call to call, and that is all that is asked of them here.
#[derive(Default)]
struct Counting(AtomicU8);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

fn key(byte: u8) -> MasterKey {
    MasterKey::new(Zeroizing::new([byte; 32]))
}

fn sealer(byte: u8) -> Sealer {
    Sealer::from_master_key(&[byte; 32], Arc::new(Counting::default()))
}

fn binding(user: u128, account: u128) -> Binding {
    Binding::exchange_key(UserId::from_uuid(Uuid::from_u128(user)), AccountId::from_uuid(Uuid::from_u128(account)))
}

#[test]
fn f41_sealed_bytes_open_only_whole_in_their_place_under_their_key() {
    let here = binding(1, 2);
    let sealed = sealer(7).seal(here, b"secret").unwrap();
    assert_eq!(sealer(7).open(here, &sealed).unwrap().as_slice(), b"secret");
    let elsewhere = [
        binding(9, 2),
        binding(1, 9),
        Binding { account: None, ..here },
        Binding { field: Field::TotpSeed, ..here },
        Binding { version: 2, ..here },
    ];
    for place in elsewhere {
        assert_eq!(sealer(7).open(place, &sealed), Err(SealError::Changed), "{place:?}");
        assert_eq!(sealer(7).reseal(place, &sealed), Err(SealError::Changed), "{place:?}");
    }
    assert_eq!(sealer(8).open(here, &sealed), Err(SealError::KeyMissing(key(7).name())));
    for at in 0..sealed.len() {
        let mut flipped = sealed.clone();
        flipped[at] ^= 1;
        assert!(sealer(7).open(here, &flipped).is_err(), "byte {at}");
        assert_eq!(sealer(7).open(here, &sealed[..at]), Err(SealError::Changed), "cut at {at}");
    }
}

#[test]
fn f41_plaintext_and_the_first_format_are_refused() {
    for bytes in [b"secret".to_vec(), Vec::new(), [&[1], [0; 200].as_slice()].concat(), vec![b'{'; 300]] {
        assert!(sealer(7).open(binding(1, 2), &bytes).is_err());
        assert!(sealer(7).reseal(binding(1, 2), &bytes).is_err());
    }
}

#[test]
fn each_secret_has_a_key_and_nonces_of_its_own() {
    let sealer = sealer(7);
    let (one, two) = (sealer.seal(binding(1, 2), b"secret").unwrap(), sealer.seal(binding(1, 2), b"secret").unwrap());
    let (one, two) = (Envelope::read(&one).unwrap(), Envelope::read(&two).unwrap());
    assert_ne!(one.key, two.key);
    assert_ne!(one.content, two.content);
    assert_ne!(one.key_nonce, two.key_nonce);
    assert_ne!(one.key_nonce, one.content_nonce);
}

#[test]
fn f42_during_a_rotation_both_keys_open_and_the_new_one_seals() {
    let old = sealer(7);
    let sealed = old.seal(binding(1, 2), b"secret").unwrap();
    let both = MasterKeys::from_list(vec![key(8), key(7)]).unwrap();
    let both = Sealer::new(both, None, Arc::new(Counting::default()));
    assert_eq!(both.open(binding(1, 2), &sealed).unwrap().as_slice(), b"secret");
    let resealed = both.reseal(binding(1, 2), &sealed).unwrap().unwrap();
    assert_eq!(both.reseal(binding(1, 2), &resealed).unwrap(), None, "it is done already");
    assert_eq!(sealer(8).open(binding(1, 2), &resealed).unwrap().as_slice(), b"secret");
    assert_eq!(old.open(binding(1, 2), &resealed), Err(SealError::KeyMissing(key(8).name())));
}

#[test]
fn f42_a_running_program_finds_the_new_key_by_itself() {
    let file = Arc::new(Mutex::new(vec![key(7)]));
    let read = Arc::clone(&file);
    let source: KeySource = Box::new(move || MasterKeys::from_list(read.lock().unwrap().clone()));
    let running = Sealer::new(MasterKeys::one(key(7)), Some(source), Arc::new(Counting::default()));
    *file.lock().unwrap() = vec![key(8), key(7)];
    let foreign = sealer(8).seal(binding(1, 2), b"secret").unwrap();
    assert_eq!(running.open(binding(1, 2), &foreign).unwrap().as_slice(), b"secret");
    let sealed = running.seal(binding(1, 2), b"secret").unwrap();
    assert_eq!(sealer(8).open(binding(1, 2), &sealed).unwrap().as_slice(), b"secret");
}

#[test]
fn f43_what_is_shown_of_a_key_is_its_name() {
    let shown = format!("{:?} {:?}", sealer(7), MasterKeys::one(key(7)));
    assert!(shown.contains(&key(7).name().to_string()));
    assert!(!shown.contains(&hex::encode([7_u8; 4])) && !shown.contains("7, 7"), "{shown}");
}
