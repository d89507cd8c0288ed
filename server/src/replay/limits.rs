//! The guard's limits as they are typed: `per_action=100000,per_day=500000,cooldown=5m`.

use super::number::whole;
use domain::{GuardLimits, Millis, Sats};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitsError {
    #[error("--limits: {0:?} is not NAME=VALUE")]
    Shape(String),
    #[error(
        "--limits: there is no limit {0:?}; there are per_action, per_position, per_day, reserve, cooldown, max_actions"
    )]
    Name(String),
    #[error("--limits: {name} must be a whole number, such as {name}=1000, not {text:?}")]
    Number { name: String, text: String },
    #[error("--limits: cooldown must be a time such as 30s, 5m or 1h, not {0:?}")]
    Cooldown(String),
    #[error("--limits: {0} is given twice")]
    Twice(String),
}

/// What is used where nothing is said.
const PER_ACTION: i64 = 100_000;
const ACTIONS_PER_POSITION: i64 = 5;
const COOLDOWN: Millis = Millis::MINUTE;
const MAX_ACTIONS: u32 = 20;

#[derive(Default)]
struct Given {
    per_action: Option<i64>,
    per_position: Option<i64>,
    per_day: Option<i64>,
    reserve: Option<i64>,
    cooldown: Option<Millis>,
    max_actions: Option<i64>,
}

/// Reads the limits. What is left out: 100,000 sats per action, five actions' worth per position, the same per day, no
/// reserve, a cooldown of a minute, 20 actions. Whether the limits are possible is the policy's to say.
pub fn parse(text: &str) -> Result<GuardLimits, LimitsError> {
    let mut given = Given::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or_else(|| LimitsError::Shape(part.to_owned()))?;
        given.take(name.trim(), value.trim())?;
    }
    Ok(given.limits())
}

impl Given {
    fn take(&mut self, name: &str, text: &str) -> Result<(), LimitsError> {
        let number = || whole(text).ok_or_else(|| LimitsError::Number { name: name.to_owned(), text: text.to_owned() });
        let twice = match name {
            "per_action" => self.per_action.replace(number()?).is_some(),
            "per_position" => self.per_position.replace(number()?).is_some(),
            "per_day" => self.per_day.replace(number()?).is_some(),
            "reserve" => self.reserve.replace(number()?).is_some(),
            "max_actions" => self.max_actions.replace(number()?).is_some(),
            "cooldown" => {
                let length = cooldown(text).ok_or_else(|| LimitsError::Cooldown(text.to_owned()))?;
                self.cooldown.replace(length).is_some()
            }
            _ => return Err(LimitsError::Name(name.to_owned())),
        };
        if twice { Err(LimitsError::Twice(name.to_owned())) } else { Ok(()) }
    }

    fn limits(self) -> GuardLimits {
        let per_action = self.per_action.unwrap_or(PER_ACTION);
        let per_position = self.per_position.unwrap_or_else(|| per_action.saturating_mul(ACTIONS_PER_POSITION));
        GuardLimits {
            per_action: Sats::new(per_action),
            per_position: Sats::new(per_position),
            per_day: Sats::new(self.per_day.unwrap_or(per_position)),
            wallet_reserve: Sats::new(self.reserve.unwrap_or(0)),
            cooldown: self.cooldown.unwrap_or(COOLDOWN),
            max_actions: self.max_actions.map_or(MAX_ACTIONS, |actions| u32::try_from(actions).unwrap_or(u32::MAX)),
        }
    }
}

/// `30s`, `5m`, `1h`, or plain seconds.
fn cooldown(text: &str) -> Option<Millis> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 's') => (&text[..at], Millis::SECOND),
        (at, 'm') => (&text[..at], Millis::MINUTE),
        (at, 'h') => (&text[..at], Millis::HOUR),
        _ => (text, Millis::SECOND),
    };
    whole(number)?.checked_mul(unit.get()).map(Millis::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_and_what_is_left_out_follows() {
        let limits = parse("per_action=50000, cooldown=5m,reserve=1_000").unwrap();
        assert_eq!((limits.per_action, limits.per_position), (Sats::new(50_000), Sats::new(250_000)));
        assert_eq!((limits.per_day, limits.wallet_reserve), (Sats::new(250_000), Sats::new(1_000)));
        assert_eq!((limits.cooldown, limits.max_actions), (Millis::from_secs(300), 20));
        assert_eq!(parse("").unwrap().per_action, Sats::new(100_000));
    }

    #[test]
    fn nonsense_says_which_limit_and_why() {
        for (text, said) in [
            ("per_action", "NAME=VALUE"),
            ("per_hour=1", "per_hour"),
            ("per_action=NaN", "whole number"),
            ("per_action=-1", "whole number"),
            ("per_action=1e9", "whole number"),
            ("per_action=99999999999999999999", "whole number"),
            ("cooldown=soon", "30s"),
            ("per_day=1,per_day=2", "twice"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
