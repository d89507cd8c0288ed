//! Whether numbers and words mean what they are taken for.

use super::{Answer, Checkup, agrees, ok, unchecked};
use crate::rest::Request;
use crate::scope::{Permissions, Scope};
use exchange::Priority;
use serde_json::Value;

/// Nobody quotes one price for so many bitcoins, and for so many dollars everyone does.
const MANY: i64 = 1_000;

impl Checkup<'_> {
    pub(super) async fn check_sizes(&self) -> Answer {
        let request = Request::get("/futures/ticker");
        let ticker: Value = match self.client.session().fetch(None, &request, Priority::Interface).await {
            Ok(ticker) => ticker,
            Err(error) => return unchecked(error.to_string()),
        };
        let prices = ticker["prices"].as_array().map(Vec::as_slice).unwrap_or_default();
        let sizes = prices.iter().map(|bucket| format!("{} to {}", bucket["minSize"], bucket["maxSize"]));
        let seen = sizes.collect::<Vec<_>>().join(", ");
        match prices.iter().filter_map(|bucket| bucket["maxSize"].as_i64()).max() {
            Some(largest) => agrees(MANY <= largest, seen),
            None => unchecked(format!("no size is a whole number: {seen}")),
        }
    }

    pub(super) async fn check_synthetic(&self) -> Answer {
        let account = match self.account() {
            Ok(account) => account,
            Err(answer) => return answer,
        };
        let reply = match account.ask_once(&Request::get("/account"), Priority::Interface).await {
            Ok(reply) => reply,
            Err(failure) => return unchecked(failure.to_string()),
        };
        let profile: Value = match reply.json() {
            Ok(profile) => profile,
            Err(reason) => return unchecked(reason),
        };
        let balance = profile["syntheticUsdBalance"].to_string();
        if balance.contains('.') {
            ok(format!("the balance is {balance}"))
        } else {
            unchecked(format!("the balance is {balance}: swap some sats and look again"))
        }
    }

    pub(super) async fn check_scopes(&self) -> Answer {
        let Some(key) = &self.key else { return unchecked("no key was given") };
        let mut words = match self.client.whoami(key).await {
            Ok(words) => words,
            Err(error) => return unchecked(error.to_string()),
        };
        words.sort();
        words.dedup();
        let unknown: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_known(word)).collect();
        let mut seen = words.join(", ");
        if Permissions::read(&words).may_withdraw() {
            seen.push_str(" (this key may withdraw: Axisor would refuse it)");
        }
        if !unknown.is_empty() {
            seen.push_str(&format!(" (unknown: {})", unknown.join(", ")));
        }
        agrees(unknown.is_empty() && !words.is_empty(), seen)
    }
}

fn is_known(word: &str) -> bool {
    Scope::ALL.iter().any(|scope| scope.as_str() == word)
}
