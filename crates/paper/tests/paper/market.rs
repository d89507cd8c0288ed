//! The running market.

use crate::support::{MIDNIGHT, account, dollars, order, tick, wall_clock};
use async_trait::async_trait;
use domain::{Interval, Millis, Sats, Side, Tick, Timestamp};
use exchange::{CandleQuery, Market, PriceFeed, ReadError};
use paper::{Chance, Pace, PaperMarket, Scenario, SharedVenue, Source, Spread, Venue, VenueRules};
use std::num::NonZeroU32;

fn shared() -> SharedVenue {
    let mut venue = Venue::new(VenueRules::default(), Chance::seeded(1));
    venue.open_account(account(1), Sats::new(1_000_000), 0).unwrap();
    SharedVenue::new(venue)
}

fn crash() -> Source {
    Source::scenario(Scenario::Crash, 7, dollars(60_000), MIDNIGHT, 8, Spread::default())
}

fn all_minutes() -> CandleQuery {
    let to = Timestamp::from_unix_ms(i64::MAX);
    CandleQuery { interval: Interval::MINUTE, from: Timestamp::EPOCH, to, limit: 1_000 }
}

#[tokio::test]
async fn a_market_has_a_past_before_its_first_move() {
    let market = PaperMarket::by_hand(shared(), crash(), wall_clock());
    let bars = market.fetch_candles(all_minutes()).await.unwrap();
    assert!(120 <= bars.len());
    assert_eq!(bars.last().unwrap().at.plus(Millis::MINUTE), MIDNIGHT);
    assert_eq!(market.now(), Some(MIDNIGHT));
    assert_eq!(market.forming_bar().unwrap().at, MIDNIGHT);
    let ticker = market.fetch_ticker().await.unwrap();
    assert_eq!(ticker.funding_at, MIDNIGHT.plus(Millis::new(8 * Millis::HOUR.get())));
    assert_eq!(market.fetch_time().await.unwrap(), wall_clock()());
}

#[tokio::test]
async fn eight_steps_make_a_bar_and_newest_bars_are_preferred() {
    let market = PaperMarket::by_hand(shared(), crash(), wall_clock());
    for _ in 0..16 {
        market.advance().unwrap();
    }
    let bars = market.fetch_candles(CandleQuery { limit: 2, ..all_minutes() }).await.unwrap();
    assert_eq!(bars.iter().map(|bar| bar.at).collect::<Vec<_>>(), [MIDNIGHT, MIDNIGHT.plus(Millis::MINUTE)]);
    assert_eq!(bars[0].close, bars[1].open);
    let odd = Interval::new(Millis::new(90_000)).unwrap();
    let odd = market.fetch_candles(CandleQuery { interval: odd, ..all_minutes() }).await;
    assert!(matches!(odd, Err(ReadError::Malformed(_))));
}

#[tokio::test]
async fn a_crash_liquidates_a_position_that_nobody_guards() {
    let venue = shared();
    let market = PaperMarket::by_hand(venue.clone(), crash(), wall_clock());
    venue.lock().open(account(1), order(Side::Long, 1_000, 10)).unwrap();
    for _ in 0..8 * 100 {
        market.advance().unwrap();
    }
    assert!(venue.lock().running(account(1)).is_empty());
    venue.lock().check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn market_time_runs_at_the_chosen_pace() {
    let pace = Pace::new(NonZeroU32::new(60).unwrap());
    let (market, task) = PaperMarket::start(shared(), crash(), pace, wall_clock());
    let mut feed = market.feed();
    let start = tokio::time::Instant::now();
    let mut last = feed.next_tick().await.unwrap();
    while last.at < MIDNIGHT.plus(Millis::new(10 * Millis::MINUTE.get())) {
        let next = feed.next_tick().await.unwrap();
        assert!(last.at < next.at);
        last = next;
    }
    let passed = start.elapsed();
    assert!((9_500..10_500).contains(&passed.as_millis()), "{passed:?}");
    task.abort();
}

#[tokio::test]
async fn a_slow_reader_skips_ahead_and_never_goes_back() {
    let market = PaperMarket::by_hand(shared(), crash(), wall_clock());
    let mut feed = market.feed();
    assert_eq!(feed.next_tick().await.unwrap().at, MIDNIGHT);
    for _ in 0..5_000 {
        market.advance().unwrap();
    }
    let mut last = MIDNIGHT;
    while last < market.now().unwrap() {
        let tick = feed.next_tick().await.unwrap();
        assert!(last < tick.at);
        last = tick.at;
    }
}

struct Told(std::vec::IntoIter<Result<Tick, ReadError>>);

#[async_trait]
impl PriceFeed for Told {
    async fn next_tick(&mut self) -> Result<Tick, ReadError> {
        match self.0.next() {
            Some(told) => told,
            None => std::future::pending().await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_feed_from_elsewhere_moves_play_money_and_late_prices_are_dropped() {
    let venue = shared();
    let market = PaperMarket::driven(venue.clone(), Vec::new(), wall_clock());
    assert!(matches!(market.fetch_ticker().await, Err(ReadError::Unavailable(_))));
    let error = || Err(ReadError::Unavailable("away".to_owned()));
    let told = vec![error(), Ok(tick(0, 100)), Ok(tick(-5, 50)), error(), Ok(tick(61, 110)), Ok(tick(62, 105))];
    let mut feed = market.feed();
    let driver = tokio::spawn(paper::drive(market.clone(), Told(told.into_iter())));
    for expected in [100, 110, 105] {
        assert_eq!(feed.next_tick().await.unwrap().last, dollars(expected));
    }
    let bars = market.fetch_candles(all_minutes()).await.unwrap();
    assert_eq!(bars.iter().map(|bar| bar.close).collect::<Vec<_>>(), [dollars(100)]);
    assert_eq!(market.forming_bar().unwrap().high, dollars(110));
    driver.abort();
}

#[tokio::test]
async fn the_same_seed_gives_the_same_day() {
    let day = || {
        let venue = shared();
        let market = PaperMarket::by_hand(venue.clone(), crash(), wall_clock());
        venue.lock().open(account(1), order(Side::Short, 1_000, 10)).unwrap();
        (0..8 * 1_440).for_each(|_| _ = market.advance());
        format!("{:?}", venue.lock())
    };
    assert_eq!(day(), day());
}
