//! The table: a row for each door, a column for each of `PEOPLE`.
//!
//! `o` comes in, `-` is shown the way in, `!` sees it and may not, `x` is told that there is no such thing.

use super::cast::Cast;
use serde_json::{Value, json};

pub struct Row {
    /// The route as the router knows it; empty for what no route but the fallback answers.
    pub route: &'static str,
    pub door: Door,
    pub expected: &'static str,
}

pub enum Door {
    /// A page, at this path.
    Page(&'static str),
    /// What a program reads.
    Read(fn(&Cast) -> String),
    /// A server function, called as a page does.
    Json(fn(&Cast) -> Value),
    /// A server function that works as a plain form.
    Form(&'static str),
    /// What a program sends.
    Sent,
}

/// Everybody, known or not.
const ALL: &str = "oooooooo";
/// Who is signed in.
const KNOWN: &str = "-ooooo--";
/// Who has something to do with the account.
const SEE: &str = "-oxoox--";
/// Who may act on it: its owner, and an operator with whom it is shared to act on.
const ACT: &str = "-ox!ox--";
/// Its owner alone.
const OWN: &str = "-ox!!x--";
/// Admins; the others do not learn that there is such a thing.
const MASTER: &str = "-xxxxo--";
/// Admins alone; the others know that there are some.
const ADMIN: &str = "-!!!!o--";
/// Nobody: there is nothing there.
const NOBODY: &str = "xxxxxxxx";

pub fn rows() -> Vec<Row> {
    [pages(), doors(), of_an_account(), of_ones_own(), of_people()].into_iter().flatten().collect()
}

fn page(route: &'static str, expected: &'static str) -> Row {
    Row { route, door: Door::Page(route), expected }
}

fn page_at(route: &'static str, path: &'static str, expected: &'static str) -> Row {
    Row { route, door: Door::Page(path), expected }
}

fn read(route: &'static str, path: fn(&Cast) -> String, expected: &'static str) -> Row {
    Row { route, door: Door::Read(path), expected }
}

fn json(route: &'static str, arguments: fn(&Cast) -> Value, expected: &'static str) -> Row {
    Row { route, door: Door::Json(arguments), expected }
}

/// Nothing that could be read, sent by a program: who is at the door does not matter.
fn sent(route: &'static str, expected: &'static str) -> Row {
    Row { route, door: Door::Sent, expected }
}

fn form(route: &'static str, form: &'static str, expected: &'static str) -> Row {
    Row { route, door: Door::Form(form), expected }
}

fn pages() -> Vec<Row> {
    vec![
        page("/", KNOWN),
        page("/positions", KNOWN),
        page_at("/positions/{id}/why", "/positions/00000000-0000-0000-0000-000000000001/why", "-oxooo--"),
        page("/guard", KNOWN),
        page("/activity", KNOWN),
        page("/trade", KNOWN),
        page("/stop", KNOWN),
        page_at("/settings/{page}", "/settings/accounts", KNOWN),
        page_at("/settings/{page}", "/settings/appearance", KNOWN),
        page_at("/settings/{page}", "/settings/audit", KNOWN),
        page_at("/settings/{page}", "/settings/people", ADMIN),
        page_at("/settings/{page}", "/settings/profile", KNOWN),
        page_at("/settings/{page}", "/settings/market", KNOWN),
        page_at("/settings/{page}", "/settings/security", KNOWN),
        page_at("/settings/{page}", "/settings/sharing", KNOWN),
        page_at("/settings/{page}", "/settings/tokens", KNOWN),
        page("/welcome", KNOWN),
        page("/_design", ALL),
        page("/sign-in", ALL),
        page_at("/sign-in/{step}", "/sign-in/code", ALL),
        page_at("/sign-in/{step}", "/sign-in/factor", KNOWN),
        page("/setup", ALL),
        page_at("/door/{page}", "/door/join?token=x", ALL),
        page_at("/door/{page}", "/door/register", ALL),
        page_at("/door/{page}", "/door/forgotten", ALL),
        page_at("/door/{page}", "/door/reset?token=x", ALL),
        page_at("/door/{page}", "/door/verify?token=x", ALL),
        page_at("", "/favicon.svg", ALL),
        page_at("", "/no-such-page", NOBODY),
    ]
}

/// The ways in, and what tells whether the program lives.
fn doors() -> Vec<Row> {
    vec![
        form("/api/sign_in", "email=nobody%40example.org&password=wrong", ALL),
        form("/api/enter_code", "code=123456", ALL),
        form("/api/set_up", "token=x&email=mallory%40example.org&password=correct+horse+battery+staple", ALL),
        form("/api/sign_out", "", ALL),
        json("/api/has_passkey", |_| json!({}), ALL),
        json("/api/ask_passkey", |_| json!({ "purpose": "SignIn" }), ALL),
        json("/api/show_passkey", |_| json!({ "purpose": "SignIn", "credential": "x" }), ALL),
        json("/api/is_setup_open", |_| json!({ "token": "x" }), ALL),
        json("/api/shows_design", |_| json!({}), ALL),
        json("/api/find_doors", |_| json!({}), ALL),
        json("/api/find_offer", |_| json!({ "token": "x" }), ALL),
        form("/api/join", "token=x&email=mallory%40example.org&password=correct+horse+battery+staple", ALL),
        json("/api/ask_to_register", |_| json!({ "email": "mallory@example.org" }), ALL),
        json("/api/ask_to_reset", |_| json!({ "email": "mallory@example.org" }), ALL),
        json("/api/is_reset_open", |_| json!({ "token": "x" }), ALL),
        form("/api/reset_password", "token=x&password=correct+horse+battery+staple", ALL),
        json("/api/verify_email", |_| json!({ "token": "x" }), ALL),
        sent("/api/v1/auth/sign-in", ALL),
        sent("/api/v1/auth/refresh", ALL),
        sent("/api/v1/auth/revoke", ALL),
        read("/palette/{language}", |_| "/palette/en".to_owned(), ALL),
        read("/health/live", |_| "/health/live".to_owned(), ALL),
        read("/health/ready", |_| "/health/ready".to_owned(), ALL),
    ]
}

fn of_an_account() -> Vec<Row> {
    let account = |cast: &Cast| json!({ "account": cast.account });
    vec![
        read("/live/{account}", |cast| format!("/live/{}", cast.account), SEE),
        read("/api/v1/positions", |cast| format!("/api/v1/positions?account={}", cast.account), SEE),
        read("/api/v1/guard", |cast| format!("/api/v1/guard?account={}", cast.account), SEE),
        read("/activity/export", |cast| format!("/activity/export?account={}&format=json", cast.account), SEE),
        json("/api/replay", replay, SEE),
        read("/past/{account}", |cast| format!("/past/{}?days=1", cast.account), SEE),
        json("/api/test_key", account, OWN),
        json("/api/replace_key", |cast| json!({ "account": cast.account, "key": typed_key() }), OWN),
        json("/api/remove_account", |cast| json!({ "account": cast.nothing }), "-xxxxx--"),
        read("/api/v1/why", |cast| format!("/api/v1/why?account={}&position={}", cast.account, cast.position), SEE),
        json("/api/overview", account, SEE),
        json("/api/overview", |_| json!({ "account": null }), KNOWN),
        json("/api/candles", |cast| json!({ "account": cast.account, "seconds": 60, "limit": 3 }), SEE),
        json("/api/activity", |cast| json!({ "account": cast.account, "query": { "limit": 3 } }), SEE),
        json("/api/why", |cast| json!({ "account": cast.account, "position": cast.position, "at": null }), SEE),
        json("/api/find_guard", account, SEE),
        json("/api/save_guard", guard, ACT),
        json("/api/carry_out", nonsense, ACT),
        json("/api/find_fate", |cast| json!({ "account": cast.account, "key": cast.nothing }), SEE),
        json("/api/find_brakes", account, SEE),
        json("/api/pull_stop", |cast| stop(json!(cast.account)), ACT),
        json("/api/release_stop", |cast| stop(json!(cast.account)), ACT),
        json("/api/pull_stop", |_| stop(Value::Null), MASTER),
        json("/api/release_stop", |_| stop(Value::Null), MASTER),
        json("/api/rearm_breaker", |_| json!({}), MASTER),
        json("/api/share_account", |cast| json!({ "account": cast.account, "email": "x", "may_act": true }), OWN),
        json("/api/unshare_account", |cast| json!({ "account": cast.account, "user": cast.stranger }), "-xx!!x--"),
    ]
}

fn of_ones_own() -> Vec<Row> {
    vec![
        read("/settings/audit/export", |_| "/settings/audit/export?format=json".to_owned(), KNOWN),
        read("/settings/audit/head", |_| "/settings/audit/head".to_owned(), KNOWN),
        json("/api/find_audit", |_| json!({ "action": null, "before": null }), KNOWN),
        read("/api/v1/accounts", |_| "/api/v1/accounts".to_owned(), KNOWN),
        json("/api/accounts", |_| json!({}), KNOWN),
        json("/api/add_account", |_| json!({ "name": "", "mode": "paper", "key": null }), "-oo!oo--"),
        json("/api/tokens", |_| json!({}), KNOWN),
        json("/api/make_token", |_| json!({ "name": "", "scopes": "positions:read", "days": 1 }), KNOWN),
        json("/api/revoke_token", |cast| json!({ "id": cast.nothing }), "-xxxxx--"),
        json("/api/make_sign_in_code", |_| json!({ "name": "", "scopes": "why:read" }), KNOWN),
        json("/api/end_client", |cast| json!({ "id": cast.nothing }), "-xxxxx--"),
        json("/api/find_profile", |_| json!({}), KNOWN),
        json("/api/save_profile", |_| json!({ "name": "", "language": "en", "time_zone": "UTC" }), KNOWN),
        json("/api/save_units", |_| json!({ "units": "sats" }), KNOWN),
        json("/api/ask_to_verify", |_| json!({}), KNOWN),
        json("/api/change_password", |_| json!({ "old": "wrong", "new": "correct horse battery staple" }), KNOWN),
        json("/api/asks_code", |_| json!({}), KNOWN),
        json("/api/ask_passkey", |_| json!({ "purpose": "StepUp" }), "-xxxxx--"),
        json("/api/begin_passkey", |_| json!({}), KNOWN),
        json("/api/finish_passkey", |_| json!({ "name": "x", "credential": "x" }), KNOWN),
        json("/api/remove_passkey", |cast| json!({ "id": cast.nothing }), "-xxxxx--"),
        json("/api/sources", |_| json!({}), KNOWN),
        json("/api/sharing", |_| json!({}), KNOWN),
        json("/api/security", |_| json!({}), KNOWN),
        json("/api/end_session", |_| json!({ "id": "0".repeat(64) }), "-xxxxx--"),
        json("/api/end_other_sessions", |_| json!({}), KNOWN),
        json("/api/step_up", |_| json!({ "password": "wrong", "code": "" }), KNOWN),
        json("/api/begin_authenticator", |_| json!({}), KNOWN),
        json("/api/finish_authenticator", |_| json!({ "version": 1, "sealed": "zz", "code": "1" }), KNOWN),
        json("/api/remove_authenticator", |_| json!({}), KNOWN),
        json("/api/renew_recovery_codes", |_| json!({}), KNOWN),
    ]
}

/// What admins do with people: here with somebody whom nobody knows, so that nothing of it happens.
fn of_people() -> Vec<Row> {
    let nobody = |cast: &Cast| json!({ "user": cast.stranger, "reason": "for the test" });
    vec![
        json("/api/find_people", |_| json!({}), ADMIN),
        json("/api/invite", |_| json!({ "role": "viewer", "email": "no address" }), ADMIN),
        json("/api/change_role", |cast| json!({ "user": cast.stranger, "role": "viewer", "reason": "x" }), ADMIN),
        json("/api/suspend_person", nobody, ADMIN),
        json("/api/restore_person", nobody, ADMIN),
        json("/api/reset_factors", nobody, ADMIN),
        json("/api/sign_out_person", nobody, ADMIN),
        json("/api/make_reset_link", nobody, ADMIN),
        json("/api/set_factor_rule", |_| json!({ "rule": "offered" }), ADMIN),
        json("/api/set_registration", |_| json!({ "registration": "closed" }), ADMIN),
        json("/api/grant_plan", plan, ADMIN),
        json("/api/set_plan_for_new", |_| json!({ "plan": "unlimited" }), ADMIN),
    ]
}

fn plan(cast: &Cast) -> Value {
    let term = json!({ "plan": "pro", "until": null });
    json!({ "request": cast.nothing, "user": cast.stranger, "term": term, "reason": "for the test" })
}

fn stop(account: Value) -> Value {
    json!({ "account": account, "stopped": "guards", "keep_orders": false })
}

fn replay(cast: &Cast) -> Value {
    let policy = guard(cast)["draft"].clone();
    json!({
        "account": cast.account, "side": "long", "quantity": 100, "leverage": 1000,
        "wallet": 1_000_000, "policy": policy, "days": 1
    })
}

fn typed_key() -> Value {
    json!({ "key": "k", "secret": "s", "passphrase": "p" })
}

/// What no exchange would take: who may act is told so.
fn nonsense(cast: &Cast) -> Value {
    json!({
        "account": cast.account, "key": cast.nothing, "position": cast.position,
        "change": { "add_margin": { "amount": 0 } }
    })
}

/// A rule that is sound, based on a version that was never saved.
fn guard(cast: &Cast) -> Value {
    let limits = json!({
        "per_action": 1000, "per_position": 1000, "per_day": 1000, "wallet_reserve": 0, "cooldown": 60000, "max_actions": 1
    });
    let draft = json!({ "scope": "all", "trigger": 200, "target": 500, "limits": limits, "at_limit": "alert_only" });
    json!({ "account": cast.account, "draft": draft, "state": "off", "based_on": 9 })
}
