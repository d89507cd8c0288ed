//! No satoshi is made or lost, whatever happens in whatever order.

use crate::support::{MIDNIGHT, account};
use domain::{AccountId, Leverage, Millis, OrderSide, PositionId, Price, Quantity, Rate, Sats, Side, Tick, Timestamp};
use engine::contract::cross::CrossLeverage;
use paper::venue::{AddressFormat, CloseReason, CrossOrderKind, CrossOrderRequest, Sold, TrailingDistance};
use paper::{CallKind, Chance, NewTrade, Order, Size, Venue, VenueRules};
use proptest::prelude::*;
use std::collections::BTreeMap;

const OPERATIONS: u64 = 2_000_000;

/// A venue that anything may happen to.
struct World {
    venue: Venue,
    chance: Chance,
    at: Timestamp,
    ticks: i64,
    accepted: u64,
    refused: u64,
}

impl World {
    fn new(seed: u64) -> World {
        let rules = VenueRules { max_positions: 8, ..VenueRules::default() };
        let mut venue = Venue::new(rules, Chance::seeded(seed));
        for (number, tier) in [(1, 0), (2, 1), (3, 3)] {
            venue.open_account(account(number), Sats::new(5_000_000), tier).unwrap();
        }
        World { venue, chance: Chance::seeded(seed ^ 1), at: MIDNIGHT, ticks: 120_000, accepted: 0, refused: 0 }
    }

    fn step(&mut self) {
        if self.chance.below(3) == 0 || self.venue.last_tick().is_none() {
            self.tick();
        } else {
            let (postings, calls) = (self.venue.postings(), self.venue.audit().len());
            if self.call() {
                self.accepted += 1;
                return;
            }
            self.refused += 1;
            assert_eq!((self.venue.postings(), self.venue.audit().len()), (postings, calls), "a refusal moved sats");
        }
    }

    fn tick(&mut self) {
        self.at = self.at.plus(Millis::new(self.chance.between(1, 600_000)));
        let sigma = if self.chance.below(500) == 0 { self.ticks / 5 } else { self.ticks / 500 + 1 };
        self.ticks = (self.ticks + self.chance.bell(sigma)).clamp(2_000, 4_000_000);
        if self.chance.below(1_000) == 0 {
            self.ticks = (self.ticks + 120_000) / 2;
        }
        let spread = self.chance.between(0, 20);
        let price = |ticks| Price::from_ticks(ticks).unwrap();
        let (bid, ask) = (Some(price(self.ticks - spread)), Some(price(self.ticks + spread)));
        self.venue.set_funding_rate(Rate::from_hundred_millionths(self.chance.between(-300_000, 300_000)));
        self.venue.on_tick(Tick { at: self.at, last: price(self.ticks), index: None, bid, ask }).unwrap();
    }

    fn call(&mut self) -> bool {
        let owner = account(u128::from(self.chance.below(3)) + 1);
        let most = 1 << self.chance.below(24);
        let amount = Sats::new(self.chance.between(-10, most));
        let position = self.some_position();
        let stop = (self.chance.below(4) != 0).then(|| self.some_price());
        match self.chance.below(11) {
            0 => {
                let order = self.some_order();
                self.venue.open(owner, order).is_ok()
            }
            1 => {
                let new = self.some_new_trade();
                self.venue.submit(owner, new).is_ok()
            }
            2 => self.venue.close(owner, position).is_ok(),
            3 => self.venue.add_margin(owner, position, amount).is_ok(),
            4 => self.venue.cash_in(owner, position, amount).is_ok(),
            5 => self.venue.set_stop_loss(owner, position, stop).is_ok(),
            6 => self.venue.set_take_profit(owner, position, stop).is_ok(),
            7 => {
                self.distance().is_some_and(|distance| self.venue.set_trailing_stop(owner, position, distance).is_ok())
            }
            8 => self.venue.cancel(owner, position).is_ok(),
            9 => self.call_cross(owner, amount),
            _ => self.call_wallet(owner, amount),
        }
    }

