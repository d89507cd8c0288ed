//! The answer for programs.

use super::Answer;
use domain::{Bps, Sats, Timestamp};
use engine::replay::{CaseName, Fate, ReplayDecision, ReplayOutcome};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    dataset: DatasetReport<'a>,
    cases: [CaseReport<'a>; 3],
}

#[derive(Serialize)]
struct DatasetReport<'a> {
    /// Of the file's bytes.
    sha256: &'a str,
    /// Candles in the file.
    rows: usize,
    /// Places in the file where candles are missing.
    gaps: usize,
}

/// Amounts in sats, times in unix milliseconds.
#[derive(Serialize)]
struct CaseReport<'a> {
    name: CaseName,
    fate: Fate,
    at: Timestamp,
    top_ups: u32,
    sats_added: Sats,
    lowest_distance_bps: Bps,
    equity_sats: Sats,
    fees_sats: Sats,
    funding_sats: Sats,
    decisions: &'a [ReplayDecision],
}

impl<'a> CaseReport<'a> {
    fn of(outcome: &'a ReplayOutcome) -> CaseReport<'a> {
        CaseReport {
            name: outcome.name,
            fate: outcome.fate,
            at: outcome.at,
            top_ups: outcome.top_ups,
            sats_added: outcome.sats_added,
            lowest_distance_bps: outcome.lowest_distance,
            equity_sats: outcome.equity,
            fees_sats: outcome.fees,
            funding_sats: outcome.funding,
            decisions: &outcome.decisions,
        }
    }
}

pub fn text(answer: &Answer) -> String {
    let series = &answer.dataset.series;
    let dataset = DatasetReport { sha256: &answer.dataset.sha256, rows: series.candles.len(), gaps: series.gaps.len() };
    let report = Report { dataset, cases: answer.cases().map(CaseReport::of) };
    // Plain numbers and names always become text.
    serde_json::to_string_pretty(&report).unwrap_or_default()
}
