//! The routes that no port has: what is asked, and what the answer means.

use crate::recorder::Recorder;
use crate::support::{NOON, client, key};
use domain::{Price, Rate, Sats, Timestamp, Wallet, iso8601};
use exchange::{Outcome, Priority, ReadError};
use lnmarkets::{
    Consent, CrossOrderKind, CrossOrderState, Dollars, ListQuery, LnMarketsAccount, LnMarketsMarket, Money,
    NewCrossOrder, Withdrawal,
};
use serde_json::{Value, json};

const AT: &str = "2026-04-22T11:07:19.867Z";
const ID: &str = "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e";

async fn open(answer: Value) -> (Recorder, LnMarketsAccount, LnMarketsMarket) {
    let (recorder, endpoint) = Recorder::open().await;
    recorder.answer(answer);
    let client = client(&endpoint);
    (recorder, client.account(key()), client.market())
}

fn at() -> Timestamp {
    iso8601::read(AT).unwrap()
}

fn page(row: Value) -> Value {
    json!({"data": [row], "nextCursor": AT})
}

fn query() -> ListQuery {
    ListQuery { from: Some(at()), limit: Some(5), cursor: Some(AT.to_owned()), ..ListQuery::default() }
}

fn url(recorder: &Recorder) -> String {
    recorder.take()[0].url.clone()
}

const TIME: &str = "2026-04-22T11%3A07%3A19.867Z";

#[tokio::test]
async fn money_that_came_and_went_is_listed() {
    let (recorder, account, _) = open(page(json!({
        "id": "1", "createdAt": AT, "amount": 7, "paymentHash": "h", "settledAt": AT, "comment": null
    })))
    .await;
    let deposits = account.fetch_lightning_deposits(&query(), Some(true)).await.unwrap();
    assert_eq!(deposits.items[0].settled_at, Some(at()));
    assert_eq!(deposits.next.as_deref(), Some(AT));
    let expected = format!("/v3/account/deposits/lightning?cursor={TIME}&from={TIME}&limit=5&settled=true");
    assert_eq!(url(&recorder), expected);

    recorder.answer(page(json!({"id": "1", "createdAt": AT, "amount": 7, "fee": 1, "status": "processed"})));
    let withdrawals = account.fetch_lightning_withdrawals(&ListQuery::default()).await.unwrap();
    assert_eq!((withdrawals.items[0].fee, withdrawals.items[0].amount), (Some(Sats::new(1)), Sats::new(7)));
    assert_eq!(url(&recorder), "/v3/account/withdrawals/lightning");

    recorder.answer(page(json!({
        "id": "1", "createdAt": AT, "amount": 7, "confirmations": 2, "blockHeight": null, "status": "MEMPOOL", "txId": "t"
    })));
    let deposits = account.fetch_on_chain_deposits(&ListQuery::default()).await.unwrap();
    assert_eq!((deposits.items[0].confirmations, deposits.items[0].status.as_str()), (2, "MEMPOOL"));
    assert_eq!(url(&recorder), "/v3/account/deposits/on-chain");

    recorder.answer(page(json!({
        "id": "1", "createdAt": AT, "address": "bc1q", "amount": 7, "fee": null, "status": "pending", "txId": null
    })));
    let withdrawals = account.fetch_on_chain_withdrawals(&ListQuery::default()).await.unwrap();
    assert_eq!((withdrawals.items[0].fee, withdrawals.items[0].address.as_str()), (None, "bc1q"));
    assert_eq!(url(&recorder), "/v3/account/withdrawals/on-chain");
}

#[tokio::test]
async fn addresses_and_invoices_are_handed_out() {
    let (recorder, account, _) = open(json!({"address": "bc1p", "createdAt": AT})).await;
    assert_eq!(account.fetch_bitcoin_address().await.as_deref(), Ok("bc1p"));
    assert_eq!(account.make_bitcoin_address().await, Outcome::Done("bc1p".to_owned()));
    let sent = recorder.take();
    assert_eq!((sent[0].method.as_str(), sent[1].method.as_str()), ("GET", "POST"));
    assert!(sent.iter().all(|sent| sent.url == "/v3/account/address/bitcoin" && sent.is_signed()));
    recorder.answer(json!({"depositId": "d", "paymentRequest": "lnbc1"}));
    let Outcome::Done(invoice) = account.make_deposit_invoice(Sats::new(5)).await else { panic!("an invoice") };
    assert_eq!(invoice.payment_request, "lnbc1");
    recorder.answer(json!({"depositId": "d", "paymentRequest": ""}));
    assert!(matches!(account.make_deposit_invoice(Sats::new(5)).await, Outcome::Unknown(_)));
}

