//! Who may make themselves known on this server.

use super::board::{Board, Deed};
use crate::components::choice::Choice;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use domain::Registration;
use leptos::prelude::*;

#[component]
pub fn RegistrationCard(board: Board, registration: Registration, sends_mail: bool) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |wanted| Callback::new(move |()| board.run(Deed::SetRegistration(wanted)));
    let is = move |one| Signal::derive(move || registration == one);
    let open_hint =
        Signal::derive(
            move || {
                if sends_mail { t_string!(i18n, people.open_hint) } else { t_string!(i18n, people.no_mail) }
            },
        );
    view! {
        <section class="card">
            <fieldset class="choices">
                <legend>{move || t_string!(i18n, people.registration)}</legend>
                <Choice group="registration" testid="registration-closed" is_chosen=is(Registration::Closed)
                    name=Signal::derive(move || t_string!(i18n, people.closed))
                    hint=Signal::derive(move || t_string!(i18n, people.closed_hint)) choose=choose(Registration::Closed)/>
                <Choice group="registration" testid="registration-invitation" is_chosen=is(Registration::Invitation)
                    name=Signal::derive(move || t_string!(i18n, people.by_invitation))
                    hint=Signal::derive(move || t_string!(i18n, people.by_invitation_hint))
                    choose=choose(Registration::Invitation)/>
                <Choice group="registration" testid="registration-open" is_chosen=is(Registration::Open)
                    name=Signal::derive(move || t_string!(i18n, people.open)) hint=open_hint
                    choose=choose(Registration::Open)/>
            </fieldset>
        </section>
    }
    .erased()
}
