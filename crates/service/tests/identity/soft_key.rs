//! An authenticator in memory: it knows its owner, and counts.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 4;
const HAS_CREDENTIAL: u8 = 64;

pub struct SoftKey {
    pair: EcdsaKeyPair,
    id: Vec<u8>,
    user: Value,
    pub counter: u32,
    /// Whether it has known its owner.
    pub verifies: bool,
    /// The page that it believes it is shown to.
    pub origin: String,
}

impl SoftKey {
    /// A key of its own for `origin`.
    pub fn for_origin(origin: &str) -> SoftKey {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap();
        let id = Sha256::digest(pair.public_key().as_ref()).to_vec();
        SoftKey { pair, id, user: Value::Null, counter: 1, verifies: true, origin: origin.to_owned() }
    }

    /// What `navigator.credentials.create` answers.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let options = &options["publicKey"];
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        self.user = options["user"]["id"].clone();
        let data = self.authenticator_data(options["rp"]["id"].as_str().unwrap(), true);
        // {"fmt": "none", "attStmt": {}, "authData": bytes}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".to_vec();
        object.extend([0x59, u8::try_from(data.len() >> 8).unwrap(), u8::try_from(data.len() & 255).unwrap()]);
        object.extend(data);
        let client = self.client_data("webauthn.create", &options["challenge"]);
        self.told(json!({ "attestationObject": base64(&object), "clientDataJSON": base64(client.as_bytes()) }))
    }

    /// What `navigator.credentials.get` answers.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let options = &options["publicKey"];
        assert_eq!(options["userVerification"], "required");
        self.counter += 1;
        self.sign(options)
    }

    /// The same without counting.
    pub fn get_again(&self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.sign(&options["publicKey"])
    }

    fn sign(&self, options: &Value) -> String {
        let data = self.authenticator_data(options["rpId"].as_str().unwrap(), false);
        let client = self.client_data("webauthn.get", &options["challenge"]);
        let message = [data.as_slice(), Sha256::digest(client.as_bytes()).as_slice()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        self.told(json!({
            "authenticatorData": base64(&data),
            "clientDataJSON": base64(client.as_bytes()),
            "signature": base64(signature.as_ref()),
            "userHandle": self.user,
        }))
    }

    fn told(&self, response: Value) -> String {
        let id = base64(&self.id);
        let told = json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        });
        told.to_string()
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> String {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string()
    }

    fn authenticator_data(&self, rp: &str, with_credential: bool) -> Vec<u8> {
        let mut data = Sha256::digest(rp.as_bytes()).to_vec();
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        data.push(USER_PRESENT | verified | if with_credential { HAS_CREDENTIAL } else { 0 });
        data.extend(self.counter.to_be_bytes());
        if with_credential {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend(&self.id);
            data.extend(self.cose_key());
        }
        data
    }

    /// {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    fn cose_key(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend(&point[1..33]);
        key.extend(b"\x22\x58\x20");
        key.extend(&point[33..65]);
        key
    }
}

fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