    fn call_cross(&mut self, owner: AccountId, amount: Sats) -> bool {
        match self.chance.below(8) {
            0 | 1 => {
                let request = self.some_cross_order();
                self.venue.cross_order(owner, request).is_ok()
            }
            2 => self.venue.cross_close(owner).is_ok(),
            3 => self.venue.cross_deposit(owner, amount).is_ok(),
            4 => self.venue.cross_withdraw(owner, amount).is_ok(),
            5 => {
                let times = u8::try_from(self.chance.between(1, 100)).unwrap();
                self.venue.cross_set_leverage(owner, CrossLeverage::new(times).unwrap()).is_ok()
            }
            6 => {
                let open = self.venue.cross_open(owner);
                open.first().is_some_and(|order| self.venue.cross_cancel(owner, order.id).is_ok())
            }
            _ => self.chance.below(20) == 0 && !self.venue.cross_cancel_all(owner).unwrap().is_empty(),
        }
    }

    /// What is counted as a refusal here, though it is none, moves no sats: asking for an invoice or an address.
    fn call_wallet(&mut self, owner: AccountId, amount: Sats) -> bool {
        let is_poor = self.venue.wallet(owner).unwrap().balance < Sats::new(2_000_000);
        match self.chance.below(6) {
            0 => self.venue.swap(owner, Sold::Sats(amount.get())).is_ok(),
            1 => self.venue.swap(owner, Sold::Cents(amount.get() / 1_000)).is_ok(),
            2 if is_poor => {
                let _ = self.venue.deposit_by_lightning(owner, amount, None);
                let _ = self.venue.new_address(owner, AddressFormat::Segwit);
                false
            }
            3 if is_poor => self.venue.deposit(owner, amount).is_ok(),
            4 => self.chance.below(20) == 0 && !self.venue.cancel_all(owner).unwrap().is_empty(),
            _ => {
                let address = self.venue.address(owner).unwrap().address;
                let dust = Sats::new(amount.get() / 1_000);
                self.venue.withdraw_on_chain(owner, &address, dust).is_ok()
            }
        }
    }

    fn some_cross_order(&mut self) -> CrossOrderRequest {
        let most = 1 << self.chance.below(15);
        let limit = (self.chance.below(3) == 0).then(|| self.some_price());
        CrossOrderRequest {
            side: if self.chance.below(2) == 0 { OrderSide::Buy } else { OrderSide::Sell },
            quantity: Quantity::new(self.chance.between(1, most)).unwrap(),
            limit,
            client_id: None,
        }
    }

    fn some_new_trade(&mut self) -> NewTrade {
        let limit = (self.chance.below(4) != 0).then(|| self.some_price());
        let trailing = if self.chance.below(3) == 0 { self.distance() } else { None };
        let order = self.some_order();
        let stop_loss = order.stop_loss.filter(|_| trailing.is_none());
        NewTrade { order: Order { stop_loss, ..order }, limit, trailing }
    }

    fn distance(&mut self) -> Option<TrailingDistance> {
        TrailingDistance::from_millionths(self.chance.between(900, 200_000))
    }

    fn some_position(&mut self) -> PositionId {
        let owner = account(u128::from(self.chance.below(3)) + 1);
        let trades = if self.chance.below(4) == 0 { self.venue.resting(owner) } else { self.venue.running(owner) };
        let index = usize::try_from(self.chance.below(8)).unwrap();
        trades.get(index).map_or(PositionId::from_uuid(self.chance.uuid()), |trade| trade.position.id)
    }

    fn some_price(&mut self) -> Price {
        Price::clamped(i128::from(self.ticks + self.chance.bell(self.ticks / 20)))
    }

    fn some_order(&mut self) -> Order {
        let (most_margin, most_quantity) = (1 << self.chance.below(24), 1 << self.chance.below(15));
        let size = match self.chance.below(4) {
            0 => Size::Margin(Sats::new(self.chance.between(0, most_margin))),
            _ => Size::Quantity(Quantity::new(self.chance.between(1, most_quantity)).unwrap()),
        };
        let stop_loss = (self.chance.below(3) == 0).then(|| self.some_price());
        let take_profit = (self.chance.below(3) == 0).then(|| self.some_price());
        Order {
            side: if self.chance.below(2) == 0 { Side::Long } else { Side::Short },
            size,
            leverage: Leverage::measured(self.chance.between(900_000, 101_000_000)),
            stop_loss,
            take_profit,
            client_id: None,
        }
    }
}

