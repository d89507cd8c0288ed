//! The ways in which all calls of an account go out.

use super::LnMarketsAccount;
use crate::rest::{Failure, ListQuery, Page, RawList, Reply, Request, items, outcome, page};
use domain::Timestamp;
use exchange::{Outcome, Priority, ReadError};
use serde::de::DeserializeOwned;

impl LnMarketsAccount {
    pub(super) async fn fetch<T: DeserializeOwned>(
        &self,
        request: Request,
        priority: Priority,
    ) -> Result<T, ReadError> {
        self.session.fetch(Some(&self.signer), &request, priority).await
    }

    /// The venue's answer itself, to a read that is asked once.
    pub(crate) async fn ask_once(&self, request: &Request, priority: Priority) -> Result<Reply, Failure> {
        self.session.ask_once(&self.signer, request, priority).await
    }

    /// Waits for the turn of a request that nothing hangs on.
    pub(crate) async fn take_turn(&self) {
        self.signer.budget.turn(Priority::Interface).await;
    }

    /// Sends at once, however many requests were sent before, with a signature of this date.
    pub(crate) async fn send_at(&self, request: &Request, at: Timestamp) -> Result<Reply, Failure> {
        self.session.send_at(&self.signer, request, at).await
    }

    /// A list that comes whole.
    pub(super) async fn list<W: DeserializeOwned, T>(
        &self,
        path: &str,
        priority: Priority,
        accept: impl Fn(W) -> Result<T, &'static str>,
    ) -> Result<Vec<T>, ReadError> {
        let list: RawList = self.fetch(Request::get(path), priority).await?;
        items(path, list, accept)
    }

    /// One page of a list.
    pub(super) async fn page<W: DeserializeOwned, T>(
        &self,
        request: Request,
        query: &ListQuery,
        priority: Priority,
        accept: impl Fn(W) -> Result<T, &'static str>,
    ) -> Result<Page<T>, ReadError> {
        let request = query.apply(request);
        let list: RawList = self.session.fetch(Some(&self.signer), &request, priority).await?;
        page(request.path(), list, accept)
    }

    /// Sent once; done where the answer is what `proves` accepts.
    pub(super) async fn change<W: DeserializeOwned, T>(
        &self,
        request: Request,
        priority: Priority,
        proves: impl FnOnce(W) -> Option<T>,
    ) -> Outcome<T> {
        let answer = self.session.send_once(&self.signer, &request, priority, None).await;
        outcome(answer, proves)
    }
}
