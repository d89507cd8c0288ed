//! What all requests to one endpoint share: its connections, clock and budgets, and the rules for trying again.

use crate::answer_time::AnswerTime;
use crate::backoff::{Backoff, Chance};
use crate::budget::Budget;
use crate::circuit::{Circuit, LeftAlone};
use crate::key::ApiKey;
use crate::rest::{Failure, Patience, Reply, Request, Transport, read, speaks_of_time};
use crate::signing::{prehash, sign};
use crate::venue_clock::VenueClock;
use crate::wire::TimeWire;
use domain::Timestamp;
use exchange::{Deadlines, Priority, ReadError};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout, timeout_at};

const READ_ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A signed request does not wait longer for the venue's time.
const TIME_PATIENCE: Duration = Duration::from_secs(2);

pub(crate) struct Session {
    pub transport: Transport,
    pub clock: VenueClock,
    pub chance: Chance,
    pub patience: Patience,
    pub answer_time: AnswerTime,
    pub public: Budget,
    pub measuring: Mutex<()>,
}

/// A key with the budget that it shares with all who hold it.
pub(crate) struct Signer {
    pub key: ApiKey,
    pub budget: Arc<Budget>,
    pub circuit: Arc<Circuit>,
}

impl Session {
    /// Reads, and reads again where that can help. Answers to a read that never come, break off or are nonsense may
    /// come right the next time; a refusal won't.
    pub async fn fetch<T: DeserializeOwned>(
        &self,
        signer: Option<&Signer>,
        request: &Request,
        priority: Priority,
    ) -> Result<T, ReadError> {
        let until = Instant::now() + self.patience.read;
        let in_time = timeout_at(until, self.fetch_patiently(signer, request, priority)).await;
        in_time.unwrap_or_else(|_| Err(ReadError::Unavailable("no answer in time".to_owned())))
    }

    async fn fetch_patiently<T: DeserializeOwned>(
        &self,
        signer: Option<&Signer>,
        request: &Request,
        priority: Priority,
    ) -> Result<T, ReadError> {
        if signer.is_some() {
            self.know_the_time().await;
        }
        let mut backoff = Backoff::new(Arc::clone(&self.chance), FIRST_PAUSE, LONGEST_PAUSE);
        let mut attempt = 1;
        loop {
            let leave = match signer {
                Some(signer) => Some(signer.circuit.admit().await.map_err(left_alone)?),
                None => None,
            };
            self.budget(signer).turn(priority).await;
            let asked = Instant::now();
            let patience = self.answer_time.patience(attempt, self.patience.reading);
            let answer = self.send(signer, request, None, Some(patience)).await;
            self.answer_time.learn(asked.elapsed());
            let may_come_right = answer.as_ref().map_or(true, |reply| reply.is_success() || 500 <= reply.status);
            let result = read(answer);
            match leave {
                Some(leave) if matches!(result, Err(ReadError::RateLimited { .. })) => leave.slow_down(),
                Some(leave) if may_come_right && result.is_err() => leave.fail(),
                Some(leave) => leave.succeed(),
                None => {}
            }
            let is_open = signer.is_some_and(|signer| signer.circuit.is_open());
            match result {
                Err(error) if may_come_right && !is_open && attempt < READ_ATTEMPTS => {
                    tracing::debug!(path = request.path(), %error, "a read is repeated");
                }
                result => return result,
            }
            attempt += 1;
            sleep(backoff.next_pause()).await;
        }
    }

    /// Asks once, and hands over whatever comes back.
    pub async fn ask_once(&self, signer: &Signer, request: &Request, priority: Priority) -> Result<Reply, Failure> {
        let asked = async {
            self.know_the_time().await;
            signer.budget.turn(priority).await;
            self.send(Some(signer), request, None, None).await
        };
        timeout(self.patience.read, asked).await.unwrap_or(Err(Failure::TimedOut))
    }

    /// The same without a key.
    pub async fn ask_public_once(&self, request: &Request) -> Result<Reply, Failure> {
        let asked = async {
            self.public.turn(Priority::Interface).await;
            self.send(None, request, None, None).await
        };
        timeout(self.patience.read, asked).await.unwrap_or(Err(Failure::TimedOut))
    }

    /// Sends with a signature of this date, outside the budget and without heeding what the answer says of limits and
    /// clocks: to see what the venue does about it.
    pub async fn send_at(&self, signer: &Signer, request: &Request, at: Timestamp) -> Result<Reply, Failure> {
        let headers = signer.headers(at, request).ok_or(Failure::NotSent("the key can't sign"))?;
        self.transport.send(request, headers).await
    }

