//! The answer for people: the question, three cases side by side, the guard's story, a verdict.

use super::number::grouped;
use super::{Answer, story, verdict};
use domain::{Sats, Timestamp};
use engine::replay::ReplayOutcome;
use std::fmt::Write;
use time::OffsetDateTime;

const LABEL: usize = 22;
const COLUMN: usize = 22;

/// One figure of a case, as text.
type Figure = fn(&ReplayOutcome) -> String;

pub fn text(answer: &Answer) -> String {
    let parts = [question(answer), table(answer), story::told(&answer.guard), verdict::sentence(answer)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn question(answer: &Answer) -> String {
    let question = &answer.question;
    let dataset = &answer.dataset;
    let limits = question.policy.limits();
    let (gaps, missing) = dataset.gaps_in_window();
    let gaps = match gaps {
        0 => "no gaps".to_owned(),
        1 => format!("1 gap ({missing} candles missing, not filled)"),
        _ => format!("{gaps} gaps ({missing} candles missing, not filled)"),
    };
    let funding = if question.has_funding { "with the funding given" } else { "without funding (none given)" };
    format!(
        "{side} {quantity} USD at {leverage}x, opened at {entry} on {from}; liquidation {liquidation}; {funding}\n\
         {candles} candles to {to}, {gaps}\n\
         guard: at {trigger} % from liquidation back to {target} %; at most {per_action} sats an action, {per_position} \
         a position, {per_day} a day, {actions} actions, {reserve} stay in the wallet; stop-loss: {stop_loss}",
        side = question.side.as_str(),
        quantity = grouped(question.quantity.get()),
        leverage = question.leverage,
        entry = question.entry,
        from = date(dataset.first().at),
        liquidation = question.liquidation,
        candles = grouped(i64::try_from(dataset.candles().len()).unwrap_or(i64::MAX)),
        to = date(dataset.last.at),
        trigger = question.policy.trigger(),
        target = question.policy.target(),
        per_action = sats(limits.per_action),
        per_position = sats(limits.per_position),
        per_day = sats(limits.per_day),
        actions = limits.max_actions,
        reserve = sats(limits.wallet_reserve),
        stop_loss = question.stop_loss,
    )
}

fn table(answer: &Answer) -> String {
    let mut table = format!("{:LABEL$}{:>COLUMN$}{:>COLUMN$}{:>COLUMN$}\n", "", "no guard", "guard", "stop-loss");
    let rows: [(&str, Figure); 9] = [
        ("fate", |case| case.fate.as_str().to_owned()),
        ("at", |case| date(case.at)),
        ("top-ups", |case| case.top_ups.to_string()),
        ("sats added", |case| sats(case.sats_added)),
        ("lowest distance", |case| format!("{} %", case.lowest_distance)),
        ("final equity, sats", |case| sats(case.equity)),
        ("final equity, USD", |case| dollars(case.equity_usd_cents)),
        ("trading fees, sats", |case| sats(case.fees)),
        ("funding paid, sats", |case| sats(case.funding)),
    ];
    for (label, value) in rows {
        let [none, guard, stop_loss] = answer.cases().map(value);
        // Writing to a string does not fail.
        let _ = writeln!(table, "{label:LABEL$}{none:>COLUMN$}{guard:>COLUMN$}{stop_loss:>COLUMN$}");
    }
    let ambiguous = answer.cases().iter().map(|case| case.ambiguous_bars).max().unwrap_or(0);
    if 0 < ambiguous {
        let _ = writeln!(table, "Candles in which the order of prices is unknown and the worst was taken: {ambiguous}");
    }
    table.trim_end().to_owned()
}

/// A moment to the minute, UTC.
pub fn date(at: Timestamp) -> String {
    match OffsetDateTime::from_unix_timestamp(at.unix_ms().div_euclid(1_000)) {
        Ok(at) => {
            format!("{}-{:02}-{:02} {:02}:{:02} UTC", at.year(), u8::from(at.month()), at.day(), at.hour(), at.minute())
        }
        Err(_) => format!("{} ms", at.unix_ms()),
    }
}

pub fn sats(amount: Sats) -> String {
    grouped(amount.get())
}

fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let whole = i64::try_from(cents.unsigned_abs() / 100).unwrap_or(i64::MAX);
    format!("{sign}{}.{:02}", grouped(whole), cents.unsigned_abs() % 100)
}
