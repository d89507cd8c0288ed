//! One request, from its exact bytes to what its answer proves.

mod changing;
mod page;
mod reading;
mod reply;
mod request;
mod transport;

pub(crate) use changing::outcome;
pub use page::{ListQuery, Page};
pub(crate) use page::{RawList, items, page};
pub(crate) use reading::{is_geo_block, read, speaks_of_scopes, speaks_of_time};
pub(crate) use reply::{Reply, shortened};
pub(crate) use request::{Body, Request, number};
pub use transport::Patience;
pub(crate) use transport::{Failure, Transport, TransportError};
