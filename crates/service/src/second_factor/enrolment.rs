//! What a person needs to add an authenticator: a QR code, or the seed to type.

use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fmt::Write;
use totp_rs::Totp;

/// Shown once, to who is signed in and has confirmed it; never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    pub version: u32,
    /// The seed, sealed, in hex.
    pub sealed: String,
    /// The seed in base 32, in groups of four.
    pub seed: String,
    /// The QR code as the path of an SVG drawing of `size` by `size`.
    pub qr_path: String,
    pub size: i32,
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolment").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Enrolment {
    /// `None` where the address does not fit a QR code, which no name of ours is long enough for.
    pub(super) fn new(totp: &Totp, version: u32, sealed: &[u8]) -> Option<Enrolment> {
        let code = QrCode::encode_text(&totp.to_url().ok()?, QrCodeEcc::Medium).ok()?;
        let seed = totp.secret().to_base32();
        let groups: Vec<String> =
            seed.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        let (qr_path, size) = (path(&code), code.size());
        Some(Enrolment { version, sealed: hex::encode(sealed), seed: groups.join(" "), qr_path, size })
    }
}

/// One square a dark module.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    path
}
