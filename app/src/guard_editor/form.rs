//! A rule as somebody types it, and the way from there to a rule that can be.

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::number::{NumberFault, parse_percent, parse_whole};
use domain::guard_policy::{Guard, GuardPolicyDraft, GuardPolicyError};
use domain::{AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, Millis, Sats};

/// What is in the fields, letter by letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub scope: GuardScope,
    pub state: GuardState,
    /// A required choice: none at first.
    pub at_limit: Option<AtLimit>,
    texts: [String; 8],
}

/// A field that is typed into, or the choice that must be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Trigger,
    Target,
    PerAction,
    PerPosition,
    PerDay,
    Reserve,
    Cooldown,
    MaxActions,
    AtLimit,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldFault {
    Number(NumberFault),
    Policy(GuardPolicyError),
    /// A choice must be made.
    Missing,
}

impl Form {
    /// Where somebody without a guard starts: in shadow, with modest limits, and with the choice still to be made.
    pub fn first() -> Form {
        let texts = ["5", "10", "50000", "200000", "500000", "10000", "60", "10"].map(str::to_owned);
        Form { scope: GuardScope::All, state: GuardState::Shadow, at_limit: None, texts }
    }

    /// A saved rule as text.
    pub fn of(guard: &Guard) -> Form {
        let policy = &guard.policy;
        let limits = policy.limits();
        let texts = [
            percent_text(policy.trigger()),
            percent_text(policy.target()),
            limits.per_action.to_string(),
            limits.per_position.to_string(),
            limits.per_day.to_string(),
            limits.wallet_reserve.to_string(),
            (limits.cooldown.get() / 1_000).to_string(),
            limits.max_actions.to_string(),
        ];
        Form { scope: policy.scope(), state: guard.state, at_limit: Some(policy.at_limit()), texts }
    }

    pub fn text(&self, field: Field) -> &str {
        self.texts.get(field.place()).map_or("", String::as_str)
    }

    pub fn set_text(&mut self, field: Field, text: String) {
        if let Some(known) = self.texts.get_mut(field.place()) {
            *known = text;
        }
    }

    /// Sets a share from a slider, and moves the other one along where the gap would be lost.
    pub fn slide(&mut self, field: Field, share: Bps) {
        let gap = GuardPolicy::MIN_GAP.get();
        let other = |form: &Form, field| parse_percent(form.text(field)).ok();
        match field {
            Field::Trigger => {
                let least = Bps::new(share.get() + gap);
                if other(self, Field::Target).is_none_or(|target| target < least) {
                    self.set_text(Field::Target, percent_text(least));
                }
                self.set_text(field, percent_text(share));
            }
            _ => {
                let least = other(self, Field::Trigger).map_or(share, |trigger| Bps::new(trigger.get() + gap));
                self.set_text(field, percent_text(share.max(least)));
            }
        }
    }

    /// The rule, or everything that is wrong with what was typed.
    pub fn parse(&self) -> Result<GuardPolicy, Vec<(Field, FieldFault)>> {
        let mut faults = Vec::new();
        let trigger = self.take(&mut faults, Field::Trigger, parse_percent);
        let target = self.take(&mut faults, Field::Target, parse_percent);
        let mut whole = |field| self.take(&mut faults, field, parse_whole);
        let [per_action, per_position, per_day, reserve, cooldown, max_actions] =
            [Field::PerAction, Field::PerPosition, Field::PerDay, Field::Reserve, Field::Cooldown, Field::MaxActions]
                .map(&mut whole);
        if self.at_limit.is_none() {
            faults.push((Field::AtLimit, FieldFault::Missing));
        }
        let limits = GuardLimits {
            per_action: Sats::new(per_action.unwrap_or(1)),
            per_position: Sats::new(per_position.unwrap_or(i64::MAX)),
            per_day: Sats::new(per_day.unwrap_or(i64::MAX)),
            wallet_reserve: Sats::new(reserve.unwrap_or(0)),
            cooldown: Millis::from_secs(cooldown.unwrap_or(0)),
            max_actions: max_actions.map_or(1, |count| u32::try_from(count).unwrap_or(u32::MAX)),
        };
        let at_limit = self.at_limit.unwrap_or(AtLimit::AlertOnly);
        let (trigger, target) = (trigger.unwrap_or_default(), target.unwrap_or_default());
        if !faults.iter().all(|(field, _)| *field == Field::AtLimit) {
            return Err(faults);
        }
        match GuardPolicy::new(GuardPolicyDraft { scope: self.scope, trigger, target, limits, at_limit }) {
            Ok(policy) if faults.is_empty() => Ok(policy),
            Ok(_) => Err(faults),
            Err(error) => {
                faults.insert(0, (field_of(error), FieldFault::Policy(error)));
                Err(faults)
            }
        }
    }

