//! What this client takes for granted about the venue, looked at one by one.

mod figures;
mod lists;
mod signing;
mod stream;
mod trade;

use crate::account::LnMarketsAccount;
use crate::client::Client;
use crate::key::ApiKey;
use std::time::Duration;

/// What looking at it gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As taken.
    Ok,
    /// Not as taken.
    Differs,
    NotChecked,
}

/// One behaviour of the venue, and what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In the words of the table in this crate's README.
    pub behaviour: &'static str,
    pub verdict: Verdict,
    /// For people.
    pub seen: String,
}

/// How the venue is looked at. Unless `may_trade`, nothing is changed there.
pub struct Checkup<'a> {
    pub client: &'a Client,
    /// The venue's other network, where the key must be unknown.
    pub other: Option<&'a Client>,
    /// Without one, only what is public is looked at.
    pub key: Option<ApiKey>,
    /// Opens a position of one dollar, tops it up and closes it.
    pub may_trade: bool,
    /// How long the stream is listened to.
    pub listen: Duration,
}

/// What one look gave.
struct Answer(Verdict, String);

fn ok(seen: impl Into<String>) -> Answer {
    Answer(Verdict::Ok, seen.into())
}

fn differs(seen: impl Into<String>) -> Answer {
    Answer(Verdict::Differs, seen.into())
}

fn unchecked(why: impl Into<String>) -> Answer {
    Answer(Verdict::NotChecked, why.into())
}

fn agrees(is_so: bool, seen: String) -> Answer {
    if is_so { ok(seen) } else { differs(seen) }
}

impl Checkup<'_> {
    /// Looks at everything in the order of the table; each finding is told as soon as it is there.
    pub async fn run(&self, mut told: impl FnMut(&Finding)) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut find = |behaviour: &'static str, Answer(verdict, seen): Answer| {
            let finding = Finding { behaviour, verdict, seen };
            told(&finding);
            findings.push(finding);
        };
        find(
            "a signature covers time, method, path with `/v3`, and body or query with `?`",
            self.check_signature().await,
        );
        find("a signature is accepted for 30 s", self.check_signatures_life().await);
        find("5 signed requests and 1 public one a second", self.check_limits().await);
        let (burst, silence) = self.check_trade().await;
        find("a 429 with the venue's own words was not carried out", burst);
        find("408, 5xx and broken answers say nothing", unchecked("nothing to check"));
        find("`from` of closed trades counts from their end", self.check_from().await);
        find("candles and settlements are paged, newest first, by a time cursor", self.check_pages().await);
        find("sizes in `prices` are dollars", self.check_sizes().await);
        find("synthetic balances are dollars with decimals", self.check_synthetic().await);
        find("the unit of a swap from dollars", unchecked("Axisor offers no swap: swap the smallest amount by hand"));
        find("a key of another network is \"Api key does not exist\"", self.check_unknown_key().await);
        find("a geo-block's status", unchecked("it takes a country that the venue does not serve"));
        find("`whoami` lists a key's scopes", self.check_scopes().await);
        let (quiet, first) = self.check_stream().await;
        find("the stream sends nothing while nothing changes", quiet);
        find("the stream sends a first value on subscribing", first);
        find(
            "`ping` over the stream is answered while the stream tells",
            unchecked("let it serve an account without trades for an hour: its stream must not be rebuilt"),
        );
        find(
            "a subscription to a topic that the key may not hear",
            unchecked("serve an account with a key of `futures:isolated` alone, and look at its stream"),
        );
        find(
            "a revoked key, and a key without a scope, in REST and stream",
            unchecked("revoke a key while it is in use: its guard must be ineffective within a look"),
        );
        find("no event for top-ups, cash-ins and changed stops", silence);
        findings
    }

    fn account(&self) -> Result<LnMarketsAccount, Answer> {
        let key = self.key.clone().ok_or_else(|| unchecked("no key was given"))?;
        Ok(self.client.account(key))
    }
}
