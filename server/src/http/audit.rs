//! The audit to take along: whole or filtered, as CSV or JSON, and the signed head that proves later how long it was.

use crate::audit_command::{csv_head, csv_line, json_line};
use app::session::Known;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Deserialize;
use service::{AuditRow, Services};
use std::io;

/// Read page by page, so that a long audit needs no more memory than a short one.
const PAGE: u32 = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Csv,
    Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    format: Format,
    action: Option<String>,
}

/// What the person may see on the page, newest first. Who is not signed in gets 401.
pub async fn export(
    State(services): State<Services>,
    Query(wanted): Query<Wanted>,
    known: Option<Extension<Known>>,
) -> Response {
    let Some(Extension(Known { user, .. })) = known else { return StatusCode::UNAUTHORIZED.into_response() };
    let Wanted { format, action } = wanted;
    let head = if format == Format::Csv { csv_head() } else { String::new() };
    let lines = stream::try_unfold((None, Some(head)), move |(before, head)| {
        let (services, action) = (services.clone(), action.clone());
        async move {
            if let Some(head) = head {
                return Ok(Some((head, (None, None))));
            }
            let part = services.list_audit(user, action, before, PAGE).await.map_err(io::Error::other)?;
            let Some(last) = part.entries.last().map(|row| row.seq) else { return Ok(None) };
            let lines = part.entries.iter().map(|row| line(format, row)).collect::<Result<String, _>>()?;
            Ok::<_, io::Error>(Some((lines, (Some(last), None))))
        }
    });
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"axisor-audit.csv\""),
        Format::Json => ("application/jsonl; charset=utf-8", "attachment; filename=\"axisor-audit.jsonl\""),
    };
    download(kind, name, Body::from_stream(lines))
}

/// The signed head; it holds a number and a hash, and nothing of what was done.
pub async fn head(State(services): State<Services>, known: Option<Extension<Known>>) -> Response {
    if known.is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match services.audit.head().await.map(|head| head.map(|head| serde_json::to_string(&head))) {
        Ok(Some(Ok(head))) => {
            download("application/json", "attachment; filename=\"axisor-audit-head.json\"", Body::from(head + "\n"))
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        failed => {
            tracing::error!(?failed, "the audit's head cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn line(format: Format, row: &AuditRow) -> io::Result<String> {
    match format {
        Format::Csv => Ok(csv_line(row)),
        Format::Json => json_line(row).map_err(io::Error::other),
    }
}

fn download(kind: &'static str, name: &'static str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
    ];
    (headers, body).into_response()
}
