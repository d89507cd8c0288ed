//! Answers that are not what they should be.

use serde::Deserialize;
use serde_json::{Map, Number, Value};

/// How prices are told wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToldPrice {
    /// No price, as some payloads say it.
    Zero,
    /// A hundred times the price.
    Absurd,
    /// Three tenths below the price: a fall that nobody else sees.
    Wick,
}

const PRICES: [&str; 4] = ["lastPrice", "index", "askPrice", "bidPrice"];

/// Tells all prices of the market in a value otherwise; those of trades stay.
pub(in crate::http) fn prices(value: &mut Value, told: ToldPrice) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_f64().filter(|_| PRICES.contains(&name.as_str())) {
                    Some(price) => *field = Value::Number(otherwise(price, told)),
                    None => prices(field, told),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| prices(item, told)),
        _ => {}
    }
}

fn otherwise(price: f64, told: ToldPrice) -> Number {
    let price = match told {
        ToldPrice::Zero => 0.0,
        ToldPrice::Absurd => price * 100.0,
        ToldPrice::Wick => (price * 1.4).round() / 2.0,
    };
    Number::from_f64(price).unwrap_or_else(|| Number::from(0))
}

/// Takes one row out of a list, or of the page that holds it.
pub(super) fn lose_row(value: &mut Value, choice: u64) {
    let rows = match value {
        Value::Array(rows) => Some(rows),
        Value::Object(page) => page.get_mut("data").and_then(Value::as_array_mut),
        _ => None,
    };
    if let Some(rows) = rows.filter(|rows| !rows.is_empty()) {
        rows.remove(chosen(choice, rows.len()));
    }
}

/// Changes the shape of the answer, or of one of its rows.
pub(super) fn drift(value: &mut Value, choice: u64) {
    match value {
        Value::Array(rows) if !rows.is_empty() => {
            let index = chosen(choice / 7, rows.len());
            if let Some(row) = rows.get_mut(index) {
                drift(row, choice);
            }
        }
        Value::Object(fields) => match fields.get_mut("data").filter(|data| data.is_array()) {
            Some(rows) => drift(rows, choice),
            None => drift_fields(fields, choice),
        },
        _ => {}
    }
}

fn drift_fields(fields: &mut Map<String, Value>, choice: u64) {
    let names: Vec<String> = fields.keys().cloned().collect();
    let Some(name) = names.get(chosen(choice / 7, names.len())).cloned() else { return };
    let field = fields.remove(&name).unwrap_or_default();
    match choice % 6 {
        // Missing.
        0 => {}
        1 => {
            fields.insert(name, Value::Null);
        }
        2 => {
            fields.insert(format!("{name}New"), field);
        }
        3 => {
            fields.insert(name, Value::String(field.to_string()));
        }
        4 => {
            fields.insert(name, field);
            fields.insert("aFieldOfTomorrow".to_owned(), Value::from("unknown"));
        }
        _ => {
            fields.insert(name, field);
            for word in ["type", "side", "status"] {
                if let Some(known) = fields.get_mut(word) {
                    *known = Value::from("a-word-of-tomorrow");
                }
            }
        }
    }
}

fn chosen(choice: u64, among: usize) -> usize {
    let among = u64::try_from(among).unwrap_or(u64::MAX).max(1);
    usize::try_from(choice % among).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prices_of_the_market_are_told_otherwise_and_those_of_trades_are_not() {
        let mut ticker =
            json!({ "lastPrice": 100_000, "fundingRate": 0.1, "prices": [{ "askPrice": 100_001, "minSize": 5 }] });
        prices(&mut ticker, ToldPrice::Wick);
        assert_eq!(
            ticker,
            json!({ "lastPrice": 70_000.0, "fundingRate": 0.1, "prices": [{ "askPrice": 70_000.5, "minSize": 5 }] })
        );
        prices(&mut ticker, ToldPrice::Zero);
        assert_eq!(ticker["prices"][0]["askPrice"], json!(0.0));
        let mut trade = json!([{ "price": 5, "liquidation": 4 }]);
        prices(&mut trade, ToldPrice::Absurd);
        assert_eq!(trade, json!([{ "price": 5, "liquidation": 4 }]));
    }

    #[test]
    fn a_list_loses_one_row_and_an_object_none() {
        for mut list in [json!([1, 2, 3]), json!({ "data": [1, 2, 3], "nextCursor": null })] {
            lose_row(&mut list, 4);
            let rows = if list.is_array() { &list } else { &list["data"] };
            assert_eq!(rows, &json!([1, 3]));
        }
        let mut trade = json!({ "id": 1 });
        lose_row(&mut trade, 1);
        lose_row(&mut json!([]), 1);
        assert_eq!(trade, json!({ "id": 1 }));
    }

    #[test]
    fn every_kind_of_drift_changes_the_answer() {
        let whole = json!({ "data": [{ "id": "a", "type": "limit", "margin": 5 }] });
        for choice in 0..42 {
            let mut drifted = whole.clone();
            drift(&mut drifted, choice);
            assert_ne!(drifted, whole, "{choice}");
            assert_eq!(drifted["data"].as_array().unwrap().len(), 1);
        }
    }
}
