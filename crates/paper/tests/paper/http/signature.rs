//! Who may come in.

use crate::client::{Call, Exchange, KEY, NOW, SECRET, sign};

const ID: &str = "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a1e";

/// Published signatures of `test-secret`: time, method, target, body, signature.
fn published() -> Vec<(i64, &'static str, String, String, &'static str)> {
    let id = "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e";
    let trade = "/v3/futures/isolated/trade";
    vec![
        (NOW, "POST", trade.into(), r#"{"side":"buy"}"#.into(), "vnTrfOcqOLhdks4nlOgjK9iW79N1gww+q0ZQFRpYTaw="),
        (1, "GET", "/v3/account?limit=10".into(), String::new(), "EIB7l7jfOTAbS9R5zuJrFUt6WPSwkau1MREcowDugPA="),
        (
            NOW,
            "DELETE",
            format!("{trade}/stoploss?id={id}"),
            String::new(),
            "1EiDxVDgEufel9O+NvoGj4+DvdULEzaWFcKZClMYYRs=",
        ),
        (
            NOW,
            "POST",
            format!("{trade}/add-margin"),
            format!(r#"{{"amount":1000,"id":"{id}"}}"#),
            "Ajgb9jHgNwhwpPcyxGvOortAv/8NrKmRAV+RuO1W1og=",
        ),
        (
            NOW,
            "POST",
            trade.into(),
            r#"{"leverage":10,"margin":1000,"side":"buy","type":"market","clientId":"client-1"}"#.into(),
            "ZDDA6BKkHfwR6T/70eTfMc4EPfGR1RcK4qBfCjOa65s=",
        ),
        (
            NOW,
            "PUT",
            format!("{trade}/stoploss"),
            format!(r#"{{"id":"{ID}","value":0.1,"mode":"trailing"}}"#),
            "vj3wVlzktwWdi3+d/pAFtWjzaQAHDhlAuNPx+VUoVOM=",
        ),
        (
            NOW,
            "DELETE",
            format!("{trade}/stoploss?id={ID}"),
            String::new(),
            "0IFIBtrTHD68kqd+bcilXY1HVPrqu8/U1Lz5zhHYgYM=",
        ),
        (
            NOW,
            "POST",
            "/v3/futures/cross/order".into(),
            r#"{"side":"buy","quantity":2,"type":"limit","price":64000.5,"clientId":"client-1"}"#.into(),
            "6eoYpyU6hRWJ5mebpuxh4d/Hx9++27toVFQaTHVAmOM=",
        ),
        (
            NOW,
            "PUT",
            "/v3/futures/cross/leverage".into(),
            r#"{"leverage":25}"#.into(),
            "wtyVqDOxnBZN/Qhd2OPgs0extyzSzigKxM83LKKMkGQ=",
        ),
    ]
}

#[tokio::test]
async fn the_published_signatures_open_the_door_and_nothing_near_them_does() {
    let exchange = Exchange::open().await;
    for (time, method, target, body, signature) in published() {
        exchange.set_clock(time);
        let call = Call::to(method, &target, &body).headers(&time.to_string(), signature);
        let answer = exchange.call(&call).await;
        assert!([200, 400].contains(&answer.status.as_u16()), "{method} {target}: {answer:?}");

        let other = signature.replacen(['A', 'd', 'g', 'o', 'J'], "Q", 1);
        let forged = call.clone().with("signature", &other);
        assert_eq!(exchange.call(&forged).await.refused(401), "Signature is not valid", "{method} {target}");
        let moved = Call::to(method, &format!("{target}0"), &body).headers(&time.to_string(), signature);
        assert!([401, 404].contains(&exchange.call(&moved).await.status.as_u16()), "{method} {target}");
    }
}

#[tokio::test]
async fn each_of_the_four_headers_is_needed() {
    let exchange = Exchange::open().await;
    let whole = exchange.signed("GET", "/v3/account", "");
    exchange.call(&whole).await.ok();
    for name in ["key", "passphrase", "timestamp", "signature"] {
        let message = exchange.call(&whole.clone().without(name)).await.refused(401);
        assert_eq!(message, format!("Header lnm-access-{name} is missing"));
    }
    assert_eq!(exchange.call(&whole.clone().with("key", "nobody")).await.refused(401), "Api key does not exist");
    assert_eq!(exchange.call(&whole.clone().with("passphrase", "guess")).await.refused(401), "Signature is not valid");
    let of_another = sign("another-secret", &format!("{NOW}get/v3/account"));
    assert_eq!(exchange.call(&whole.with("signature", &of_another)).await.refused(401), "Signature is not valid");
}

#[tokio::test]
async fn a_request_may_be_thirty_seconds_off_and_no_more() {
    let exchange = Exchange::open().await;
    let at = |time: i64| {
        let signature = sign(SECRET, &format!("{time}get/v3/account"));
        Call::to("GET", "/v3/account", "").headers(&time.to_string(), &signature)
    };
    for time in [NOW - 30_000, NOW, NOW + 30_000] {
        exchange.call(&at(time)).await.ok();
    }
    for time in [NOW - 30_001, NOW + 30_001, 0, i64::MAX] {
        let message = exchange.call(&at(time)).await.refused(401);
        assert_eq!(message, "Timestamp is too far from the server's time");
    }
    for nonsense in ["", "-1", "soon", "1700000000000.0", "99999999999999999999"] {
        assert_eq!(exchange.call(&at(NOW).with("timestamp", nonsense)).await.refused(401), "Timestamp is not valid");
    }
}

#[tokio::test]
async fn the_bytes_that_were_sent_are_the_ones_that_must_be_signed() {
    let exchange = Exchange::open().await;
    let id = exchange.open_long().await;
    let signed = format!(r#"{{"id":"{id}","amount":1000}}"#);
    let text = format!("{NOW}post/v3/futures/isolated/trade/add-margin{signed}");
    let changed = signed.replace("1000", "9000");
    let call = Call::to("POST", "/v3/futures/isolated/trade/add-margin", &changed);
    let answer = exchange.call(&call.headers(&NOW.to_string(), &sign(SECRET, &text))).await;
    assert_eq!(answer.refused(401), "Signature is not valid");
    assert_eq!(exchange.accepted(), 1, "only the opening");
}

#[tokio::test]
async fn a_bare_question_mark_is_no_query() {
    let exchange = Exchange::open().await;
    let call = Call::to("GET", "/v3/account?", "");
    let signature = sign(SECRET, &format!("{NOW}get/v3/account"));
    exchange.call(&call.headers(&NOW.to_string(), &signature)).await.ok();
}

#[tokio::test]
async fn no_secret_is_ever_told() {
    let exchange = Exchange::open().await;
    let call = exchange.signed("GET", "/v3/account", "").with("passphrase", "wrong");
    let text = String::from_utf8(exchange.call(&call).await.body.to_vec()).unwrap();
    assert!(!text.contains(SECRET) && !text.contains("wrong") && !text.contains(KEY));
}