fn consent(amount: i64) -> Consent {
    let shown = Withdrawal::shown("lnbc10n1pjabcdefgh", Sats::new(amount), NOON);
    shown.consent(&amount.to_string(), "cdefgh", NOON).unwrap()
}

#[tokio::test]
async fn a_withdrawal_is_sent_once_and_done_only_for_the_amount_that_was_consented_to() {
    let (recorder, account, _) = open(json!({"id": "w", "amount": 1_000, "maxFees": 5, "paymentHash": "h"})).await;
    let Outcome::Done(accepted) = account.withdraw(consent(1_000)).await else { panic!("accepted") };
    assert_eq!((accepted.amount, accepted.most_fees), (Sats::new(1_000), Sats::new(5)));
    let sent = recorder.take();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].url, "/v3/account/withdraw/lightning");
    assert_eq!(sent[0].body.as_deref(), Some(r#"{"invoice":"lnbc10n1pjabcdefgh"}"#));
    assert!(matches!(account.withdraw(consent(999)).await, Outcome::Unknown(_)));
}

#[tokio::test]
async fn notes_of_the_venue_are_read_and_marked() {
    let (recorder, account, _) = open(page(json!({"id": "1", "createdAt": AT, "event": "e", "data": {}}))).await;
    let notes = account.fetch_notifications(&ListQuery::default()).await.unwrap();
    assert_eq!(notes.items[0].event.as_deref(), Some("e"));
    assert_eq!(account.mark_notifications_read().await, Outcome::Done(()));
    let sent = recorder.take();
    assert_eq!((sent[1].method.as_str(), sent[1].body.clone()), ("PUT", None));
}

#[tokio::test]
async fn the_profile_tells_whose_key_it_is() {
    let account = json!({
        "id": "a", "username": "ana", "email": null, "balance": 9, "syntheticUsdBalance": 2.5, "feeTier": 2,
        "linkingPublicKey": null
    });
    let (_, account, _) = open(account).await;
    let profile = account.fetch_profile(Priority::Interface).await.unwrap();
    assert_eq!(profile.username, "ana");
    assert_eq!(profile.wallet, Wallet { balance: Sats::new(9), fee_tier: 2 });
    assert_eq!(profile.synthetic_usd, Dollars::from_millionths(2_500_000));
}

#[tokio::test]
async fn dollars_are_bought_and_listed() {
    let swap = json!({
        "id": "s", "createdAt": AT, "inAmount": 1000, "inAsset": "BTC", "outAmount": 0.55, "outAsset": "USD"
    });
    let (recorder, account, market) = open(swap.clone()).await;
    let Outcome::Done(done) = account.swap_into_dollars(Sats::new(1_000)).await else { panic!("swapped") };
    assert_eq!(done.received, Money::SyntheticUsd(Dollars::from_millionths(550_000)));
    recorder.answer(page(swap));
    assert_eq!(account.fetch_swaps(&ListQuery::default()).await.unwrap().items, vec![done]);
    recorder.answer(json!({"askPrice": 60001, "bidPrice": "59999.5"}));
    assert_eq!(market.fetch_best_price().await.unwrap().bid.ticks(), 119_999);
}

fn order(state: Value) -> Value {
    let mut order = json!({
        "id": ID, "type": "market", "side": "sell", "quantity": 10, "price": 77055, "tradingFee": 12, "createdAt": AT,
        "filledAt": null, "canceledAt": null, "open": false, "filled": true, "canceled": false, "clientId": null
    });
    order.as_object_mut().unwrap().extend(state.as_object().unwrap().clone());
    order
}

#[tokio::test]
async fn a_cross_position_is_opened_bound_and_closed() {
    let (recorder, account, _) = open(order(json!({"filledAt": AT}))).await;
    let new = NewCrossOrder { side: domain::OrderSide::Sell, quantity: 10, price: None, client_id: None };
    let Outcome::Done(filled) = account.submit_cross_order(&new).await else { panic!("filled") };
    assert_eq!((filled.kind, filled.state), (CrossOrderKind::Market, CrossOrderState::Filled { at: at() }));
    assert_eq!(account.close_cross_position().await, Outcome::Done(filled.clone()));
    assert!(matches!(account.cancel_cross_order(filled.id).await, Outcome::Unknown(_)), "it was filled");
    let larger = NewCrossOrder { quantity: 11, ..new };
    assert!(matches!(account.submit_cross_order(&larger).await, Outcome::Unknown(_)), "another order's answer");
    recorder.answer(json!([order(json!({"canceledAt": AT})), order(json!({"canceledAt": AT}))]));
    assert!(matches!(account.cancel_all_cross_orders().await, Outcome::Done(canceled) if canceled.len() == 2));
    recorder.answer(json!([order(json!({})), {"id": 1}]));
    assert!(matches!(account.cancel_all_cross_orders().await, Outcome::Unknown(_)), "half an answer");
    recorder.answer(json!({
        "id": ID, "quantity": -10, "leverage": 5, "margin": 20000, "initialMargin": 0, "runningMargin": 2595,
        "maintenanceMargin": 19, "entryPrice": 77055, "liquidation": 199402.5, "totalPl": -3, "deltaPl": 0,
        "fundingFees": 1, "tradingFees": 12, "updatedAt": AT
    }));
    let position = account.fetch_cross_position(Priority::GuardRead).await.unwrap();
    assert_eq!((position.quantity, position.liquidation), (-10, Price::from_ticks(398_805).ok()));
    assert_eq!(account.set_cross_leverage(5).await, Outcome::Done(position));
    assert_eq!(account.deposit_to_cross(Sats::new(1)).await, Outcome::Done(position));
    assert_eq!(account.withdraw_from_cross(Sats::new(1)).await, Outcome::Done(position));
}

#[tokio::test]
async fn the_history_of_cross_margin_is_listed() {
    let (recorder, account, _) = open(page(json!({"id": ID, "amount": -7, "time": AT}))).await;
    let transfers = account.fetch_cross_transfers(&query(), Priority::Interface).await.unwrap();
    assert_eq!((transfers.items[0].amount, transfers.items[0].at), (Sats::new(-7), at()));
    recorder.answer(page(json!({"fee": -3, "settlementId": ID, "time": AT, "tradeId": null})));
    let fees = account.fetch_cross_funding_fees(&query(), Priority::Interface).await.unwrap();
    assert_eq!(fees.items[0].fee, Sats::new(-3));
    recorder.answer(page(order(json!({"filledAt": AT, "type": "liquidation"}))));
    let filled = account.fetch_cross_filled_orders(&query(), Priority::Interface).await.unwrap();
    assert_eq!(filled.items[0].kind, CrossOrderKind::Liquidation);
    recorder.answer(json!([]));
    assert_eq!(account.fetch_cross_open_orders(Priority::Interface).await, Ok(vec![]));
}

#[tokio::test]
async fn what_anyone_may_know_is_read_without_a_key() {
    let settlement = json!({"id": ID, "time": AT, "fundingRate": -0.0001, "fixingPrice": 60000.3});
    let (recorder, _, market) = open(page(settlement)).await;
    let settlements = market.fetch_funding_settlements(&query()).await.unwrap();
    assert_eq!(settlements.items[0].rate, Rate::from_hundred_millionths(-10_000));
    assert_eq!(settlements.items[0].fixing.ticks(), 120_001);
    assert!(recorder.take().iter().all(|sent| !sent.is_signed()));
    recorder.answer(json!({"daily": [{"username": "u", "pl": 5, "direction": 1}], "all-time": []}));
    assert_eq!(market.fetch_leaderboard().await.unwrap()["daily"][0].pnl, Sats::new(5));
    recorder.answer(json!("pong"));
    assert_eq!(market.ping().await, Ok(()));
    recorder.answer(json!("ping"));
    assert!(matches!(market.ping().await, Err(ReadError::Malformed(_))));
}
