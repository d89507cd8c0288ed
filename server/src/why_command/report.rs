//! The answer to "why" as text for a terminal.

use domain::action::Change;
use domain::price::TICKS_PER_DOLLAR;
use domain::why::{Deed, RuleSight, Run, Sight, Step, Why};
use domain::{AccountId, Price, Timestamp, iso8601};
use std::fmt::{self, Display, Write};

/// How many earlier decisions are told.
const EARLIER: usize = 20;

pub fn write(account: AccountId, why: &Why) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = tell(&mut text, account, why);
    text
}

fn tell(out: &mut String, account: AccountId, why: &Why) -> fmt::Result {
    writeln!(out, "Position {} of account {account}", why.position)?;
    match why.asked {
        Some(asked) => writeln!(out, "At {}", iso8601::write(asked))?,
        None => writeln!(out, "The newest decision")?,
    }
    match &why.moment {
        None => writeln!(out, "  Nothing had been decided about it by then.")?,
        Some(step) => {
            if why.is_gap {
                let last = iso8601::write(step.held_until(None));
                writeln!(
                    out,
                    "  NO LOOK is recorded after {last}: nothing watched it then, or it was not written down."
                )?;
            }
            moment(out, step)?;
        }
    }
    match &why.deed {
        None => writeln!(out, "\nNo action had been taken.")?,
        Some(found) => deed(out, found)?,
    }
    let current = why.moment.as_ref().map(|step| step.entry.seq);
    let mut earlier = why.steps.iter().filter(|step| Some(step.entry.seq) != current).take(EARLIER).peekable();
    if earlier.peek().is_some() {
        writeln!(out, "\nBefore that, newest first:")?;
    }
    earlier.try_for_each(|step| line(out, step))
}

fn moment(out: &mut String, step: &Step) -> fmt::Result {
    line(out, step)?;
    let Some(run) = &step.run else { return Ok(()) };
    let Sight { price, price_age, distance, rule, .. } = run.last;
    let price = price.map_or("none".to_owned(), dollars);
    let age = price_age.map_or(String::new(), |age| format!(", {} ms old", age.get()));
    writeln!(out, "  It knew: price {price}{age}; distance {}", percent(distance))?;
    match rule {
        None => writeln!(out, "  No rule was asked at that look."),
        Some(rule) => rule_line(out, &rule),
    }
}

fn rule_line(out: &mut String, rule: &RuleSight) -> fmt::Result {
    let RuleSight { version, trigger, target, free, left } = rule;
    writeln!(
        out,
        "  Rule: version {version}, trigger {trigger} %, target {target} %; free in the wallet {} sats",
        free.get()
    )?;
    match left {
        None => writeln!(out, "  Above the trigger nothing is spent, so no limit was counted."),
        Some(left) => writeln!(
            out,
            "  Left: {} sats for the position, {} for the day, {} above the reserve, {} top-ups",
            left.per_position.get(),
            left.per_day.get(),
            left.wallet.get(),
            left.actions
        ),
    }
}

fn deed(out: &mut String, deed: &Deed) -> fmt::Result {
    let Deed { action, change, state, written_at, proof, .. } = deed;
    let what = match change {
        Change::AddMargin { amount } => format!("top-up of {} sats", amount.get()),
        Change::Close => "close".to_owned(),
        other => app::asked_in_english(*other),
    };
    let written = iso8601::write(*written_at);
    writeln!(out, "\nThe action until then: {what}, written down {written}: {}", state.as_str().to_uppercase())?;
    writeln!(out, "  {action}")?;
    for entry in proof {
        writeln!(out, "  {}  {}", iso8601::write(entry.at), app::told_in_english(entry))?;
    }
    Ok(())
}

fn line(out: &mut String, step: &Step) -> fmt::Result {
    let Step { entry, run } = step;
    let outcome = entry.outcome.as_str().to_uppercase();
    writeln!(out, "  {}  {outcome:<8} {}", iso8601::write(entry.at), app::told_in_english(entry))?;
    match run {
        Some(Run { looks, last, closest, .. }) if 1 < *looks => {
            writeln!(out, "  {:26}({looks} looks, the last {}; closest {})", "", clock(last.at), percent(*closest))
        }
        _ => Ok(()),
    }
}

fn percent(share: Option<impl Display>) -> String {
    share.map_or("unknown".to_owned(), |share| format!("{share} %"))
}

fn dollars(price: Price) -> String {
    let (whole, half) = (price.ticks() / TICKS_PER_DOLLAR, price.ticks() % TICKS_PER_DOLLAR);
    format!("${whole}.{}", half * 10 / TICKS_PER_DOLLAR)
}

fn clock(at: Timestamp) -> String {
    iso8601::write(at)
}
