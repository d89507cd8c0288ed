//! Why a way in did not open.

use crate::api::{JoinFault, PasswordFault};
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

#[component]
pub fn Fault(fault: JoinFault) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="field-fault" role="alert" data-testid="door-fault">
            <Icon sign=Sign::Alert/>{move || fault_text(i18n.get_locale(), fault)}
        </p>
    }
    .erased()
}

/// The link opens nothing (any more).
#[component]
pub fn Spent() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Fault fault=JoinFault::LinkSpent/>
        <a class="button" href="/sign-in">{move || t_string!(i18n, sign_in.submit)}</a>
    }
    .erased()
}

pub fn fault_text(locale: Locale, fault: JoinFault) -> &'static str {
    match fault {
        JoinFault::LinkSpent => td_string!(locale, door.spent),
        JoinFault::Email => td_string!(locale, set_up.email_fault),
        JoinFault::Taken => td_string!(locale, door.taken),
        JoinFault::Password(fault) => password_text(locale, fault),
        JoinFault::WrongPassword => td_string!(locale, door.wrong_password),
        JoinFault::SignedOut => td_string!(locale, fault.signed_out),
        JoinFault::NotOpen => td_string!(locale, door.not_open),
        JoinFault::NoMail => td_string!(locale, door.no_mail),
        JoinFault::Locked => td_string!(locale, door.locked),
        JoinFault::Busy => td_string!(locale, sign_in.busy),
        JoinFault::Unavailable => td_string!(locale, fault.unavailable),
        JoinFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}

pub fn password_text(locale: Locale, fault: PasswordFault) -> &'static str {
    match fault {
        PasswordFault::TooShort => td_string!(locale, set_up.too_short),
        PasswordFault::TooLong => td_string!(locale, set_up.too_long),
        PasswordFault::Common => td_string!(locale, set_up.common),
        PasswordFault::Weak => td_string!(locale, set_up.weak),
        PasswordFault::Breached => td_string!(locale, set_up.breached),
        PasswordFault::Unchecked => td_string!(locale, set_up.unchecked),
    }
}
