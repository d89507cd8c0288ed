//! `GET /activity/export`: an account's decisions as a file, for who keeps books.

use crate::csv;
use app::session::Known;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{AccountId, LedgerEntry, LedgerOutcome, PositionId, UserId, iso8601};
use serde::Deserialize;
use service::{Desk, DeskError, LedgerFilter};
use std::sync::Arc;

/// The most that one file holds, the newest first.
const MOST: usize = 20_000;
/// How much is read from the database at once.
const PAGE: u32 = 500;
const HEADINGS: [&str; 9] =
    ["number", "at", "market_at", "position", "price", "distance_bps", "outcome", "reason", "in_words"];

const OUTCOMES: [LedgerOutcome; 5] =
    [LedgerOutcome::Acted, LedgerOutcome::Held, LedgerOutcome::Refused, LedgerOutcome::Alarmed, LedgerOutcome::Noted];

/// What is wanted, in the words of the page's own filters. Times are ISO 8601 in UTC; an empty word asks for all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    account: String,
    format: Format,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    position: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Csv,
    Json,
}

/// Who is not signed in gets 401; what belongs to another is not found.
pub async fn export(
    State(desk): State<Arc<Desk>>,
    Query(wanted): Query<Wanted>,
    known: Option<Extension<Known>>,
) -> Response {
    let Some(Extension(Known { user, .. })) = known else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(account) = wanted.account.parse::<AccountId>() else { return StatusCode::NOT_FOUND.into_response() };
    let Some(filter) = filter(&wanted) else { return StatusCode::BAD_REQUEST.into_response() };
    match read(&desk, user, account, filter).await {
        Ok(entries) => file(wanted.format, &entries),
        Err(DeskError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(error = crate::told(&error), "the activity cannot be exported");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// `None` where a word is none that is known.
fn filter(wanted: &Wanted) -> Option<LedgerFilter> {
    fn given<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
        if text.is_empty() { Some(None) } else { read(text).map(Some) }
    }
    Some(LedgerFilter {
        outcome: given(&wanted.outcome, |text| OUTCOMES.into_iter().find(|outcome| outcome.as_str() == text))?,
        position: given(&wanted.position, |text| text.parse::<PositionId>().ok())?,
        from: given(&wanted.from, iso8601::read)?,
        until: given(&wanted.until, iso8601::read)?,
        ..LedgerFilter::newest(PAGE)
    })
}

async fn read(
    desk: &Desk,
    user: UserId,
    account: AccountId,
    filter: LedgerFilter,
) -> Result<Vec<LedgerEntry>, DeskError> {
    let (mut entries, mut before) = (Vec::new(), None);
    loop {
        let page = desk.list_activity(user, account, LedgerFilter { before, ..filter }).await?;
        before = page.last().map(|last| last.seq);
        entries.extend(page);
        if before.is_none() || MOST <= entries.len() {
            entries.truncate(MOST);
            return Ok(entries);
        }
    }
}

fn file(format: Format, entries: &[LedgerEntry]) -> Response {
    let (content, kind, name) = match format {
        Format::Csv => {
            (Some(table(entries)), "text/csv; charset=utf-8", "attachment; filename=\"axisor-activity.csv\"")
        }
        Format::Json => {
            (serde_json::to_string(entries).ok(), "application/json", "attachment; filename=\"axisor-activity.json\"")
        }
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
    ];
    content.map_or(StatusCode::INTERNAL_SERVER_ERROR.into_response(), |content| (headers, content).into_response())
}

fn table(entries: &[LedgerEntry]) -> String {
    let mut lines = csv::line(&HEADINGS);
    for entry in entries {
        let fields = [
            entry.seq.to_string(),
            iso8601::write(entry.at),
            iso8601::write(entry.market_at),
            entry.position.map(|position| position.to_string()).unwrap_or_default(),
            entry.price.map(|price| price.to_string()).unwrap_or_default(),
            entry.distance.map(|distance| distance.get().to_string()).unwrap_or_default(),
            entry.outcome.as_str().to_owned(),
            app::reason_word(&entry.reason).to_owned(),
            app::told_in_english(entry),
        ];
        lines.push_str(&csv::line(&fields.each_ref().map(String::as_str)));
    }
    lines
}
