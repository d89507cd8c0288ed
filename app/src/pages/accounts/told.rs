//! Why something was not done with an account or a key, and what to do about it.

use super::board::{Board, Place};
use crate::api::{AccountFault, SecurityFault};
use crate::components::icon::{Icon, Sign};
use crate::components::step_up::StepUp;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::use_i18n;
use crate::pages::profile::plan::full_text;
use crate::pages::security;
use leptos::prelude::*;

/// The fault of this place; where a confirmation is missing, the way to give it.
#[component]
pub fn Told(board: Board, place: Place) -> impl IntoView {
    let i18n = use_i18n();
    let mine = Memo::new(move |_| board.fault.get().filter(|(at, _)| *at == place).map(|(_, fault)| fault));
    let done = Callback::new(move |()| board.go_on());
    let failed = Callback::new(move |fault| board.fault.set(Some((place, AccountFault::Who(fault)))));
    let told = move |fault: AccountFault| {
        let asks = asks_who(&fault);
        view! {
            <div class="notice" class:notice-bad=!asks role="alert" data-testid="account-fault">
                <Icon sign=if asks { Sign::Key } else { Sign::Alert }/>
                <p>{move || fault_text(i18n.get_locale(), &fault)}</p>
            </div>
        }
        .erased()
    };
    // One form for as long as it is asked, so that a wrong code does not empty it.
    let asks = Memo::new(move |_| mine.with(|fault| fault.as_ref().is_some_and(asks_who)));
    view! {
        <div aria-live="polite">{move || mine.get().map(told)}</div>
        {move || asks.get().then(|| view! { <StepUp done failed/> }.erased())}
    }
    .erased()
}

fn asks_who(fault: &AccountFault) -> bool {
    let AccountFault::Who(fault) = fault else { return false };
    matches!(fault, SecurityFault::NotConfirmed | SecurityFault::WrongPassword | SecurityFault::WrongCode)
}

pub fn fault_text(locale: Locale, fault: &AccountFault) -> String {
    let plain = match fault {
        AccountFault::Who(SecurityFault::NotConfirmed) => td_string!(locale, accounts.confirm_first),
        AccountFault::Who(fault) => security::fault_text(locale, *fault),
        AccountFault::Name => td_string!(locale, accounts.fault_name),
        AccountFault::NameTaken => td_string!(locale, accounts.fault_name_taken),
        AccountFault::NoKey => td_string!(locale, accounts.fault_no_key),
        AccountFault::MayWithdraw => td_string!(locale, accounts.fault_may_withdraw),
        AccountFault::OtherNetwork => td_string!(locale, accounts.fault_other_network),
        AccountFault::NotFound => td_string!(locale, fault.not_found),
        AccountFault::UnderWay => td_string!(locale, accounts.fault_under_way),
        AccountFault::Full(full) => return full_text(locale, *full),
        AccountFault::NotAccepted(words) => {
            return td_string!(locale, accounts.fault_not_accepted, words = words.as_str()).to_string();
        }
        AccountFault::PlaceRefused(words) => {
            return td_string!(locale, accounts.fault_place, words = words.as_str()).to_string();
        }
        AccountFault::Unchecked(words) => {
            return td_string!(locale, accounts.fault_unchecked, words = words.as_str()).to_string();
        }
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do() {
        let text = |fault| fault_text(Locale::en, &fault);
        assert!(text(AccountFault::MayWithdraw).contains("Delete"), "{}", text(AccountFault::MayWithdraw));
        assert!(text(AccountFault::NotAccepted("Invalid key".to_owned())).contains("Invalid key"));
        assert!(asks_who(&AccountFault::Who(SecurityFault::WrongCode)) && !asks_who(&AccountFault::NoKey));
    }
}
