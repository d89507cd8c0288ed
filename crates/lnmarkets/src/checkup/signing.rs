//! Whether requests are signed, dated and counted as the venue does it.

use super::{Answer, Checkup, agrees, differs, ok, unchecked};
use crate::account::LnMarketsAccount;
use crate::budget::RateLimits;
use crate::key::ApiKey;
use crate::rate_headers::{self, Policy};
use crate::rest::{Failure, Reply, Request};
use domain::Millis;
use exchange::Priority;
use std::time::Duration;

/// A key that nobody has.
const NOBODYS: &str = "YXhpc29yLWRvY3Rvci1ub2JvZHlzLWtleQ==";
/// What the venue is said to answer to a key that it does not know.
const UNKNOWN: &str = "api key does not exist";

impl Checkup<'_> {
    pub(super) async fn check_signature(&self) -> Answer {
        let account = match self.account() {
            Ok(account) => account,
            Err(answer) => return answer,
        };
        let mut seen = Vec::new();
        for (name, request) in [
            ("without a query", Request::get("/account")),
            ("with one", Request::get("/futures/isolated/trades/closed").query("limit", 1)),
        ] {
            match account.ask_once(&request, Priority::Interface).await {
                Ok(reply) if is_of_the_key(&reply) => seen.push(format!("{name}: {}", told(&reply))),
                Ok(reply) => return differs(format!("{name}: {}", told(&reply))),
                Err(failure) => return unchecked(failure.to_string()),
            }
        }
        ok(seen.join(", "))
    }

    pub(super) async fn check_signatures_life(&self) -> Answer {
        let account = match self.account() {
            Ok(account) => account,
            Err(answer) => return answer,
        };
        self.client.session().know_the_time().await;
        if self.client.session().clock.offset().is_none() {
            return unchecked("the venue's time is not known");
        }
        let mut seen = Vec::new();
        let mut verdicts = Vec::new();
        for seconds in [-29, -31, 29, 31] {
            let reply = match self.signed_off_by(&account, Millis::from_secs(seconds)).await {
                Ok(reply) => reply,
                Err(failure) => return unchecked(failure.to_string()),
            };
            let when = if seconds < 0 { "old" } else { "early" };
            seen.push(format!("{} s {when}: {}", i64::abs(seconds), told(&reply)));
            verdicts.push(is_of_the_key(&reply));
        }
        // Whether a signature may be early is for show: this client's never is.
        agrees(verdicts.first() == Some(&true) && verdicts.get(1) == Some(&false), seen.join(", "))
    }

    async fn signed_off_by(&self, account: &LnMarketsAccount, off: Millis) -> Result<Reply, Failure> {
        account.take_turn().await;
        let at = self.client.session().clock.now().plus(off);
        account.send_at(&Request::get("/account"), at).await
    }

    /// Looks at what the headers of ordinary answers say.
    pub(super) async fn check_limits(&self) -> Answer {
        let usual = RateLimits::default();
        let public = match self.client.session().ask_public_once(&Request::get("/ping")).await {
            Ok(reply) => reply,
            Err(failure) => return unchecked(failure.to_string()),
        };
        let mut seen = vec![limit_told("public", &public)];
        let mut as_taken = vec![is_limit(&public, usual.public.map(u32::from))];
        if let Ok(account) = self.account() {
            match account.ask_once(&Request::get("/account"), Priority::Interface).await {
                Ok(signed) => {
                    seen.push(limit_told("signed", &signed));
                    as_taken.push(is_limit(&signed, usual.signed.map(u32::from)));
                }
                Err(failure) => return unchecked(failure.to_string()),
            }
        }
        let seen = seen.join(", ");
        match as_taken.into_iter().collect::<Option<Vec<bool>>>() {
            Some(as_taken) => agrees(as_taken.into_iter().all(|is_so| is_so), seen),
            None => unchecked(seen),
        }
    }

    /// Where there is another network the key must be unknown there; else a key that nobody has is shown.
    pub(super) async fn check_unknown_key(&self) -> Answer {
        let made_up = || ApiKey { key: NOBODYS.to_owned(), secret: NOBODYS.into(), passphrase: "nobody".into() };
        let (client, key, place) = match (self.other, &self.key) {
            (Some(other), Some(key)) => (other, key.clone(), "this key on the other network"),
            _ => (self.client, made_up(), "a key that nobody has"),
        };
        match client.account(key).ask_once(&Request::get("/account"), Priority::Interface).await {
            Ok(reply) => {
                let is_known_word =
                    reply.refusal().is_some_and(|refusal| refusal.message.to_lowercase().contains(UNKNOWN));
                agrees(is_known_word, format!("{place}: {}", told(&reply)))
            }
            Err(failure) => unchecked(failure.to_string()),
        }
    }
}

/// Whether the signature was good, whatever the key may do.
fn is_of_the_key(reply: &Reply) -> bool {
    reply.is_success() || reply.status == 403
}

/// The status, with the venue's own words where it refused.
fn told(reply: &Reply) -> String {
    match reply.refusal() {
        Some(refusal) => format!("{} \"{}\"", reply.status, refusal.message),
        None => reply.status.to_string(),
    }
}

fn limit_told(name: &str, reply: &Reply) -> String {
    let [policy, standing] = &reply.limits;
    match (policy, standing) {
        (None, None) => format!("{name}: no header about limits"),
        (policy, standing) => {
            let text = |header: &Option<String>| header.clone().unwrap_or_else(|| "none".to_owned());
            format!("{name}: policy {}, standing {}", text(policy), text(standing))
        }
    }
}

/// `None` where the answer says nothing of its limit.
fn is_limit(reply: &Reply, per_second: Option<u32>) -> Option<bool> {
    let [policy, _] = &reply.limits;
    let Policy { requests, window } = rate_headers::policy(policy.as_deref()?)?;
    let usual = per_second.and_then(|usual| usize::try_from(usual).ok());
    Some(Some(requests) == usual && window == Duration::from_secs(1))
}