    /// Sends a call that changes something, once. It is tried again only where no connection could be made, so that not
    /// a byte of it left; and it is signed soon after it was asked for, and by its deadline, or never.
    pub async fn send_once(
        &self,
        signer: &Signer,
        request: &Request,
        priority: Priority,
        deadlines: Option<Deadlines>,
    ) -> Result<Reply, Failure> {
        let until = Instant::now() + self.patience.turn;
        if timeout_at(until, signer.budget.turn(priority)).await.is_err() {
            return Err(Failure::NotSent("the request budget is spent"));
        }
        let sign_by = deadlines.map(|it| it.sign_by);
        let patience = deadlines.map(|it| Duration::from_millis(it.answer_within.get().unsigned_abs()));
        let mut backoff = Backoff::new(Arc::clone(&self.chance), FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            let answer = self.send(Some(signer), request, sign_by, patience).await;
            let pause = backoff.next_pause();
            if !matches!(answer, Err(Failure::NotSent(_))) || until <= Instant::now() + pause {
                return answer;
            }
            sleep(pause).await;
        }
    }

    /// Asks for the venue's time where signatures could be off without it. A failure is left to the signed request.
    pub async fn know_the_time(&self) {
        if !self.clock.is_due() {
            return;
        }
        let _only_one = self.measuring.lock().await;
        if self.clock.is_due() {
            self.clock.note_attempt();
            match timeout(TIME_PATIENCE, self.measure_time()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the venue's time is not known"),
                Err(_) => tracing::warn!("the venue's time is not known: no answer in time"),
            }
        }
    }

    /// The venue's time, now.
    pub async fn measure_time(&self) -> Result<Timestamp, ReadError> {
        // Nothing can be signed well before it is known.
        self.public.turn(Priority::Guard).await;
        let asked = self.clock.wall();
        let time: TimeWire = read(self.send(None, &Request::get("/time"), None, None).await)?;
        self.clock.learn(time.time.0, asked);
        Ok(time.time.0)
    }

    fn budget<'a>(&'a self, signer: Option<&'a Signer>) -> &'a Budget {
        signer.map_or(&self.public, |signer| &signer.budget)
    }

    async fn send(
        &self,
        signer: Option<&Signer>,
        request: &Request,
        sign_by: Option<Timestamp>,
        patience: Option<Duration>,
    ) -> Result<Reply, Failure> {
        let headers = match signer {
            Some(signer) => signer.headers(self.clock.now(), request).ok_or(Failure::NotSent("the key can't sign"))?,
            None => HeaderMap::new(),
        };
        // Asked after the signature was dated: however long this process stands still, no later one leaves it.
        if sign_by.is_some_and(|sign_by| sign_by < self.clock.wall()) {
            return Err(Failure::NotSent("it was asked for too long ago"));
        }
        let sent = Instant::now();
        let mut answer = self.transport.send_within(patience, request, headers).await;
        let ms = sent.elapsed().as_millis();
        let (method, path) = (request.method().as_str(), request.path());
        match &mut answer {
            Ok(reply) => {
                tracing::debug!(method, path, status = reply.status, ms, "answered");
                self.heed(signer, reply);
            }
            Err(failure) => tracing::debug!(method, path, ?failure, ms, "not answered"),
        }
        answer
    }

    /// What an answer says about the requests to come.
    fn heed(&self, signer: Option<&Signer>, reply: &mut Reply) {
        let [policy, standing] = &reply.limits;
        self.budget(signer).learn(policy.as_deref(), standing.as_deref());
        if reply.asks_to_slow_down() {
            let wait = self.budget(signer).slow_down(reply.retry_after.as_deref(), self.clock.now());
            tracing::warn!(status = reply.status, wait_ms = wait.get(), "the venue asks to slow down");
            reply.wait = Some(wait);
        }
        if reply.status == 401 && reply.refusal().is_some_and(|refusal| speaks_of_time(&refusal.message)) {
            self.clock.distrust();
        }
    }
}

fn left_alone(_: LeftAlone) -> ReadError {
    ReadError::Unavailable("it failed again and again and is only probed".to_owned())
}

impl Signer {
    fn headers(&self, at: Timestamp, request: &Request) -> Option<HeaderMap> {
        let signature = sign(&self.key.secret, &prehash(at, request)).ok()?;
        let mut headers = HeaderMap::with_capacity(8);
        for (name, value) in [
            ("lnm-access-key", self.key.key.as_str()),
            ("lnm-access-passphrase", self.key.passphrase.expose_secret()),
            ("lnm-access-timestamp", &at.unix_ms().to_string()),
            ("lnm-access-signature", &signature),
        ] {
            let mut value = HeaderValue::from_str(value).ok()?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(name), value);
        }
        Some(headers)
    }
}
