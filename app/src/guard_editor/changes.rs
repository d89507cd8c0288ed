//! What a save would change: the difference between two versions of a guard.

use crate::chart::short;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::reason::state_name;
use domain::{AtLimit, GuardPolicy, GuardScope, GuardState};

/// A line of the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub name: &'static str,
    pub before: String,
    pub after: String,
}

/// What differs between two rules with their states, in the order of the editor.
pub fn changes(locale: Locale, before: (&GuardPolicy, GuardState), after: (&GuardPolicy, GuardState)) -> Vec<Change> {
    let pairs = lines(locale, before.0, before.1).into_iter().zip(lines(locale, after.0, after.1));
    pairs
        .filter(|(before, after)| before.1 != after.1)
        .map(|((name, before), (_, after))| Change { name, before, after })
        .collect()
}

fn lines(locale: Locale, policy: &GuardPolicy, state: GuardState) -> [(&'static str, String); 11] {
    let limits = policy.limits();
    let sats = |amount| format!("{} sats", format::sats(locale, amount));
    [
        (td_string!(locale, field.scope), scope_name(locale, policy.scope())),
        (td_string!(locale, field.trigger), format::percent(locale, policy.trigger())),
        (td_string!(locale, field.target), format::percent(locale, policy.target())),
        (td_string!(locale, field.per_action), sats(limits.per_action)),
        (td_string!(locale, field.per_position), sats(limits.per_position)),
        (td_string!(locale, field.per_day), sats(limits.per_day)),
        (td_string!(locale, field.reserve), sats(limits.wallet_reserve)),
        (td_string!(locale, field.cooldown), format!("{} s", format::whole(locale, limits.cooldown.get() / 1_000))),
        (td_string!(locale, field.max_actions), format::whole(locale, i64::from(limits.max_actions))),
        (td_string!(locale, field.at_limit), at_limit_name(locale, policy.at_limit()).to_owned()),
        (td_string!(locale, field.state), state_name(locale, state).to_owned()),
    ]
}

pub fn scope_name(locale: Locale, scope: GuardScope) -> String {
    match scope {
        GuardScope::All => td_string!(locale, scope.all).to_owned(),
        GuardScope::Longs => td_string!(locale, scope.longs).to_owned(),
        GuardScope::Shorts => td_string!(locale, scope.shorts).to_owned(),
        GuardScope::Position(id) => td_string!(locale, scope.one, id = short(id)).to_string(),
    }
}

pub fn at_limit_name(locale: Locale, at_limit: AtLimit) -> &'static str {
    match at_limit {
        AtLimit::AlertOnly => td_string!(locale, at_limit.alert_only),
        AtLimit::Close => td_string!(locale, at_limit.close),
        AtLimit::Nothing => td_string!(locale, at_limit.nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard_editor::form::{Field, Form};

    #[test]
    fn only_what_differs_is_told() {
        let mut form = Form::first();
        form.at_limit = Some(AtLimit::AlertOnly);
        let before = form.parse().unwrap();
        form.set_text(Field::Trigger, "6".to_owned());
        let after = form.parse().unwrap();
        let told = changes(Locale::en, (&before, GuardState::Shadow), (&after, GuardState::Live));
        let told: Vec<_> = told.iter().map(|change| (change.before.as_str(), change.after.as_str())).collect();
        assert_eq!(told, [("5.00%", "6.00%"), ("Shadow", "Live")]);
        assert_eq!(changes(Locale::en, (&before, GuardState::Off), (&before, GuardState::Off)), []);
    }
}
