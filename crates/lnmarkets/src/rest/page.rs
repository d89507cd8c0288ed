//! Lists, whole or in pages; an item that can't be read is set aside and the others go on.

use super::reply::shortened;
use super::request::Request;
use domain::{Timestamp, iso8601};
use exchange::ReadError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A list as the venue sends it: bare, or a page of a longer one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum RawList {
    Bare(Vec<Value>),
    #[serde(rename_all = "camelCase")]
    Paged {
        data: Vec<Value>,
        next_cursor: Option<String>,
    },
}

impl RawList {
    pub fn len(&self) -> usize {
        match self {
            RawList::Bare(data) | RawList::Paged { data, .. } => data.len(),
        }
    }
}

/// One page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; the end of the list has none.
    pub next: Option<String>,
    /// Items that could not be read.
    pub set_aside: usize,
}

/// Reads each item by itself. A list of which nothing can be read is not an empty list.
pub(crate) fn page<W: DeserializeOwned, T>(
    name: &str,
    list: RawList,
    accept: impl Fn(W) -> Result<T, &'static str>,
) -> Result<Page<T>, ReadError> {
    let (data, next) = match list {
        RawList::Bare(data) => (data, None),
        RawList::Paged { data, next_cursor } => (data, next_cursor.filter(|cursor| !cursor.is_empty())),
    };
    let count = data.len();
    let mut items = Vec::with_capacity(count);
    let mut last_reason = None;
    for value in data {
        match item(value, &accept) {
            Ok(item) => items.push(item),
            Err(reason) => {
                tracing::warn!(list = name, %reason, "an item that can't be read was set aside");
                last_reason = Some(reason);
            }
        }
    }
    match last_reason {
        Some(reason) if items.is_empty() => Err(ReadError::Malformed(format!("nothing of {name}: {reason}"))),
        _ => Ok(Page { set_aside: count.saturating_sub(items.len()), items, next }),
    }
}

/// A whole list that is not paged.
pub(crate) fn items<W: DeserializeOwned, T>(
    name: &str,
    list: RawList,
    accept: impl Fn(W) -> Result<T, &'static str>,
) -> Result<Vec<T>, ReadError> {
    Ok(page(name, list, accept)?.items)
}

fn item<W: DeserializeOwned, T>(value: Value, accept: impl Fn(W) -> Result<T, &'static str>) -> Result<T, String> {
    let id = value.get("id").or_else(|| value.get("time")).and_then(Value::as_str).map(shortened).unwrap_or_default();
    let wire = serde_json::from_value(value).map_err(|error| format!("{id}: {}", shortened(&error.to_string())))?;
    accept(wire).map_err(|reason| format!("{id}: {reason}"))
}

/// Which part of a paged list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// 1 to 1,000.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

impl ListQuery {
    pub(crate) fn apply(&self, request: Request) -> Request {
        request
            .query_if("cursor", self.cursor.as_deref())
            .query_if("from", self.from.map(iso8601::write))
            .query_if("limit", self.limit)
            .query_if("to", self.to.map(iso8601::write))
    }

    /// Where the page after this one begins. A list that leads back to the same place would never end.
    pub(crate) fn advance(&mut self, next: Option<String>) -> Result<bool, ReadError> {
        if next.is_some() && next == self.cursor {
            return Err(ReadError::Malformed("a list goes round in circles".to_owned()));
        }
        let goes_on = next.is_some();
        self.cursor = next;
        Ok(goes_on)
    }
}