    /// The rule as far as numbers go: a choice that is still to be made changes none of them.
    pub fn parse_numbers(&self) -> Option<GuardPolicy> {
        Form { at_limit: self.at_limit.or(Some(AtLimit::AlertOnly)), ..self.clone() }.parse().ok()
    }

    fn take<T>(
        &self,
        faults: &mut Vec<(Field, FieldFault)>,
        field: Field,
        parse: impl Fn(&str) -> Result<T, NumberFault>,
    ) -> Option<T> {
        parse(self.text(field)).map_err(|fault| faults.push((field, FieldFault::Number(fault)))).ok()
    }
}

impl Field {
    const fn place(self) -> usize {
        match self {
            Field::Trigger => 0,
            Field::Target => 1,
            Field::PerAction => 2,
            Field::PerPosition => 3,
            Field::PerDay => 4,
            Field::Reserve => 5,
            Field::Cooldown => 6,
            Field::MaxActions => 7,
            Field::AtLimit => 8,
        }
    }

    /// The name that tests and labels know the field by.
    pub const fn id(self) -> &'static str {
        match self {
            Field::Trigger => "guard-trigger",
            Field::Target => "guard-target",
            Field::PerAction => "guard-per-action",
            Field::PerPosition => "guard-per-position",
            Field::PerDay => "guard-per-day",
            Field::Reserve => "guard-reserve",
            Field::Cooldown => "guard-cooldown",
            Field::MaxActions => "guard-max-actions",
            Field::AtLimit => "guard-at-limit-alert_only",
        }
    }
}

/// The field that an impossible rule is mended at.
pub const fn field_of(error: GuardPolicyError) -> Field {
    match error {
        GuardPolicyError::Trigger => Field::Trigger,
        GuardPolicyError::Target | GuardPolicyError::Gap => Field::Target,
        GuardPolicyError::PerAction => Field::PerAction,
        GuardPolicyError::PerPosition => Field::PerPosition,
        GuardPolicyError::PerDay => Field::PerDay,
        GuardPolicyError::WalletReserve => Field::Reserve,
        GuardPolicyError::Cooldown => Field::Cooldown,
        GuardPolicyError::MaxActions => Field::MaxActions,
    }
}

/// What to do about a fault.
pub fn fault_text(locale: Locale, fault: FieldFault) -> String {
    match fault {
        FieldFault::Missing => td_string!(locale, field_fault.missing).to_owned(),
        FieldFault::Number(fault) => number_fault_text(locale, fault).to_owned(),
        FieldFault::Policy(error) => policy_fault_text(locale, error),
    }
}

fn number_fault_text(locale: Locale, fault: NumberFault) -> &'static str {
    match fault {
        NumberFault::TooFine => td_string!(locale, field_fault.too_fine),
        fault => crate::number::number_fault_text(locale, fault),
    }
}

fn policy_fault_text(locale: Locale, error: GuardPolicyError) -> String {
    let percent = |share| format::percent(locale, share);
    let most = || format::sats(locale, GuardPolicy::MAX_SATS);
    match error {
        GuardPolicyError::Trigger => {
            let (least, most) = (percent(GuardPolicy::MIN_TRIGGER), percent(GuardPolicy::MAX_TRIGGER));
            td_string!(locale, field_fault.trigger, least = least, most = most).to_string()
        }
        GuardPolicyError::Target => {
            td_string!(locale, field_fault.target, most = percent(GuardPolicy::MAX_TARGET)).to_string()
        }
        GuardPolicyError::Gap => td_string!(locale, field_fault.gap, least = percent(GuardPolicy::MIN_GAP)).to_string(),
        GuardPolicyError::PerAction => td_string!(locale, field_fault.per_action, most = most()).to_string(),
        GuardPolicyError::PerPosition => td_string!(locale, field_fault.per_position, most = most()).to_string(),
        GuardPolicyError::PerDay => td_string!(locale, field_fault.per_day, most = most()).to_string(),
        GuardPolicyError::WalletReserve => td_string!(locale, field_fault.reserve, most = most()).to_string(),
        GuardPolicyError::Cooldown => td_string!(locale, field_fault.cooldown).to_owned(),
        GuardPolicyError::MaxActions => {
            let most = format::whole(locale, i64::from(GuardPolicy::MAX_ACTIONS));
            td_string!(locale, field_fault.max_actions, most = most).to_string()
        }
    }
}

