//! The three parts of a key, as they are pasted from the exchange.

use crate::api::TypedKey;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;

/// `place` makes the fields' names differ from those of another form on the page.
#[component]
pub fn KeyFields(place: String, typed: RwSignal<TypedKey>) -> impl IntoView {
    let i18n = use_i18n();
    let field = move |part: Part| {
        let id = format!("{place}-{}", part.name());
        view! {
            <div class="field">
                <label for=id.clone()>{move || part.label(i18n.get_locale())}</label>
                <input id=id.clone() data-testid=id type=part.kind() autocomplete="off" autocapitalize="off"
                    spellcheck="false" maxlength="200" required
                    prop:value=move || typed.with(|typed| part.of(typed).clone())
                    on:input=move |event| typed.update(|typed| *part.of_mut(typed) = event_target_value(&event))/>
            </div>
        }
    };
    view! {
        <div class="field-grid">{[Part::Key, Part::Secret, Part::Passphrase].map(field).collect_view()}</div>
        <p class="note">{move || t_string!(i18n, accounts.secrets_note)}</p>
    }
    .erased()
}

#[derive(Clone, Copy)]
enum Part {
    Key,
    Secret,
    Passphrase,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Part::Key => "key",
            Part::Secret => "secret",
            Part::Passphrase => "passphrase",
        }
    }

    /// Who looks over a shoulder reads the public part alone.
    const fn kind(self) -> &'static str {
        match self {
            Part::Key => "text",
            Part::Secret | Part::Passphrase => "password",
        }
    }

    fn label(self, locale: crate::i18n::Locale) -> &'static str {
        use crate::i18n::td_string;
        match self {
            Part::Key => td_string!(locale, accounts.key),
            Part::Secret => td_string!(locale, accounts.secret),
            Part::Passphrase => td_string!(locale, accounts.passphrase),
        }
    }

    fn of(self, typed: &TypedKey) -> &String {
        match self {
            Part::Key => &typed.key,
            Part::Secret => &typed.secret,
            Part::Passphrase => &typed.passphrase,
        }
    }

    fn of_mut(self, typed: &mut TypedKey) -> &mut String {
        match self {
            Part::Key => &mut typed.key,
            Part::Secret => &mut typed.secret,
            Part::Passphrase => &mut typed.passphrase,
        }
    }
}
