//! A button that acts only after it was held for a while, or after a word was typed: never by a slip.

use crate::components::icon::{Icon, Sign};
use crate::erased::Erased;
use crate::language::{t_string, use_i18n};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::time::Duration;

/// As long as the button takes to fill; the style knows the same.
const HOLD: Duration = Duration::from_millis(1_500);

/// `testid` names the button; the field beside it is `testid-word`.
#[component]
pub fn HoldToConfirm(
    testid: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    /// What is typed instead of holding; `STOP` in the reader's language where nothing else is said.
    #[prop(optional, into)]
    word: Option<Signal<&'static str>>,
    confirm: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let holding = RwSignal::new(None::<TimeoutHandle>);
    let typed = RwSignal::new(String::new());
    let let_go = move || {
        if let Some(timer) = holding.get_untracked() {
            timer.clear();
            holding.set(None);
        }
    };
    let done = move || {
        holding.set(None);
        confirm.run(());
    };
    let press = move || {
        let_go();
        holding.set(set_timeout_with_handle(done, HOLD).ok());
    };
    on_cleanup(let_go);
    let word = move || word.map_or_else(|| t_string!(i18n, stop.word), |word| word.get());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_word(&typed.get_untracked(), word()) {
            typed.set(String::new());
            confirm.run(());
        }
    };
    let hint = move || t_string!(i18n, stop.type_word, word = word()).to_string();
    view! {
        <div class="hold">
            <button type="button" class="button danger hold-button" data-testid=testid
                data-held=move || holding.with(Option::is_some).to_string()
                on:pointerdown=move |_| press() on:pointerup=move |_| let_go() on:pointerleave=move |_| let_go()
                on:pointercancel=move |_| let_go() on:contextmenu=move |event| event.prevent_default()>
                <Icon sign=Sign::Stop/>
                <span>{label}</span>
            </button>
            <form on:submit=submit>
                <label class="inline-field">
                    <span>{hint}</span>
                    <input type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="12"
                        data-testid=format!("{testid}-word") bind:value=typed/>
                </label>
            </form>
        </div>
    }
    .erased()
}

/// Whether the word was typed, in whatever case.
fn is_word(typed: &str, word: &str) -> bool {
    typed.trim().to_uppercase() == word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_word_confirms() {
        for right in ["STOP", "stop", " Stop "] {
            assert!(is_word(right, "STOP"), "{right}");
        }
        for wrong in ["", "STO", "STOPP", "S T O P"] {
            assert!(!is_word(wrong, "STOP"), "{wrong}");
        }
    }
}
