//! Whether everybody on this server must have a second factor.

use super::board::{Board, Deed};
use crate::components::choice::Choice;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use domain::FactorRule;
use leptos::prelude::*;

#[component]
pub fn FactorRuleCard(board: Board, rule: FactorRule) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |wanted| Callback::new(move |()| board.run(Deed::SetFactorRule(wanted)));
    let is = move |one| Signal::derive(move || rule == one);
    view! {
        <section class="card">
            <fieldset class="choices">
                <legend>{move || t_string!(i18n, people.factors)}</legend>
                <Choice group="factor-rule" testid="factors-offered" is_chosen=is(FactorRule::Offered)
                    name=Signal::derive(move || t_string!(i18n, people.factors_offered))
                    hint=Signal::derive(move || t_string!(i18n, people.factors_offered_hint))
                    choose=choose(FactorRule::Offered)/>
                <Choice group="factor-rule" testid="factors-demanded" is_chosen=is(FactorRule::Demanded)
                    name=Signal::derive(move || t_string!(i18n, people.factors_demanded))
                    hint=Signal::derive(move || t_string!(i18n, people.factors_demanded_hint))
                    choose=choose(FactorRule::Demanded)/>
            </fieldset>
        </section>
    }
    .erased()
}