/// A share as somebody would type it: `5`, `7.25`.
fn percent_text(share: Bps) -> String {
    let text = share.to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Form {
        Form { at_limit: Some(AtLimit::Close), ..Form::first() }
    }

    fn with(field: Field, text: &str) -> Form {
        let mut form = filled();
        form.set_text(field, text.to_owned());
        form
    }

    fn check(field: Field, text: &str, fault: FieldFault) {
        let faulty = if let FieldFault::Policy(error) = fault { field_of(error) } else { field };
        assert_eq!(with(field, text).parse(), Err(vec![(faulty, fault)]), "{field:?} {text:?}");
        assert!(!fault_text(Locale::en, fault).is_empty());
        assert_ne!(fault_text(Locale::en, fault), fault_text(Locale::pt_BR, fault));
    }

    #[test]
    fn the_first_form_lacks_nothing_but_the_choice() {
        assert_eq!(Form::first().parse(), Err(vec![(Field::AtLimit, FieldFault::Missing)]));
        assert!(filled().parse().is_ok());
        assert_eq!(Form::first().state, GuardState::Shadow);
        assert!(Form::first().parse_numbers().is_some());
    }

    #[test]
    fn nonsense_is_told_at_its_field_and_kept() {
        use FieldFault::{Number, Policy};
        check(Field::Trigger, "abc", Number(NumberFault::NotANumber));
        check(Field::Trigger, "NaN", Number(NumberFault::NotANumber));
        check(Field::PerAction, "1e9", Number(NumberFault::NotANumber));
        check(Field::PerAction, "-5", Number(NumberFault::Negative));
        check(Field::PerDay, "", Number(NumberFault::Empty));
        check(Field::Cooldown, "1.5", Number(NumberFault::NotWhole));
        check(Field::MaxActions, "99999999999999999999", Number(NumberFault::TooLarge));
        check(Field::Target, "10.123", Number(NumberFault::TooFine));
        check(Field::Trigger, "0", Policy(GuardPolicyError::Trigger));
        check(Field::Trigger, "60", Policy(GuardPolicyError::Trigger));
        check(Field::Target, "5.2", Policy(GuardPolicyError::Gap));
        check(Field::Target, "95", Policy(GuardPolicyError::Target));
        check(Field::PerAction, "0", Policy(GuardPolicyError::PerAction));
        check(Field::PerPosition, "10", Policy(GuardPolicyError::PerPosition));
        check(Field::PerDay, "1000000001", Policy(GuardPolicyError::PerDay));
        check(Field::Reserve, "1000000001", Policy(GuardPolicyError::WalletReserve));
        check(Field::Cooldown, "86401", Policy(GuardPolicyError::Cooldown));
        check(Field::MaxActions, "0", Policy(GuardPolicyError::MaxActions));
        check(Field::MaxActions, "5000000000", Policy(GuardPolicyError::MaxActions));
        assert_eq!(with(Field::Trigger, "abc").text(Field::Trigger), "abc");
    }

    #[test]
    fn every_unreadable_field_is_told_at_once() {
        let mut form = Form::first();
        form.set_text(Field::Trigger, String::new());
        form.set_text(Field::PerDay, "x".to_owned());
        let faulty: Vec<Field> = form.parse().unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(faulty, [Field::Trigger, Field::PerDay, Field::AtLimit]);
    }

    #[test]
    fn a_slider_keeps_the_gap() {
        let mut form = filled();
        form.slide(Field::Trigger, Bps::new(1_200));
        assert_eq!((form.text(Field::Trigger), form.text(Field::Target)), ("12", "12.5"));
        form.slide(Field::Target, Bps::new(300));
        assert_eq!(form.text(Field::Target), "12.5");
        form.slide(Field::Target, Bps::new(2_025));
        assert_eq!(form.text(Field::Target), "20.25");
        form.set_text(Field::Trigger, "x".to_owned());
        form.slide(Field::Target, Bps::new(300));
        assert_eq!(form.text(Field::Target), "3");
    }

    #[test]
    fn a_saved_rule_comes_back_as_it_was() {
        let policy = with(Field::Target, "12,25").parse().unwrap();
        let id = domain::GuardId::from_uuid(domain::id::time_ordered(domain::Timestamp::EPOCH, [0; 10]));
        let saved_at = domain::Timestamp::EPOCH;
        let form = Form::of(&Guard { id, version: 3, state: GuardState::Live, policy, saved_at });
        assert_eq!(form.text(Field::Target), "12.25");
        assert_eq!((form.parse(), form.state), (Ok(policy), GuardState::Live));
    }
}
