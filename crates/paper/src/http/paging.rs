//! Lists that are handed out in pages, newest first.

use super::answer::ApiError;
use axum::extract::Query;
use axum::http::Uri;
use domain::{Timestamp, iso8601};
use serde::{Deserialize, Serialize};

const MOST_ROWS: usize = 1_000;

/// What a list may be asked with; each list takes what it knows.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawQuery {
    from: Option<String>,
    to: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
    range: Option<String>,
    trade_id: Option<String>,
    settled: Option<String>,
    status: Option<String>,
    read: Option<String>,
}

/// The part of a list that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListQuery {
    /// Both included.
    pub from: Timestamp,
    pub to: Timestamp,
    limit: usize,
    /// Rows before it only.
    cursor: Option<Timestamp>,
    pub range: Option<String>,
    pub trade_id: Option<String>,
    pub settled: Option<String>,
    pub read: Option<String>,
    status: Option<String>,
}

impl ListQuery {
    pub fn read(uri: &Uri) -> Result<ListQuery, ApiError> {
        let Query(raw) =
            Query::<RawQuery>::try_from_uri(uri).map_err(|_| ApiError::bad_request("Query is not valid"))?;
        let time = |name: &str, text: Option<String>| match text {
            Some(text) => iso8601::read(&text)
                .map(Some)
                .ok_or_else(|| ApiError::bad_request(format!("{name} must be an ISO 8601 time"))),
            None => Ok(None),
        };
        let limit = raw.limit.unwrap_or(MOST_ROWS);
        if !(1..=MOST_ROWS).contains(&limit) {
            return Err(ApiError::bad_request("limit must be from 1 to 1000"));
        }
        Ok(ListQuery {
            from: time("from", raw.from)?.unwrap_or(Timestamp::from_unix_ms(i64::MIN)),
            to: time("to", raw.to)?.unwrap_or(Timestamp::from_unix_ms(i64::MAX)),
            limit,
            cursor: time("cursor", raw.cursor)?,
            range: raw.range,
            trade_id: raw.trade_id,
            settled: raw.settled,
            read: raw.read,
            status: raw.status,
        })
    }

    /// A filter that is `true` or `false`.
    pub fn flag(&self, text: Option<&str>, name: &str) -> Result<Option<bool>, ApiError> {
        let flag = text.map(str::parse::<bool>).transpose();
        flag.map_err(|_| ApiError::bad_request(format!("{name} must be true or false")))
    }

    /// Whether rows of a status belong to the list; a status that the venue does not know is refused.
    pub fn asks_for_status(&self, known: &[&str], status: &str) -> Result<bool, ApiError> {
        match self.status.as_deref() {
            Some(asked) if !known.contains(&asked) => Err(ApiError::bad_request("status is not valid")),
            asked => Ok(asked.is_none_or(|asked| asked == status)),
        }
    }

    /// One page of rows that come newest first. Rows of the same time stay on one page, even beyond the limit, since
    /// a cursor is a time and could not tell them apart.
    pub fn page<Row, Wire>(
        &self,
        rows: impl IntoIterator<Item = Row>,
        at: impl Fn(&Row) -> Timestamp,
        wire: impl Fn(Row) -> Wire,
    ) -> Page<Wire> {
        let is_asked_for = |row: &Row| {
            let at = at(row);
            self.from <= at && at <= self.to && self.cursor.is_none_or(|cursor| at < cursor)
        };
        let mut rows = rows.into_iter().filter(is_asked_for).peekable();
        let mut data = Vec::new();
        let mut last = None;
        while let Some(row) = rows.next_if(|row| data.len() < self.limit || last == Some(at(row))) {
            last = Some(at(&row));
            data.push(wire(row));
        }
        let next_cursor = last.filter(|_| rows.peek().is_some()).map(iso8601::write);
        Page { data, next_cursor }
    }
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    data: Vec<T>,
    next_cursor: Option<String>,
}

impl<T> Page<T> {
    pub fn into_rows(self) -> Vec<T> {
        self.data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Result<ListQuery, ApiError> {
        ListQuery::read(&format!("/list?{text}").parse().unwrap())
    }

    fn page(text: &str, rows: &[i64]) -> (Vec<i64>, Option<String>) {
        let page = query(text).unwrap().page(rows.iter().copied(), |row| Timestamp::from_unix_ms(*row), |row| row);
        (page.data, page.next_cursor)
    }

    #[test]
    fn pages_join_without_loss_or_repetition() {
        let rows = [900, 800, 700, 700, 700, 600, 500];
        let mut all = Vec::new();
        let mut cursor = None;
        loop {
            let text = cursor.map_or("limit=3".to_owned(), |cursor| format!("limit=3&cursor={cursor}"));
            let (data, next) = page(&text, &rows);
            all.extend(data);
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(all, rows);
    }

    #[test]
    fn from_and_to_are_included() {
        let text = "from=1970-01-01T00:00:00.600Z&to=1970-01-01T00:00:00.800Z";
        assert_eq!(page(text, &[900, 800, 700, 600, 500]), (vec![800, 700, 600], None));
        assert_eq!(page("", &[]), (vec![], None));
    }

    #[test]
    fn a_query_that_makes_no_sense_is_refused() {
        for text in ["limit=0", "limit=1001", "limit=many", "from=yesterday", "cursor=1"] {
            assert!(query(text).is_err(), "{text}");
        }
    }
}
