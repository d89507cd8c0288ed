//! What went wrong, told to a reader with what to do about it.

use crate::api::ReadFault;
use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::use_i18n;
use leptos::prelude::*;

/// The sentence of a fault.
pub fn fault_text(locale: Locale, fault: ReadFault) -> &'static str {
    match fault {
        ReadFault::SignedOut => td_string!(locale, fault.signed_out),
        ReadFault::NotFound => td_string!(locale, fault.not_found),
        ReadFault::Forbidden => td_string!(locale, fault.forbidden),
        ReadFault::Unavailable => td_string!(locale, fault.unavailable),
        ReadFault::Exchange => td_string!(locale, fault.exchange),
        ReadFault::Unreachable => td_string!(locale, fault.unreachable),
    }
}

/// A fault in the place of what could not be shown.
#[component]
pub fn Fault(fault: ReadFault) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="notice notice-bad" role="alert">
            <Icon sign=Sign::Alert/>
            <p>{move || fault_text(i18n.get_locale(), fault)}</p>
        </div>
    }
    .erased()
}
