//! Messages that come by themselves: what the guard just did.

use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::reason::{reason_sentence, why};
use domain::{LedgerEntry, LedgerOutcome, Reason};
use leptos::prelude::*;

/// How long a message stays, unless it is closed or an alarm.
#[cfg(feature = "hydrate")]
const STAY: std::time::Duration = std::time::Duration::from_secs(20);

#[component]
pub fn Toasts() -> impl IntoView {
    let live = expect_context::<Live>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || live.toasts.get() key=|entry| entry.seq let:entry>
                <Toast entry/>
            </For>
        </div>
    }
    .erased()
}

#[component]
fn Toast(entry: LedgerEntry) -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let (seq, outcome, why) = (entry.seq, entry.outcome, why(&entry.reason));
    let is_save = matches!(entry.reason, Reason::MarginAdded { .. });
    #[cfg(feature = "hydrate")]
    if outcome != LedgerOutcome::Alarmed {
        set_timeout(move || live.dismiss(seq), STAY);
    }
    let sign = match outcome {
        LedgerOutcome::Acted => Sign::Saved,
        LedgerOutcome::Alarmed | LedgerOutcome::Refused => Sign::Alert,
        LedgerOutcome::Held | LedgerOutcome::Noted => Sign::Dot,
    };
    view! {
        <article class="toast" class:saved=is_save data-tone=outcome.as_str() data-testid="toast" data-why=why>
            <Icon sign/>
            <div>
                <p class="toast-title">{move || title(i18n.get_locale(), outcome, is_save)}</p>
                <p>{move || reason_sentence(i18n.get_locale(), &entry)}</p>
            </div>
            <button type="button" class="icon-button" aria-label=move || t_string!(i18n, toast.close)
                on:click=move |_| live.dismiss(seq)>
                <Icon sign=Sign::Close/>
            </button>
        </article>
    }
    .erased()
}

fn title(locale: Locale, outcome: LedgerOutcome, is_save: bool) -> &'static str {
    match outcome {
        _ if is_save => td_string!(locale, toast.saved),
        LedgerOutcome::Acted => td_string!(locale, toast.acted),
        LedgerOutcome::Refused => td_string!(locale, toast.refused),
        LedgerOutcome::Alarmed => td_string!(locale, toast.alarmed),
        LedgerOutcome::Held | LedgerOutcome::Noted => td_string!(locale, toast.noted),
    }
}
