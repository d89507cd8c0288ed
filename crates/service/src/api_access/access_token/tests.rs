use super::*;
use crate::clock::Entropy;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ApiScope;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

struct Nothing;

impl Entropy for Nothing {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(1);
    }
}

const NOW: Timestamp = Timestamp::from_unix_ms(1_800_000_000_500);

fn house(key: u8) -> AccessTokens {
    AccessTokens::new(Sealer::from_master_key(&[key; 32], Arc::new(Nothing)))
}

fn claims() -> Claims {
    let (user, family) = (UserId::from_uuid(Uuid::from_u128(1)), TokenFamilyId::from_uuid(Uuid::from_u128(2)));
    Claims { user, family, scopes: ApiScopes::NONE.with(ApiScope::Why) }
}

/// A token with a header and claims of one's own choice, signed with a key of one's own choice.
fn forged(header: &Value, claims: &Value, key: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap().chain_update(&message).finalize();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.into_bytes()))
}

fn parts(token: &str) -> (Value, Value) {
    let mut parts =
        token.split('.').map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap_or_default()));
    (parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap())
}

#[test]
fn a_token_is_good_for_a_quarter_of_an_hour() {
    let token = house(7).write(claims(), NOW).unwrap();
    assert_eq!(house(7).read(&token, NOW), Some(claims()));
    assert_eq!(house(7).read(&token, NOW.plus(Millis::new(899_000))), Some(claims()));
    assert_eq!(house(7).read(&token, NOW.plus(LIFE)), None);
    assert_eq!(house(7).read(&token, NOW.minus(Millis::new(1_000))), None, "not yet");
    assert_eq!(house(8).read(&token, NOW), None, "another house's");
}

#[test]
fn a_token_that_anyone_could_have_written_opens_nothing() {
    let house = house(7);
    let token = house.write(claims(), NOW).unwrap();
    let (header, claims) = parts(&token);
    let (_, key) = house.sealer.derive(PURPOSE);
    assert!(house.read(&forged(&header, &claims, key.as_slice()), NOW).is_some(), "the forger's tools work");
    let with = |value: &Value, name: &str, new: Value| {
        let mut value = value.clone();
        value[name] = new;
        value
    };
    for (name, new) in [
        ("alg", json!("none")),
        ("alg", json!("HS512")),
        ("alg", json!("RS256")),
        ("typ", json!("JWT")),
        ("typ", json!("rt+jwt")),
        ("kid", json!("0000000000000000")),
        ("kid", json!("../../etc/passwd")),
        ("kid", Value::Null),
    ] {
        let token = forged(&with(&header, name, new.clone()), &claims, key.as_slice());
        assert_eq!(house.read(&token, NOW), None, "{name}: {new}");
    }
    for (name, new) in [
        ("iss", json!("elsewhere")),
        ("aud", json!("elsewhere")),
        ("sub", json!("nobody")),
        ("exp", json!(4_000_000_000_i64)),
        ("exp", Value::Null),
        ("scope", json!("admin")),
        ("role", json!("admin")),
    ] {
        let token = forged(&header, &with(&claims, name, new.clone()), key.as_slice());
        assert_eq!(house.read(&token, NOW), None, "{name}: {new}");
    }
    for key in [b"".as_slice(), b"secret", &[7; 32]] {
        assert_eq!(house.read(&forged(&header, &claims, key), NOW), None);
    }
    let unsigned = token.rsplit_once('.').unwrap().0;
    for nonsense in
        ["", ".", "..", "a.b.c", unsigned, &format!("{unsigned}."), &format!("{token}x"), &"x".repeat(9_999)]
    {
        assert_eq!(house.read(nonsense, NOW), None, "{nonsense}");
    }
}
