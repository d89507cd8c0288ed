//! A person's accounts at exchanges and the keys to them.

pub mod add;
pub mod board;
mod key_fields;
mod row;
mod told;

use crate::components::icon::{Icon, Sign};
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use add::AddCard;
use board::{Board, News};
use leptos::prelude::*;
use row::Row;
use told::fault_text;

#[component]
pub fn AccountsPage() -> impl IntoView {
    let i18n = use_i18n();
    let board = Board::new();
    board.follow_keys();
    let content = move || {
        Suspend::new(async move {
            match board.read.await {
                Ok(accounts) => {
                    let rows = accounts.into_iter().map(|entrusted| view! { <Row board entrusted/> });
                    view! { <ul class="entrusted">{rows.collect_view()}</ul> }.erased()
                }
                Err(fault) => view! {
                    <div class="notice notice-bad" role="alert">
                        <Icon sign=Sign::Alert/>
                        <p>{move || fault_text(i18n.get_locale(), &fault)}</p>
                    </div>
                }
                .erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, accounts.title)/>
        <SettingsTabs/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, accounts.title)}</h1>
            <p class="muted">{move || t_string!(i18n, accounts.about)}</p>
        </header>
        <div class="accounts">
            <NewsNote board/>
            <Transition fallback=move || view! { <Skeleton lines=4 label=move || t_string!(i18n, security.loading)/> }.erased()>{content}</Transition>
            <AddCard board/>
        </div>
    }
    .erased()
}

/// What was just done, with what comes next.
#[component]
fn NewsNote(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let note = move |news: News| {
        let (text, missing, next) = match news {
            News::Added { account, missing } => (t_string!(i18n, accounts.added), missing, Some(account)),
            News::Replaced { missing } => (t_string!(i18n, accounts.replaced), missing, None),
        };
        let lacks = (!missing.is_empty()).then(|| {
            let missing = missing.join(", ");
            view! { <p class="note">{t_string!(i18n, accounts.lacks, scopes = missing).to_string()}</p> }.erased()
        });
        let go = next.map(|account| {
            view! {
                <button type="button" class="button" data-testid="account-to-guard"
                    on:click=move |_| board::go_to(account, "/guard")>
                    {move || t_string!(i18n, accounts.to_guard)}
                </button>
            }
            .erased()
        });
        view! {
            <div class="notice notice-good" data-testid="account-news">
                <Icon sign=Sign::Check/>
                <p>{text}</p>
                {lacks}
                {go}
            </div>
        }
        .erased()
    };
    view! { <div aria-live="polite">{move || board.news.get().map(note)}</div> }.erased()
}
