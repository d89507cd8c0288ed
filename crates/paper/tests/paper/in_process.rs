//! The exchange port in the same process.

use crate::support::{account, dollars, tick, venue};
use domain::position::NewPosition;
use domain::{Leverage, Millis, Quantity, Sats, Side, Timestamp};
use exchange::{AccountCall, AccountFeed, Exchange, Outcome, Priority, ReadError};
use futures::FutureExt;
use paper::{PaperAccount, SharedVenue};

fn new_long() -> NewPosition {
    NewPosition {
        side: Side::Long,
        quantity: Quantity::new(1_000).unwrap(),
        leverage: Leverage::for_order(10_000_000).unwrap(),
        stop_loss: None,
        take_profit: None,
    }
}

fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(value) => value,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_position_lives_from_opening_to_history() {
    let (venue, owner) = venue(100_000);
    let venue = SharedVenue::new(venue);
    let paper = PaperAccount::new(venue.clone(), owner);
    let opened = done(paper.open_position(new_long()).await);
    assert_eq!(paper.fetch_wallet(Priority::Guard).await.unwrap().balance, Sats::new(897_900));
    assert_eq!(paper.fetch_running(Priority::Guard).await.unwrap(), [opened]);
    assert_eq!(done(paper.add_margin(opened.id, Sats::new(50_000)).await).margin, Sats::new(150_000));
    assert_eq!(done(paper.cash_in(opened.id, Sats::new(20_000)).await).margin, Sats::new(130_000));
    let stop = Some(dollars(95_000));
    assert_eq!(done(paper.set_stop_loss(opened.id, stop).await).stop_loss, stop);
    let target = Some(dollars(120_000));
    assert_eq!(done(paper.set_take_profit(opened.id, target).await).take_profit, target);
    venue.lock().on_tick(tick(8 * 3_600 + 180, 100_000)).unwrap();
    let fees = paper.fetch_funding_fees(opened.id, Timestamp::EPOCH, Priority::Guard).await.unwrap();
    assert_eq!(fees.iter().map(|fee| fee.fee.get()).collect::<Vec<_>>(), [100]);
    let later = fees[0].at.plus(Millis::new(1));
    assert!(paper.fetch_funding_fees(opened.id, later, Priority::Guard).await.unwrap().is_empty());
    let closed = done(paper.close_position(opened.id).await);
    assert!(closed.is_closed());
    assert_eq!(paper.fetch_closed(Timestamp::EPOCH, Priority::Guard).await.unwrap(), [closed]);
    assert!(paper.fetch_running(Priority::Guard).await.unwrap().is_empty());
    assert!(paper.fetch_resting(Priority::Guard).await.unwrap().is_empty());
    assert!(paper.fetch_canceled(Timestamp::EPOCH, Priority::Guard).await.unwrap().is_empty());
    venue.lock().check_conservation().unwrap();
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_a_foreign_account_can_not_be_read() {
    let (venue, owner) = venue(100_000);
    let venue = SharedVenue::new(venue);
    let paper = PaperAccount::new(venue.clone(), owner);
    let opened = done(paper.open_position(new_long()).await);
    match paper.add_margin(opened.id, Sats::new(10_000_000)).await {
        Outcome::Rejected(rejection) => assert_eq!(rejection.status, 400),
        other => panic!("{other:?}"),
    }
    let nobody = PaperAccount::new(venue, account(99));
    assert!(matches!(nobody.fetch_running(Priority::Guard).await, Err(ReadError::Unauthorized(_))));
}

#[tokio::test]
async fn what_happens_to_an_account_calls_for_a_look_at_it_and_at_no_other() {
    let (mut venue, owner) = venue(100_000);
    venue.open_account(account(2), Sats::new(1_000_000), 0).unwrap();
    let venue = SharedVenue::new(venue);
    let [mine, other] = [owner, account(2)].map(|owner| PaperAccount::new(venue.clone(), owner));
    let [mut of_mine, mut of_other] = [mine.feed(), other.feed()];
    let opened = done(mine.open_position(new_long()).await);
    assert_eq!(of_mine.next_call().await, AccountCall::Changed);
    done(mine.close_position(opened.id).await);
    assert_eq!(of_mine.next_call().await, AccountCall::Changed);
    assert!(of_mine.next_call().now_or_never().is_none(), "each once");
    assert!(of_other.next_call().now_or_never().is_none());
    drop((mine, other, venue));
    assert!(matches!(of_other.next_call().await, AccountCall::Lost(_)));
    assert!(of_other.next_call().now_or_never().is_none(), "and then there is nothing to wait for");
}
