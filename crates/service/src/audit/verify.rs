//! Finds the first entry of the audit that is not as it was written.

use super::{AuditError, SignedHead, chain, head};
use std::fmt;
use store::{AuditRow, Store};

const PAGE: u32 = 500;

/// What a check of the whole audit found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is as it was written.
    Whole { entries: i64 },
    /// The first entry that is not.
    Bad { seq: i64, fault: Fault },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none of this number.
    Missing,
    /// It can't even be read.
    Unreadable,
    /// It does not follow the entry before it.
    OutOfPlace,
    /// Its words are not those that were hashed.
    Changed,
    /// It was not written by this program.
    Unsigned,
    /// A head that was kept elsewhere says otherwise.
    NotAsKept,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Missing => "is missing",
            Fault::Unreadable => "cannot be read",
            Fault::OutOfPlace => "does not follow the entry before it",
            Fault::Changed => "was changed",
            Fault::Unsigned => "was not signed by this program",
            Fault::NotAsKept => "is not what a head that was kept says it was",
        })
    }
}

pub(super) async fn verify(store: &dyn Store, public: [u8; 32], kept: &[SignedHead]) -> Result<Verdict, AuditError> {
    let mut walk = Walk { public, kept, next: 1, previous: [0; 32] };
    let mut page = PAGE;
    loop {
        let rows = match store.list_audit(walk.next - 1, page).await {
            Ok(rows) => rows,
            Err(_) if 1 < page => {
                page = 1;
                continue;
            }
            Err(error) => {
                // A database that answers at all has an entry that can't be read.
                store.ping().await?;
                tracing::debug!(%error, "an audit entry cannot be read");
                return Ok(Verdict::Bad { seq: walk.next, fault: Fault::Unreadable });
            }
        };
        if rows.is_empty() {
            return Ok(walk.end());
        }
        for row in &rows {
            if let Err((seq, fault)) = walk.step(row) {
                return Ok(Verdict::Bad { seq, fault });
            }
        }
    }
}

struct Walk<'a> {
    public: [u8; 32],
    kept: &'a [SignedHead],
    next: i64,
    previous: [u8; 32],
}

impl Walk<'_> {
    fn step(&mut self, row: &AuditRow) -> Result<(), (i64, Fault)> {
        if row.seq != self.next {
            return Err((self.next, Fault::Missing));
        }
        if row.previous != self.previous {
            return Err((row.seq, Fault::OutOfPlace));
        }
        if row.hash != chain::hash(row) {
            return Err((row.seq, Fault::Changed));
        }
        if !head::is_signed(&self.public, row.seq, &row.hash, &row.signature) {
            return Err((row.seq, Fault::Unsigned));
        }
        if self.kept.iter().any(|kept| kept.seq == row.seq && !self.agrees(kept, row)) {
            return Err((row.seq, Fault::NotAsKept));
        }
        (self.next, self.previous) = (row.seq + 1, row.hash);
        Ok(())
    }

    /// Another key means another audit, whatever its words are.
    fn agrees(&self, kept: &SignedHead, row: &AuditRow) -> bool {
        kept.hash.eq_ignore_ascii_case(&hex::encode(row.hash))
            && kept.public_key.eq_ignore_ascii_case(&hex::encode(self.public))
    }

    fn end(&self) -> Verdict {
        if self.kept.iter().any(|kept| self.next <= kept.seq) {
            return Verdict::Bad { seq: self.next, fault: Fault::Missing };
        }
        Verdict::Whole { entries: self.next - 1 }
    }
}
