//! The authenticator and its recovery codes: added, replaced, removed.

use super::Board;
use crate::api::{
    NewAuthenticator, begin_authenticator, finish_authenticator, remove_authenticator, renew_recovery_codes,
};
use crate::erased::Erased;
use crate::i18n::td_string;
use crate::language::{t_string, use_i18n};
use crate::zone;
use domain::Timestamp;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub fn AuthenticatorCard(board: Board, since: Option<Timestamp>, codes_left: i64, is_confirmed: bool) -> impl IntoView {
    let i18n = use_i18n();
    let state = move || match since {
        None => t_string!(i18n, security.authenticator_none).to_owned(),
        Some(at) => td_string!(i18n.get_locale(), security.authenticator_since, time = zone::date_time(at)).to_string(),
    };
    view! {
        <section class="card">
            <header class="card-head"><h2>{move || t_string!(i18n, security.authenticator)}</h2></header>
            <p data-testid="authenticator-state">{state}</p>
            {since.is_some().then(|| view! {
                <p class="muted" data-testid="codes-left">
                    {move || td_string!(i18n.get_locale(), security.codes_left, count = codes_left).to_string()}
                </p>
            })}
            {is_confirmed.then(|| view! { <Changes board has_one=since.is_some()/> })}
            {move || board.new.get().map(|new| view! { <Enrolment board new/> })}
            {move || (!board.codes.with(Vec::is_empty)).then(|| view! { <Codes board/> })}
        </section>
    }
    .erased()
}

/// What may be changed after a confirmation.
#[component]
fn Changes(board: Board, has_one: bool) -> impl IntoView {
    let i18n = use_i18n();
    let begin = move |_| board.run(begin_authenticator(), move |new| board.new.set(Some(new)));
    let renew = move |_| board.run(renew_recovery_codes(), move |codes| board.codes.set(codes));
    let remove = move |_| board.run(remove_authenticator(), move |()| board.codes.set(Vec::new()));
    let add = move || if has_one { t_string!(i18n, security.replace) } else { t_string!(i18n, security.add) };
    view! {
        <div class="security-buttons">
            <button type="button" class="button primary" data-testid="add-authenticator" on:click=begin>{add}</button>
            {has_one.then(|| view! {
                <button type="button" class="button" data-testid="renew-codes" on:click=renew>
                    {move || t_string!(i18n, security.codes_renew)}
                </button>
                <button type="button" class="button" data-testid="remove-authenticator" on:click=remove>
                    {move || t_string!(i18n, security.remove)}
                </button>
            })}
        </div>
    }
    .erased()
}

#[component]
fn Enrolment(board: Board, new: NewAuthenticator) -> impl IntoView {
    let i18n = use_i18n();
    let NewAuthenticator { version, sealed, seed, qr_path, size } = new;
    let code = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let finish = finish_authenticator(version, sealed.clone(), code.get_untracked());
        board.run(finish, move |codes| {
            board.new.set(None);
            board.codes.set(codes);
        });
    };
    view! {
        <form method="post" class="enrolment" on:submit=submit>
            <p>{move || t_string!(i18n, security.scan)}</p>
            // Four modules of quiet around it, as readers want.
            <svg class="qr" viewBox=format!("-4 -4 {0} {0}", size + 8) role="img"
                aria-label=move || t_string!(i18n, security.qr)>
                <rect class="qr-ground" x="-4" y="-4" width=size + 8 height=size + 8></rect>
                <path class="qr-ink" d=qr_path></path>
            </svg>
            <p><span class="label">{move || t_string!(i18n, security.seed)}</span>" "<code data-testid="seed">{seed}</code></p>
            <div class="field">
                <label for="new-code">{move || t_string!(i18n, security.code)}</label>
                <input id="new-code" inputmode="numeric" autocomplete="one-time-code" maxlength="10" required
                    data-testid="new-code" bind:value=code/>
            </div>
            <button type="submit" class="button primary" data-testid="finish-authenticator">
                {move || t_string!(i18n, security.finish)}
            </button>
        </form>
    }
    .erased()
}

/// Shown once.
#[component]
fn Codes(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let codes = move || board.codes.get().into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view();
    view! {
        <div class="recovery">
            <h3>{move || t_string!(i18n, security.codes)}</h3>
            <p>{move || t_string!(i18n, security.codes_text)}</p>
            <ol class="recovery-codes" data-testid="recovery-codes">{codes}</ol>
            <button type="button" class="button" data-testid="codes-kept" on:click=move |_| board.codes.set(Vec::new())>
                {move || t_string!(i18n, security.codes_kept)}
            </button>
        </div>
    }
    .erased()
}
