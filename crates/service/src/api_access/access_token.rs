//! Access tokens: signed, good for a quarter of an hour, under a key that is worked out from the master key.

use super::hs256;
use crate::master_keys::KeyName;
use crate::seal::Sealer;
use domain::{ApiScopes, Millis, Timestamp, TokenFamilyId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

pub const LIFE: Millis = Millis::new(15 * 60_000);
const PURPOSE: &str = "access tokens";
/// RFC 9068: no web token that is for something else is taken for one that lets in.
const TYPE: &str = "at+jwt";
const ISSUER: &str = "axisor";
const AUDIENCE: &str = "axisor-api";
/// Longer than any of ours.
const LONGEST: usize = 2_048;

/// Whom a token speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    pub family: TokenFamilyId,
    pub scopes: ApiScopes,
}

/// As it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    iss: String,
    aud: String,
    sub: UserId,
    /// The family, which must not have ended.
    sid: TokenFamilyId,
    scope: ApiScopes,
    /// Unix seconds.
    iat: i64,
    exp: i64,
}

pub struct AccessTokens {
    sealer: Sealer,
}

impl AccessTokens {
    pub fn new(sealer: Sealer) -> AccessTokens {
        hs256::install();
        AccessTokens { sealer }
    }

    /// `None` where it can't be written, which no claims of ours are strange enough for.
    pub fn write(&self, claims: Claims, now: Timestamp) -> Option<String> {
        let (name, key) = self.sealer.derive(PURPOSE);
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(name.to_string());
        let written = Written {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user,
            sid: claims.family,
            scope: claims.scopes,
            iat: seconds(now),
            exp: seconds(now.plus(LIFE)),
        };
        jsonwebtoken::encode(&header, &written, &EncodingKey::from_secret(key.as_slice())).ok()
    }

    /// `None` for anything but a token of ours that is good now, by our own clock.
    pub fn read(&self, token: &str, now: Timestamp) -> Option<Claims> {
        if LONGEST < token.len() {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.alg != Algorithm::HS256 || header.typ.as_deref() != Some(TYPE) {
            return None;
        }
        let key = self.sealer.derive_under(key_name(header.kid.as_deref()?)?, PURPOSE)?;
        let key = DecodingKey::from_secret(key.as_slice());
        let written = jsonwebtoken::decode::<Written>(token, &key, &validation()).ok()?.claims;
        let (from, until) = (written.iat, written.exp);
        let is_due = from <= seconds(now) && seconds(now) < until && until - from <= LIFE.get() / 1_000;
        is_due.then_some(Claims { user: written.sub, family: written.sid, scopes: written.scope })
    }
}

/// Time is checked by our own clock, not by the library's.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation
}

fn key_name(kid: &str) -> Option<KeyName> {
    let mut name = [0; KeyName::LENGTH];
    hex::decode_to_slice(kid, &mut name).ok()?;
    Some(KeyName::from_bytes(name))
}

fn seconds(at: Timestamp) -> i64 {
    at.unix_ms() / 1_000
}

#[cfg(test)]
mod tests;
