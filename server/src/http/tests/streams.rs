use super::stage::{PASSWORD, Stage, cookie, decision, get, sign_in};
use axum::body::{Body, BodyDataStream};
use axum::http::{Response, StatusCode};
use domain::live::LiveEvent;
use domain::{LedgerEntry, Millis};
use futures::StreamExt;
use service::Clock;
use std::time::Duration;
use tokio::time::timeout;

/// Longer than any event may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Events as a browser would read them.
pub struct Events {
    body: BodyDataStream,
    text: String,
}

pub struct Heard {
    id: Option<i64>,
    event: LiveEvent,
}

impl Events {
    fn of(answer: Response<Body>) -> Events {
        assert_eq!(answer.status(), StatusCode::OK);
        Events { body: answer.into_body().into_data_stream(), text: String::new() }
    }

    /// `None` once the stream has ended.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| message.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let heard = field("data:").map(|data| Heard {
                    id: field("id:").map(|id| id.parse().unwrap()),
                    event: serde_json::from_str(data).unwrap(),
                });
                self.text = rest.to_owned();
                match heard {
                    Some(heard) => return Some(heard),
                    None => continue,
                }
            }
            let bytes = timeout(PATIENCE, self.body.next()).await.expect("a word in time")?.unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// It ends by itself.
    pub async fn end(&mut self) {
        timeout(Duration::from_millis(1_500), async { while self.next().await.is_some() {} }).await.expect("an end");
    }

    async fn find<T>(&mut self, wanted: impl Fn(&Heard) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.next().await.expect("the stream goes on")) {
                return found;
            }
        }
    }
}

pub async fn follow(stage: &Stage, session: &str, last_event: Option<&str>) -> Events {
    let mut request = get(&format!("/live/{}", stage.account), session);
    if let Some(id) = last_event {
        request = request.header("last-event-id", id);
    }
    Events::of(stage.ask(request.body(Body::empty()).unwrap()).await)
}

#[tokio::test]
async fn f84_a_stream_is_for_its_owner_alone() {
    let stage = Stage::set().await;
    let path = format!("/live/{}", stage.account);
    assert_eq!(stage.get(&path, "").await.status(), StatusCode::UNAUTHORIZED);
    let session = stage.sign_in().await;
    let stranger = stage.strangers_account().await;
    assert_eq!(stage.get(&format!("/live/{stranger}"), &session).await.status(), StatusCode::NOT_FOUND);
    for nonsense in ["/live/nonsense", "/live/00000000-0000-0000-0000-000000000000"] {
        assert_eq!(stage.get(nonsense, &session).await.status(), StatusCode::NOT_FOUND, "{nonsense}");
    }
    assert_eq!(stage.get(&path, &session).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_stream_begins_with_the_account_and_the_price_and_repeats_the_price_with_its_age() {
    let stage = Stage::set().await;
    let mut events = follow(&stage, &stage.sign_in().await, None).await;
    assert!(
        matches!(events.next().await.unwrap().event, LiveEvent::Account(snapshot) if snapshot.account.id == stage.account)
    );
    let LiveEvent::Tick(first) = events.next().await.unwrap().event else { panic!("a tick") };
    assert_eq!((first.age, first.stale), (Millis::ZERO, false));
    stage.clock.advance(Millis::from_secs(6));
    let tick = |heard: &Heard| match heard.event {
        LiveEvent::Tick(tick) if tick.stale => Some(tick),
        _ => None,
    };
    let stale = events.find(tick).await;
    assert_eq!((stale.tick, stale.age), (first.tick, Millis::from_secs(6)));
    stage.tick(100_500);
    let moved = events.find(|heard| matches!(heard.event, LiveEvent::Tick(tick) if !tick.stale).then_some(())).await;
    assert_eq!(moved, ());
}

#[tokio::test]
async fn f84_a_page_that_comes_back_is_told_what_it_missed() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let known = stage.decide().await;
    let (second, third) = (stage.decide().await, stage.decide().await);
    let mut events = follow(&stage, &session, Some(&known.to_string())).await;
    let decided = |heard: &Heard| matches!(heard.event, LiveEvent::Decision(_)).then_some(heard.id);
    assert_eq!(events.find(decided).await, Some(second));
    assert_eq!(events.find(decided).await, Some(third));
    let entry = |seq| LedgerEntry { seq, ..decision(stage.account, stage.clock.now()) };
    // What was told already is not told twice.
    stage.bus.publish(stage.account, LiveEvent::Decision(Box::new(entry(third))));
    stage.bus.publish(stage.account, LiveEvent::Decision(Box::new(entry(third + 1))));
    assert_eq!(events.find(decided).await, Some(third + 1));
}

#[tokio::test]
async fn f84_a_resume_point_that_was_never_given_means_read_again() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    for forged in ["nonsense", "-1", "1e9", "99999999999999999999"] {
        let mut events = follow(&stage, &session, Some(forged)).await;
        events.find(|heard| (heard.event == LiveEvent::Resync).then_some(())).await;
    }
    for _ in 0..250 {
        stage.decide().await;
    }
    let mut events = follow(&stage, &session, Some("0")).await;
    events.find(|heard| (heard.event == LiveEvent::Resync).then_some(())).await;
}

#[tokio::test]
async fn f71_f84_who_is_suspended_or_loses_the_account_loses_the_stream_within_a_second() {
    let stage = Stage::set().await;
    let ana = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap();
    for (number, email) in [(21, "vera@example.org"), (22, "otto@example.org")] {
        let id = domain::UserId::from_uuid(uuid::Uuid::from_u128(number));
        let user = store::User { id, email: email.to_owned(), ..ana.clone() };
        stage.store.insert_user(&user).await.unwrap();
        stage.store.share_account(stage.account, id, domain::Access::See, stage.now()).await.unwrap();
        let session = cookie(&stage.ask(sign_in(email, PASSWORD, "")).await).unwrap();
        let mut events = follow(&stage, &session, None).await;
        events.next().await.unwrap();
        if number == 21 {
            stage.store.suspend_user(id, "left", stage.now()).await.unwrap();
        } else {
            stage.store.unshare_account(stage.account, id).await.unwrap();
        }
        events.end().await;
    }
    let mut owners = follow(&stage, &stage.sign_in().await, None).await;
    assert!(owners.next().await.is_some(), "the owner's goes on");
}

#[tokio::test]
async fn f71_f84_a_session_that_ends_ends_its_streams_within_a_second() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let mut events = follow(&stage, &session, None).await;
    events.next().await.unwrap();
    let mut other = follow(&stage, &stage.sign_in().await, None).await;
    let request = axum::http::Request::post("/api/sign_out")
        .header("cookie", &session)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap();
    stage.ask(request).await;
    events.end().await;
    assert!(other.next().await.is_some(), "another session's stream goes on");
    stage.clock.advance(Millis::new(15 * Millis::DAY.get()));
    other.end().await;
}
