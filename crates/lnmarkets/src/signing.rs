//! Signatures, as LN Markets checks them.

use crate::rest::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret can't be used to sign")]
pub(crate) struct SigningError;

/// `time method path data`: the data is the body as sent, or else the query with its question mark.
pub(crate) fn prehash(at: Timestamp, request: &Request) -> String {
    let method = request.method().as_str().to_lowercase();
    format!("{}{method}{}{}", at.unix_ms(), request.path(), request.signed_data())
}

/// Base64 of HMAC-SHA256; the secret is used as it is written.
pub(crate) fn sign(secret: &SecretString, text: &str) -> Result<String, SigningError> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).map_err(|_| SigningError)?;
    Ok(STANDARD.encode(mac.chain_update(text.as_bytes()).finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::Body;
    use serde_json::json;

    const ID: &str = "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e";
    const OTHER: &str = "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a1e";
    const LATE: i64 = 1_700_000_000_000;

    fn check(at: i64, request: Request, text: &str, signature: &str) {
        let prehash = prehash(Timestamp::from_unix_ms(at), &request);
        assert_eq!(prehash, text);
        assert_eq!(signed(&prehash), signature, "{text}");
    }

    fn signed(text: &str) -> String {
        sign(&SecretString::from("test-secret"), text).unwrap()
    }

    /// LN Markets' own vectors, from its TypeScript SDK.
    #[test]
    fn signatures_agree_with_the_official_ones() {
        assert_eq!(signed("payload-1"), "JJ8q7bXc7Kkj7cjj1EgBqA9pn70I9b2B8iLeDwDtQ2Y=");
        let trade = Request::post("/futures/isolated/trade", Body::new().with("side", "buy"));
        let text = r#"1700000000000post/v3/futures/isolated/trade{"side":"buy"}"#;
        check(LATE, trade, text, "vnTrfOcqOLhdks4nlOgjK9iW79N1gww+q0ZQFRpYTaw=");
        let account = Request::get("/account").query("limit", 10);
        check(1, account, "1get/v3/account?limit=10", "EIB7l7jfOTAbS9R5zuJrFUt6WPSwkau1MREcowDugPA=");
        check(42, Request::get("/ping"), "42get/v3/ping", "+Uu8mEkGeuKB+A/o5KU73O1rpKmZp+zfyaO8UfBnutM=");
        assert_eq!(signed("1700000000000abcd"), "df9wqmJSl9eTil7athz+sBRDtLJ/0DhJNgsTwiEoPvM=");
        let remove = Request::delete("/futures/isolated/trade/stoploss").query("id", ID);
        let text = format!("1700000000000delete/v3/futures/isolated/trade/stoploss?id={ID}");
        check(LATE, remove, &text, "1EiDxVDgEufel9O+NvoGj4+DvdULEzaWFcKZClMYYRs=");
        let add = Request::post("/futures/isolated/trade/add-margin", Body::new().with("amount", 1000).with("id", ID));
        let text = format!(r#"1700000000000post/v3/futures/isolated/trade/add-margin{{"amount":1000,"id":"{ID}"}}"#);
        check(LATE, add, &text, "Ajgb9jHgNwhwpPcyxGvOortAv/8NrKmRAV+RuO1W1og=");
    }

    /// The vectors of an independent client.
    #[test]
    fn signatures_agree_with_those_of_another_client() {
        let trade = Body::new().with("leverage", 10).with("margin", 1000).with("side", "buy").with("type", "market");
        let stop = Body::new().with("id", OTHER).with("value", json!(0.1)).with("mode", "trailing");
        let order = Body::new().with("side", "buy").with("quantity", 2).with("type", "limit");
        let order = order.with("price", json!(64000.5)).with("clientId", "client-1");
        for (request, signature) in [
            (
                Request::post("/futures/isolated/trade", trade.with("clientId", "client-1")),
                "ZDDA6BKkHfwR6T/70eTfMc4EPfGR1RcK4qBfCjOa65s=",
            ),
            (Request::put("/futures/isolated/trade/stoploss", stop), "vj3wVlzktwWdi3+d/pAFtWjzaQAHDhlAuNPx+VUoVOM="),
            (
                Request::delete("/futures/isolated/trade/stoploss").query("id", OTHER),
                "0IFIBtrTHD68kqd+bcilXY1HVPrqu8/U1Lz5zhHYgYM=",
            ),
            (Request::post("/futures/cross/order", order), "6eoYpyU6hRWJ5mebpuxh4d/Hx9++27toVFQaTHVAmOM="),
            (
                Request::put("/futures/cross/leverage", Body::new().with("leverage", 25)),
                "wtyVqDOxnBZN/Qhd2OPgs0extyzSzigKxM83LKKMkGQ=",
            ),
        ] {
            assert_eq!(signed(&prehash(Timestamp::from_unix_ms(LATE), &request)), signature, "{request:?}");
        }
    }
}
