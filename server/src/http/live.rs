//! The live stream of one account, as server-sent events: what its owner's open pages follow.

use super::session_store::StoredSessions;
use app::session::Known;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::live::{LiveEvent, LiveTick};
use domain::{AccountId, LedgerEntry};
use futures::stream;
use serde::Deserialize;
use service::{DeskError, Services, Watch};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use store::LedgerFilter;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tower_sessions::Session;
use tower_sessions::session::Id;

/// Ticks faster than this are skipped: a page shows the newest price, not each.
const SAMPLING: Duration = Duration::from_millis(125);
/// A price is told again at least this often, so that its age stays true.
const REPEAT: Duration = Duration::from_secs(1);
/// How often it is asked whether the session still opens this door.
const SESSION_CHECK: Duration = Duration::from_millis(900);
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Decisions that a page may have missed and is still told one by one.
const MOST_MISSED: u32 = 200;
/// Streams that are open at a time, over all users.
const MOST_STREAMS: usize = 1_000;

/// What the stream is made from.
#[derive(Clone)]
pub struct Live {
    services: Services,
    sessions: StoredSessions,
    places: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Live {
    pub fn new(services: Services, sessions: StoredSessions, stop: CancellationToken) -> Live {
        Live { services, sessions, places: Arc::new(Semaphore::new(MOST_STREAMS)), stop }
    }
}

#[derive(Debug, Deserialize)]
pub struct Resume {
    /// The newest decision that the page knows; a browser says it itself when it reconnects.
    after: Option<i64>,
}

/// Follows an account. Who is not signed in gets 401; another's account is not found.
pub async fn follow(
    State(live): State<Live>,
    Path(account): Path<String>,
    Query(resume): Query<Resume>,
    headers: HeaderMap,
    known: Option<Extension<Known>>,
    session: Session,
) -> Response {
    let Some((Extension(Known { user, .. }), session)) = known.zip(session.id()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Ok(account) = account.parse::<AccountId>() else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(place) = Arc::clone(&live.places).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let watch = match live.services.desk.watch(user, account).await {
        Ok(watch) => watch,
        Err(DeskError::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(error = crate::told(&error), "a live stream cannot be opened");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let mut viewer = Viewer::new(live, session, watch, place);
    viewer.resume(last_seen(&headers, &resume)).await;
    let told = stream::unfold(viewer, |mut viewer| async move {
        let event = viewer.next().await?;
        Some((Ok::<Event, Infallible>(event), viewer))
    });
    let sse = Sse::new(told).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    ([("x-accel-buffering", "no")], sse).into_response()
}

/// Where a page's knowledge ends.
enum LastSeen {
    /// It knows nothing of the past, or was just rendered.
    Nothing,
    Entry(i64),
    /// It says something that was never said to it.
    Nonsense,
}

fn last_seen(headers: &HeaderMap, resume: &Resume) -> LastSeen {
    match (headers.get("last-event-id"), resume.after) {
        (Some(id), _) => match id.to_str().ok().and_then(|id| id.parse().ok()) {
            Some(seq) if 0 <= seq => LastSeen::Entry(seq),
            _ => LastSeen::Nonsense,
        },
        (None, Some(seq)) if 0 <= seq => LastSeen::Entry(seq),
        (None, Some(_)) => LastSeen::Nonsense,
        (None, None) => LastSeen::Nothing,
    }
}

/// One open stream. It is asked for the next event only when the last one is on its way, so a slow reader piles up
/// nothing: ticks are sampled, and what it misses of the rest is replaced by one "read again".
struct Viewer {
    watch: Watch,
    sessions: StoredSessions,
    session: Id,
    waiting: VecDeque<LiveEvent>,
    /// The account was told once; until it is served, there is nothing to tell.
    introduced: bool,
    /// Decisions up to this one were told.
    told_to: i64,
    last_tick: Option<(LiveTick, Instant)>,
    sampling: Interval,
    session_check: Interval,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
}

impl Viewer {
    fn new(live: Live, session: Id, watch: Watch, place: OwnedSemaphorePermit) -> Viewer {
        Viewer {
            watch,
            sessions: live.sessions,
            session,
            waiting: VecDeque::new(),
            introduced: false,
            told_to: 0,
            last_tick: None,
            sampling: patient(SAMPLING),
            session_check: patient(SESSION_CHECK),
            stop: live.stop,
            _place: place,
        }
    }

    /// Lines up what the page has missed.
    async fn resume(&mut self, last_seen: LastSeen) {
        self.introduce();
        match last_seen {
            LastSeen::Nothing => {}
            LastSeen::Nonsense => self.waiting.push_back(LiveEvent::Resync),
            LastSeen::Entry(seq) => match self.missed(seq).await {
                Some(missed) => {
                    let missed = missed.into_iter().rev().map(|entry| LiveEvent::Decision(Box::new(entry)));
                    self.waiting.extend(missed);
                }
                None => self.waiting.push_back(LiveEvent::Resync),
            },
        }
    }

    /// The account as it stands, and the newest price; later, where it is not served yet.
    fn introduce(&mut self) {
        if let Some(snapshot) = self.watch.snapshot() {
            self.introduced = true;
            self.waiting.push_back(LiveEvent::Account(Box::new(snapshot)));
            if let Some(tick) = self.sample() {
                self.waiting.push_back(LiveEvent::Tick(tick));
            }
        }
    }

    /// Decisions after `seq`, newest first; `None` where they are too many or can't be read.
    async fn missed(&self, seq: i64) -> Option<Vec<LedgerEntry>> {
        let filter = LedgerFilter { after: Some(seq), ..LedgerFilter::newest(MOST_MISSED) };
        let missed = self.watch.list_activity(filter).await.ok()?;
        (missed.len() < usize::try_from(MOST_MISSED).unwrap_or(usize::MAX)).then_some(missed)
    }

    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                match self.tell(&event) {
                    Some(told) => return Some(told),
                    None => continue,
                }
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                _ = self.session_check.tick() => if !self.is_welcome().await { return None },
                event = self.watch.next() => self.waiting.push_back(event?),
                _ = self.sampling.tick() => self.look(),
            }
        }
    }

    fn look(&mut self) {
        if !self.introduced {
            self.introduce();
        } else if let Some(tick) = self.sample() {
            self.waiting.push_back(LiveEvent::Tick(tick));
        }
    }

    /// The newest price, where it moved or has not been told for a while.
    fn sample(&mut self) -> Option<LiveTick> {
        let newest = self.watch.price()?;
        let due = self.last_tick.is_none_or(|(told, at)| told.tick != newest.tick || REPEAT <= at.elapsed());
        due.then(|| {
            self.last_tick = Some((newest, Instant::now()));
            newest
        })
    }

    /// Whether the session that opened the stream still would, and its user still may see the account.
    async fn is_welcome(&self) -> bool {
        match self.sessions.is_alive(self.session).await {
            Ok(alive) => alive && self.watch.is_still_allowed().await,
            Err(error) => {
                tracing::warn!(error = crate::told(&error), "a session cannot be looked up, so its stream ends");
                false
            }
        }
    }

    /// `None` for what was told already. Only decisions carry an id: the point from which a page resumes.
    fn tell(&mut self, event: &LiveEvent) -> Option<Event> {
        let message = match event {
            LiveEvent::Decision(entry) if entry.seq <= self.told_to => return None,
            LiveEvent::Decision(entry) => {
                self.told_to = entry.seq;
                Event::default().id(entry.seq.to_string())
            }
            _ => Event::default(),
        };
        match message.json_data(event) {
            Ok(message) => Some(message),
            Err(error) => {
                tracing::error!(%error, "an event cannot be told");
                None
            }
        }
    }
}

fn patient(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
