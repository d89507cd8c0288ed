//! A rule as one plain sentence, the one that somebody confirms.

use crate::chart::short;
use crate::format;
use crate::i18n::{Locale, td_string};
use domain::{AtLimit, GuardPolicy, GuardScope};

/// All that the rule does, in words.
pub fn rule_sentence(locale: Locale, policy: &GuardPolicy) -> String {
    let limits = policy.limits();
    let sats = |amount| format::sats(locale, amount);
    let whom = scope_text(locale, policy.scope());
    let what = td_string!(
        locale,
        sentence.what,
        whom = whom,
        trigger = format::percent(locale, policy.trigger()),
        target = format::percent(locale, policy.target())
    );
    let within = td_string!(
        locale,
        sentence.within,
        per_action = sats(limits.per_action),
        per_position = sats(limits.per_position),
        per_day = sats(limits.per_day),
        reserve = sats(limits.wallet_reserve),
        cooldown = format::whole(locale, limits.cooldown.get() / 1_000),
        count = format::whole(locale, i64::from(limits.max_actions))
    );
    let then = match policy.at_limit() {
        AtLimit::AlertOnly => td_string!(locale, sentence.then_alert),
        AtLimit::Close => td_string!(locale, sentence.then_close),
        AtLimit::Nothing => td_string!(locale, sentence.then_nothing),
    };
    format!("{what} {within} {then}")
}

fn scope_text(locale: Locale, scope: GuardScope) -> String {
    match scope {
        GuardScope::All => td_string!(locale, sentence.any).to_owned(),
        GuardScope::Longs => td_string!(locale, sentence.any_long).to_owned(),
        GuardScope::Shorts => td_string!(locale, sentence.any_short).to_owned(),
        GuardScope::Position(id) => td_string!(locale, sentence.one, id = short(id)).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard_editor::form::Form;

    #[test]
    fn the_sentence_says_every_number_of_the_rule() {
        let mut form = Form::first();
        form.at_limit = Some(AtLimit::Close);
        let policy = form.parse().unwrap();
        let said = rule_sentence(Locale::en, &policy);
        for part in ["5.00%", "10.00%", "50,000", "200,000", "500,000", "10,000 sats", "60", "10 ", "close"] {
            assert!(said.contains(part), "{part:?} is missing: {said}");
        }
        let said = rule_sentence(Locale::pt_BR, &policy);
        assert!(said.contains("5,00%") && said.contains("200.000") && said.contains("fecha"), "{said}");
    }
}
