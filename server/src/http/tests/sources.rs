//! How sources of prices are shown, and what a second one says.

use super::stage::{Stage, is_redirect_to, text};
use crate::assembly::watch::Watch;
use crate::jobs::second_opinion::SecondOpinion;
use async_trait::async_trait;
use axum::http::StatusCode;
use domain::source::{BreakerState, Opinion, SourceHealth, SourceRole};
use domain::{Bps, Candle, Millis, Price, Tick, Ticker, Timestamp};
use exchange::{CandleQuery, GuardedMarket, Market, ReadError};
use paper::{Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use service::Clock;
use std::sync::Arc;

/// Another market at the stage's time, which stands at this price.
fn market(stage: &Stage, dollars: i64) -> PaperMarket {
    let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(2)));
    let price = Price::from_ticks(dollars * 2).unwrap();
    let clock = stage.clock.clone();
    PaperMarket::still(venue, Tick::of(stage.clock.now(), price), Arc::new(move || clock.now()))
}

fn opinion_of<M: Market>(stage: &Stage, market: M) -> SecondOpinion<M> {
    let clock = stage.clock.clone();
    let guarded = GuardedMarket::new("Second", market, Arc::new(move || clock.now()));
    SecondOpinion::new(Arc::new(guarded), stage.clock.clone())
}

/// A market that is down.
struct Down;

#[async_trait]
impl Market for Down {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        Err(ReadError::Unavailable("down".to_owned()))
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        Err(ReadError::Unavailable("down".to_owned()))
    }

    async fn fetch_candles(&self, _: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        Err(ReadError::Unavailable("down".to_owned()))
    }
}

#[tokio::test]
async fn another_market_agrees_or_doubts_and_an_old_price_says_nothing() {
    let stage = Stage::set().await;
    let second = opinion_of(&stage, market(&stage, 100_100));
    assert_eq!(second.health().opinion, Some(Opinion::None), "before it was asked");
    stage.tick(100_000);
    second.ask(&stage.feed).await;
    let health = second.health();
    assert_eq!((health.opinion, health.is_fresh), (Some(Opinion::Agrees), true));
    assert_eq!(health.price.map(Price::ticks), Some(200_200));
    stage.tick(90_000);
    second.ask(&stage.feed).await;
    assert_eq!(second.health().opinion, Some(Opinion::Doubts { by: Bps::new(1_008) }));
    stage.clock.advance(Millis::from_secs(30));
    let health = second.health();
    assert_eq!((health.opinion, health.is_fresh), (Some(Opinion::None), false));
}

#[tokio::test]
async fn f06_a_second_market_that_is_down_is_left_alone_and_holds_nothing_back() {
    let stage = Stage::set().await;
    let second = Arc::new(opinion_of(&stage, Down));
    let told = Arc::clone(&second);
    stage.services.sources.add(Arc::new(move || told.health()));
    for _ in 0..4 {
        second.ask(&stage.feed).await;
    }
    let BreakerState::Open { until, reason } = second.health().breaker else { panic!("it is left alone") };
    assert!(stage.clock.now() < until && reason.contains("down"), "{reason}");
    assert_eq!(stage.health().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_source_of_prices_is_shown_with_its_state() {
    let stage = Stage::set().await;
    let session = stage.sign_in().await;
    let second = SourceHealth {
        name: "Second".to_owned(),
        role: SourceRole::SecondOpinion,
        price: None,
        age: None,
        is_fresh: false,
        breaker: BreakerState::Open { until: stage.clock.now(), reason: "the market answered 502".to_owned() },
        stream: None,
        clock_offset: None,
        opinion: Some(Opinion::Doubts { by: Bps::new(250) }),
    };
    stage.services.sources.add(Watch::of_paper().teller(Arc::clone(&stage.feed), stage.clock.clone()));
    stage.services.sources.add(Arc::new(move || second.clone()));
    let said: serde_json::Value = serde_json::from_str(&text(stage.health().await).await).unwrap();
    assert_eq!(said["ready"], true, "a second opinion that is off holds nothing back");
    assert_eq!(said["sources"][0]["role"]["decides"], "paper");
    assert_eq!(said["sources"][1]["breaker"]["open"]["reason"], "the market answered 502");
    let page = text(stage.get("/settings/market", &session).await).await;
    assert_eq!(page.matches("data-testid=\"source\"").count(), 2, "{page}");
    assert!(page.contains("the market answered 502") && page.contains("2.50%"), "{page}");
    assert!(is_redirect_to(&stage.get("/settings/market", "").await, "/sign-in"));
}
