//! One replay at a time: while one runs only the newest question waits, and the others are forgotten.

use super::{Question, worker};
use crate::api::{ReplayFault, replay};
use domain::AccountId;
use engine::replay::ReplayError;
use engine::replay::comparison::{Comparison, Setup};
use leptos::prelude::*;
use std::time::Duration;

/// A rule that is still being typed is not replayed on the server yet.
const PATIENCE: Duration = Duration::from_millis(250);

/// What was asked, and what came of it.
pub type Answered = (Question, Result<Comparison, ReplayFault>);

/// Asks anew when the rule has changed. While a slider moves, the answers that were ready on the way are shown, each
/// with its own question; the newest comes last.
pub fn follow(
    account: AccountId,
    asked: Memo<Option<Question>>,
    answered: RwSignal<Option<Answered>>,
    is_busy: RwSignal<bool>,
) {
    let waiting = StoredValue::new(None::<Question>);
    Effect::new(move |_| {
        let Some(question) = asked.get() else { return };
        waiting.set_value(Some(question));
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        leptos::task::spawn_local(async move {
            while let Some(question) = waiting.try_update_value(Option::take).flatten() {
                let told = match in_browser(account, &question).await {
                    Some(told) => told,
                    None if newer_within_patience(waiting).await => continue,
                    None => on_server(account, question).await,
                };
                // The page may be gone.
                answered.try_set(Some((question, told)));
            }
            is_busy.try_set(false);
        });
    });
}

/// The server's own replay, for a browser that can't, or where there is no past to be had.
async fn on_server(account: AccountId, question: Question) -> Result<Comparison, ReplayFault> {
    let Question { side, quantity, leverage, wallet, policy, days } = question;
    replay(account, side, quantity, leverage, wallet, policy.into(), days).await
}

async fn in_browser(account: AccountId, question: &Question) -> Option<Result<Comparison, ReplayFault>> {
    let Question { side, quantity, leverage, wallet, policy, days } = *question;
    let setup = serde_json::to_string(&Setup { side, quantity, leverage, wallet, policy }).ok()?;
    let said = worker::ask(&format!("/past/{account}?days={days}\n{setup}")).await?;
    let told: Result<Comparison, ReplayError> = crate::wire::read(&said).ok()?;
    Some(told.map_err(|error| match error {
        ReplayError::NoCandles => ReplayFault::NoHistory,
        ReplayError::WalletTooSmall { needed, wallet } => ReplayFault::WalletTooSmall { needed, wallet },
    }))
}

async fn newer_within_patience(waiting: StoredValue<Option<Question>>) -> bool {
    worker::pause(PATIENCE).await;
    waiting.try_with_value(|waiting| waiting.is_some()).unwrap_or(true)
}
