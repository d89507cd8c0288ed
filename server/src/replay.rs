//! `axisor replay`: would this rule have saved me? One position on past prices, with no guard, with a guard, and with a
//! plain stop-loss, side by side.

mod arguments;
mod dataset;
mod funding_file;
mod json;
mod limits;
mod number;
mod report;
mod story;
#[cfg(test)]
mod tests;
mod verdict;

pub use arguments::ReplayArguments;

use crate::Failure;
use arguments::Question;
use dataset::Dataset;
use engine::replay::{Case, ReplayError, ReplayInput, ReplayOutcome};
use std::io::{self, Write};

/// Why there is no answer; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ReplayFailure {
    #[error(transparent)]
    Arguments(#[from] arguments::ArgumentsError),
    #[error(transparent)]
    Candles(#[from] dataset::DatasetError),
    #[error(transparent)]
    Funding(#[from] funding_file::FundingFileError),
    #[error("{0}; give it more with --wallet, or open less with --quantity or --leverage")]
    Wallet(ReplayError),
}

/// The three cases of one question.
#[derive(Debug)]
struct Answer {
    question: Question,
    dataset: Dataset,
    none: ReplayOutcome,
    guard: ReplayOutcome,
    stop_loss: ReplayOutcome,
}

impl Answer {
    fn cases(&self) -> [&ReplayOutcome; 3] {
        [&self.none, &self.guard, &self.stop_loss]
    }
}

/// Prints the answer.
pub fn replay(arguments: &ReplayArguments) -> Result<(), Failure> {
    let answer = answer(arguments).map_err(Failure::bad_input)?;
    let text = if arguments.json { json::text(&answer) } else { report::text(&answer) };
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::other(error)),
        _ => Ok(()),
    }
}

fn answer(arguments: &ReplayArguments) -> Result<Answer, ReplayFailure> {
    let dataset = Dataset::read(&arguments.candles, arguments.window()?)?;
    let question = Question::of(arguments, dataset.first())?;
    let funding = match &arguments.funding {
        Some(path) => funding_file::read(path)?,
        None => Vec::new(),
    };
    let outcome = |case: Case| {
        let input = ReplayInput {
            candles: dataset.candles(),
            side: question.side,
            quantity: question.quantity,
            leverage: question.leverage,
            wallet: question.wallet,
            fee_tier: question.fee_tier,
            funding: &funding,
            take_profit: None,
            case,
        };
        engine::replay::replay(&input).map_err(ReplayFailure::Wallet)
    };
    let none = outcome(Case::NoGuard)?;
    let guard = outcome(Case::Guard(question.policy))?;
    let stop_loss = outcome(Case::StopLoss(question.stop_loss))?;
    Ok(Answer { question, dataset, none, guard, stop_loss })
}
