//! Swaps, deposits and withdrawals.

use crate::support::{balance, tick, venue};
use domain::Sats;
use paper::venue::{AddressFormat, Notified, Sold};

#[test]
fn a_swap_sells_at_the_bid_and_buys_at_the_ask() {
    let (mut venue, owner) = venue(100_000);
    let bought = venue.swap(owner, Sold::Sats(100_000)).unwrap();
    assert_eq!((bought.bought, venue.cents(owner), balance(&venue, owner)), (10_000, 10_000, 900_000));
    venue.on_tick(tick(1, 50_000)).unwrap();
    let back = venue.swap(owner, Sold::Cents(10_000)).unwrap();
    assert_eq!((back.bought, venue.cents(owner), balance(&venue, owner)), (200_000, 0, 1_100_000));
    assert_eq!(venue.swaps(owner), [back, bought]);
    assert!(venue.swap(owner, Sold::Cents(1)).is_err(), "there are no dollars left");
    assert!(venue.swap(owner, Sold::Sats(1_100_001)).is_err());
    venue.check_conservation().unwrap();
}

#[test]
fn a_deposit_by_lightning_pays_itself_after_a_while() {
    let (mut venue, owner) = venue(100_000);
    let (deposit, invoice) = venue.deposit_by_lightning(owner, Sats::new(5_000), Some("tea".to_owned())).unwrap();
    assert!(invoice.starts_with("lnbcrt50000n1"));
    venue.on_tick(tick(9, 100_000)).unwrap();
    assert_eq!((balance(&venue, owner), venue.deposits(owner)[0].settled_at), (1_000_000, None));
    venue.on_tick(tick(10, 100_000)).unwrap();
    venue.on_tick(tick(20, 100_000)).unwrap();
    assert_eq!(balance(&venue, owner), 1_005_000);
    assert_eq!((venue.deposits(owner)[0].id, venue.deposits(owner)[0].settled_at), (deposit.id, Some(tick(10, 1).at)));
    assert_eq!(venue.notices(owner)[0].notified, Notified::Deposit(Sats::new(5_000)));
    venue.read_notices(owner);
    assert!(venue.notices(owner)[0].is_read);
    assert!(venue.deposit_by_lightning(owner, Sats::new(0), None).is_err());
    assert!(venue.deposit_by_lightning(owner, Sats::MAX, None).is_err());
    venue.check_conservation().unwrap();
}

#[test]
fn a_withdrawal_leaves_the_wallet_at_once() {
    let (mut venue, owner) = venue(100_000);
    let (_, invoice) = venue.deposit_by_lightning(owner, Sats::new(5_000), None).unwrap();
    let (withdrawal, most_fees) = venue.withdraw_by_lightning(owner, &invoice).unwrap();
    assert_eq!((withdrawal.amount.get(), most_fees.get(), withdrawal.reference.len()), (5_000, 25, 64));
    assert_eq!(balance(&venue, owner), 995_000);
    let refused = venue.withdraw_by_lightning(owner, "lnbc1").unwrap_err();
    assert_eq!(refused.message, "Send a correct BOLT 11 invoice");
    let address = venue.new_address(owner, AddressFormat::Taproot).unwrap().address;
    assert_eq!(venue.address(owner).unwrap().address, address);
    venue.withdraw_on_chain(owner, &address, Sats::new(95_000)).unwrap();
    assert_eq!(venue.withdraw_on_chain(owner, "nowhere", Sats::new(1)).unwrap_err().message, "Invalid address");
    assert_eq!(
        venue.withdraw_on_chain(owner, &address, Sats::new(900_001)).unwrap_err().message,
        "Insufficient balance"
    );
    assert_eq!((balance(&venue, owner), venue.withdrawals(owner).len()), (900_000, 2));
    venue.check_conservation().unwrap();
}

#[test]
fn an_account_has_at_most_twenty_unused_addresses() {
    let (mut venue, owner) = venue(100_000);
    for _ in 0..20 {
        venue.new_address(owner, AddressFormat::Segwit).unwrap();
    }
    let refused = venue.new_address(owner, AddressFormat::Segwit).unwrap_err();
    assert_eq!(refused.message, "You have too many unused addresses");
}
