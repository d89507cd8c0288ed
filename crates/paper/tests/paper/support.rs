//! What the tests share.

use domain::{AccountId, Leverage, Price, Quantity, Sats, Side, Tick, Timestamp};
use exchange::Rejection;
use paper::{Chance, Clock, Order, Size, Trade, Venue, VenueRules};
use std::sync::Arc;
use uuid::Uuid;

/// 14 November 2023, 00:00 UTC: a settlement.
pub const MIDNIGHT: Timestamp = Timestamp::from_unix_ms(1_699_920_000_000);

pub fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

pub fn dollars(dollars: i64) -> Price {
    Price::from_ticks(dollars * 2).unwrap()
}

/// A tick without a spread, some seconds after midnight and a minute.
pub fn tick(seconds: i64, price: i64) -> Tick {
    let at = Timestamp::from_unix_ms(MIDNIGHT.unix_ms() + 60_000 + seconds * 1_000);
    let price = dollars(price);
    Tick { at, last: price, index: Some(price), bid: Some(price), ask: Some(price) }
}

pub fn order(side: Side, quantity: i64, leverage: i64) -> Order {
    Order {
        side,
        size: Size::Quantity(Quantity::new(quantity).unwrap()),
        leverage: Leverage::for_order(leverage * Leverage::ONE_X).unwrap(),
        stop_loss: None,
        take_profit: None,
        client_id: None,
    }
}

/// A venue at a price, with one account that holds a million sats.
pub fn venue(price: i64) -> (Venue, AccountId) {
    let mut venue = Venue::new(VenueRules::default(), Chance::seeded(1));
    let owner = account(1);
    venue.open_account(owner, Sats::new(1_000_000), 0).unwrap();
    venue.on_tick(tick(0, price)).unwrap();
    (venue, owner)
}

pub fn balance(venue: &Venue, owner: AccountId) -> i64 {
    venue.wallet(owner).unwrap().balance.get()
}

pub fn message(answer: Result<Trade, Rejection>) -> String {
    let rejection = answer.unwrap_err();
    assert_eq!(rejection.status, 400);
    rejection.message
}

pub fn wall_clock() -> Clock {
    Arc::new(|| Timestamp::from_unix_ms(1_800_000_000_000))
}