#[test]
fn two_million_random_operations_neither_make_nor_lose_a_sat() {
    let mut world = World::new(20_260_401);
    for operation in 0..OPERATIONS {
        world.step();
        world.venue.check_conservation().unwrap_or_else(|error| panic!("after operation {operation}: {error}"));
    }
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for call in world.venue.audit() {
        *kinds.entry(format!("{:?}", call.kind)).or_default() += 1;
    }
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for number in 1..=3 {
        for trade in world.venue.closed(account(number), Timestamp::EPOCH) {
            *reasons.entry(format!("{:?}", trade.close_reason.unwrap())).or_default() += 1;
        }
    }
    eprintln!(
        "{OPERATIONS} operations: {} calls accepted, {} refused, {} postings, {} settlements; {kinds:?}; closed by {reasons:?}",
        world.accepted,
        world.refused,
        world.venue.postings(),
        world.venue.settlements().len()
    );
    for kind in [
        CallKind::Open,
        CallKind::Close,
        CallKind::AddMargin,
        CallKind::CashIn,
        CallKind::StopLoss,
        CallKind::TakeProfit,
        CallKind::TrailingStop,
        CallKind::Place,
        CallKind::Cancel,
        CallKind::CrossTransfer,
        CallKind::CrossOrder,
        CallKind::CrossCancel,
        CallKind::CrossLeverage,
        CallKind::Swap,
        CallKind::Withdrawal,
    ] {
        assert!(kinds.get(&format!("{kind:?}")).is_some_and(|count| 1_000 <= *count), "{kind:?} hardly happened");
    }
    for (kind, least) in
        [(CrossOrderKind::Market, 1_000), (CrossOrderKind::Limit, 1_000), (CrossOrderKind::Liquidation, 20)]
    {
        let filled = (1..=3).flat_map(|number| world.venue.cross_filled(account(number)));
        let count = filled.filter(|order| order.kind == kind).count();
        assert!(least <= count, "{count} cross orders were filled by {kind:?}");
    }
    for reason in [
        CloseReason::Manual,
        CloseReason::StopLoss,
        CloseReason::TakeProfit,
        CloseReason::Liquidation,
        CloseReason::Funding,
    ] {
        assert!(reasons.contains_key(&format!("{reason:?}")), "no trade was closed by {reason:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let story = |seed| {
        let mut world = World::new(seed);
        (0..20_000).for_each(|_| world.step());
        serde_json::to_string(&world.venue).unwrap()
    };
    let told = story(5);
    assert_eq!(told, story(5));
    assert_ne!(told, story(6));
}

proptest! {
    #[test]
    fn any_short_history_conserves_every_sat(seed: u64, steps in 1_usize..400) {
        let mut world = World::new(seed);
        for _ in 0..steps {
            world.step();
            prop_assert_eq!(world.venue.check_conservation(), Ok(()));
        }
    }

    #[test]
    fn a_trade_at_any_price_size_and_leverage_conserves_every_sat(
        entry in 1_i64..=200_000_000,
        exit in 1_i64..=200_000_000,
        quantity in 1_i64..=500_000,
        leverage in 1_000_000_i64..=100_000_000,
        is_long: bool,
        amount: i64,
    ) {
        let mut venue = Venue::new(VenueRules::default(), Chance::seeded(1));
        let owner = account(1);
        venue.open_account(owner, Sats::new(2_000_000_000_000_000), 0).unwrap();
        let tick = |minutes: i64, ticks| Tick::of(MIDNIGHT.plus(Millis::new(minutes * 60_000)), Price::from_ticks(ticks).unwrap());
        venue.on_tick(tick(0, entry)).unwrap();
        let order = Order {
            side: if is_long { Side::Long } else { Side::Short },
            size: Size::Quantity(Quantity::new(quantity).unwrap()),
            leverage: Leverage::measured(leverage),
            stop_loss: None,
            take_profit: None,
            client_id: None,
        };
        let id = venue.open(owner, order).unwrap().position.id;
        let _ = venue.add_margin(owner, id, Sats::new(amount));
        let _ = venue.cash_in(owner, id, Sats::new(amount / 3));
        prop_assert_eq!(venue.check_conservation(), Ok(()));
        venue.on_tick(tick(1, exit)).unwrap();
        prop_assert_eq!(venue.check_conservation(), Ok(()));
        venue.on_tick(tick(500, exit)).unwrap();
        let _ = venue.close(owner, id);
        prop_assert_eq!(venue.check_conservation(), Ok(()));
        prop_assert!(venue.running(owner).is_empty());
    }
}
