//! What an entry's hash covers, and what its signature says.

use domain::UserId;
use sha2::{Digest, Sha256};
use store::AuditRow;

/// SHA-256 over every field with its length, so that no two entries read alike, and over the hash before.
pub fn hash(row: &AuditRow) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"axisor audit entry 1");
    hash.update(row.seq.to_be_bytes());
    hash.update(row.at.unix_ms().to_be_bytes());
    let actor = row.actor.map(UserId::uuid);
    let fields = [
        actor.as_ref().map(|actor| actor.as_bytes().as_slice()),
        Some(row.source.as_bytes()),
        Some(row.action.as_bytes()),
        Some(row.subject.as_bytes()),
        row.before.as_deref().map(str::as_bytes),
        row.after.as_deref().map(str::as_bytes),
    ];
    for field in fields {
        match field {
            None => hash.update([0]),
            Some(bytes) => {
                hash.update([1]);
                hash.update(bytes.len().to_be_bytes());
                hash.update(bytes);
            }
        }
    }
    hash.update(row.previous);
    hash.finalize().into()
}

/// What is signed: so many entries, which end in this hash.
pub fn head(seq: i64, hash: &[u8; 32]) -> Vec<u8> {
    [b"axisor audit head 1".as_slice(), &seq.to_be_bytes(), hash].concat()
}
