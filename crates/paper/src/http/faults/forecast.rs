//! Faults by time: which come when, and how often, drawn from a seed.

use super::{Fault, ToldPrice};
use crate::random::Chance;
use domain::{Millis, Timestamp};
use serde::Deserialize;
use std::time::Duration;

/// What is to go wrong when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    pub seed: u64,
    pub windows: Vec<Window>,
}

/// A time in which something goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Seconds after the beginning, up to but not including `until`.
    pub from: u32,
    pub until: u32,
    pub trouble: Trouble,
    /// Of a hundred requests or messages, how many meet it.
    #[serde(default = "always")]
    pub percent: u8,
    /// Requests that begin so: a path, or a method and a path such as `POST /v3/futures`.
    #[serde(default)]
    pub only: Option<String>,
}

const fn always() -> u8 {
    100
}

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    LostReply,
    LostRequest,
    Reset,
    /// So many seconds late.
    LateExecution(u32),
    /// 500, 502, 503 and 504 in turn, by chance.
    ServerErrors,
    /// A page of something in between, with status 200.
    Html,
    TruncatedJson,
    DriftedJson,
    /// 429, with so many seconds to wait where they are told.
    TooManyRequests(Option<u32>),
    IncompleteLists,
    Maintenance,
    RevokedKey,
    Price(ToldPrice),
    FrozenStream,
    DuplicatedStream,
    OutOfOrderStream,
}

/// What happens to a message of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum StreamTrouble {
    /// It is never sent.
    Frozen,
    /// It is sent twice.
    Duplicated,
    /// It is sent after the next one.
    Late,
    /// The connection ends.
    Closed,
}

#[derive(Debug, thiserror::Error)]
#[error("the forecast of faults can't be read")]
pub struct ForecastError(#[from] serde_json::Error);

impl Forecast {
    /// A forecast in JSON: `{"seed": 7, "windows": [{"from": 60, "until": 90, "trouble": "lost-reply"}]}`.
    pub fn read(text: &str) -> Result<Forecast, ForecastError> {
        Ok(serde_json::from_str(text)?)
    }
}

/// A forecast that has begun.
#[derive(Debug)]
pub(super) struct Weather {
    windows: Vec<Window>,
    begin: Timestamp,
    chance: Chance,
}

impl Weather {
    pub fn new(forecast: Forecast, begin: Timestamp) -> Weather {
        Weather { windows: forecast.windows, begin, chance: Chance::seeded(forecast.seed) }
    }

    /// The first trouble of now that befalls a request.
    pub fn meet(&mut self, method: &str, path: &str, now: Timestamp) -> Option<Fault> {
        let Weather { windows, begin, chance } = self;
        let mut here = windows.iter().filter(|window| window.is_on(*begin, now) && window.concerns(method, path));
        here.find_map(|window| window.trouble.fault(path, chance).filter(|_| window.strikes(chance)))
    }

    pub fn revokes(&mut self, method: &str, path: &str, now: Timestamp) -> bool {
        let Weather { windows, begin, .. } = self;
        let mut here = windows.iter().filter(|window| window.is_on(*begin, now) && window.concerns(method, path));
        here.any(|window| window.trouble == Trouble::RevokedKey)
    }

    pub fn meet_stream(&mut self, now: Timestamp) -> Option<StreamTrouble> {
        let Weather { windows, begin, chance } = self;
        let mut here = windows.iter().filter(|window| window.is_on(*begin, now));
        here.find_map(|window| window.trouble.of_stream().filter(|_| window.strikes(chance)))
    }

    pub fn told_price(&mut self, now: Timestamp) -> Option<ToldPrice> {
        let Weather { windows, begin, chance } = self;
        let mut here = windows.iter().filter(|window| window.is_on(*begin, now));
        here.find_map(|window| match window.trouble {
            Trouble::Price(told) => window.strikes(chance).then_some(told),
            _ => None,
        })
    }
}

impl Window {
    fn is_on(&self, begin: Timestamp, now: Timestamp) -> bool {
        let at = |seconds: u32| begin.plus(Millis::from_secs(i64::from(seconds)));
        at(self.from) <= now && now < at(self.until)
    }

    fn concerns(&self, method: &str, path: &str) -> bool {
        let Some(only) = &self.only else { return true };
        match only.split_once(' ') {
            Some((wanted, start)) => wanted == method && path.starts_with(start),
            None => path.starts_with(only.as_str()),
        }
    }

    fn strikes(&self, chance: &mut Chance) -> bool {
        100 <= self.percent || chance.below(100) < u64::from(self.percent)
    }
}

impl Trouble {
    /// `None` where it concerns no single request.
    fn fault(&self, path: &str, chance: &mut Chance) -> Option<Fault> {
        let status = |code, kind: &str, body: String| {
            let headers = vec![("content-type".to_owned(), kind.to_owned())];
            Some(Fault::Status { code, body, headers })
        };
        match self {
            Trouble::LostReply => Some(Fault::LoseReplyAfterAccept),
            Trouble::LostRequest => Some(Fault::LoseRequest),
            Trouble::Reset => Some(Fault::ResetConnection),
            Trouble::LateExecution(seconds) => Some(Fault::Late(Duration::from_secs(u64::from(*seconds)))),
            Trouble::ServerErrors => match chance.below(4) {
                0 => status(500, "application/json", error("INTERNAL_SERVER_ERROR", "Internal server error")),
                1 => status(502, "text/html", page("502 Bad Gateway")),
                2 => status(503, "application/json", error("SERVICE_UNAVAILABLE", UNAVAILABLE)),
                _ => status(504, "text/html", page("504 Gateway Timeout")),
            },
            Trouble::Html => status(200, "text/html", page("Checking your browser")),
            Trouble::TruncatedJson => Some(Fault::TruncateJson),
            Trouble::DriftedJson => Some(Fault::DriftJson(chance.next_u64())),
            Trouble::TooManyRequests(wait) => {
                let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
                headers.extend(wait.map(|seconds| ("retry-after".to_owned(), seconds.to_string())));
                let body = error("TOO_MANY_REQUESTS", "Too many requests");
                Some(Fault::Status { code: 429, body, headers })
            }
            Trouble::IncompleteLists => Some(Fault::LoseRow(chance.next_u64())),
            Trouble::Maintenance => status(503, "application/json", error("SERVICE_UNAVAILABLE", UNAVAILABLE)),
            Trouble::Price(told) => {
                let tells = path.ends_with("/ticker") || path.ends_with("/best-price");
                tells.then_some(Fault::TellPrice(*told))
            }
            Trouble::RevokedKey | Trouble::FrozenStream | Trouble::DuplicatedStream | Trouble::OutOfOrderStream => None,
        }
    }

    const fn of_stream(&self) -> Option<StreamTrouble> {
        match self {
            Trouble::FrozenStream => Some(StreamTrouble::Frozen),
            Trouble::DuplicatedStream => Some(StreamTrouble::Duplicated),
            Trouble::OutOfOrderStream => Some(StreamTrouble::Late),
            Trouble::Maintenance => Some(StreamTrouble::Closed),
            _ => None,
        }
    }
}

const UNAVAILABLE: &str = "Trading engine is temporarily unavailable";

fn error(code: &str, message: &str) -> String {
    serde_json::json!({ "code": code, "message": message }).to_string()
}

fn page(title: &str) -> String {
    format!("<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"seed": 7, "windows": [
        {"from": 10, "until": 20, "trouble": "lost-reply", "only": "POST /v3/futures"},
        {"from": 30, "until": 40, "trouble": {"late-execution": 25}, "percent": 50},
        {"from": 50, "until": 60, "trouble": {"too-many-requests": 3}},
        {"from": 70, "until": 80, "trouble": {"price": "wick"}},
        {"from": 90, "until": 99, "trouble": "frozen-stream"},
        {"from": 90, "until": 99, "trouble": "revoked-key", "only": "PUT /v3"}
    ]}"#;

    fn weather() -> Weather {
        Weather::new(Forecast::read(TEXT).unwrap(), Timestamp::EPOCH)
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_ms(seconds * 1_000)
    }

    #[test]
    fn trouble_comes_in_its_time_and_on_its_path_only() {
        let mut weather = weather();
        let path = "/v3/futures/isolated/trade";
        assert!(matches!(weather.meet("POST", path, at(10)), Some(Fault::LoseReplyAfterAccept)));
        assert!(weather.meet("POST", path, at(9)).is_none() && weather.meet("POST", path, at(20)).is_none());
        assert!(weather.meet("GET", path, at(10)).is_none() && weather.meet("POST", "/v3/account", at(10)).is_none());
        assert!(matches!(weather.meet("GET", "/v3/account", at(50)), Some(Fault::Status { code: 429, .. })));
        assert!(weather.meet("GET", "/v3/account", at(70)).is_none());
        assert!(matches!(weather.meet("GET", "/v3/futures/ticker", at(70)), Some(Fault::TellPrice(ToldPrice::Wick))));
        assert_eq!(weather.told_price(at(75)), Some(ToldPrice::Wick));
        assert!(weather.revokes("PUT", "/v3/x", at(95)) && !weather.revokes("GET", "/v3/x", at(95)));
        assert_eq!((weather.meet_stream(at(95)), weather.meet_stream(at(75))), (Some(StreamTrouble::Frozen), None));
    }

    #[test]
    fn half_of_the_requests_are_met_and_the_same_seed_meets_the_same() {
        let story = |mut weather: Weather| -> Vec<bool> {
            (0..1_000).map(|_| weather.meet("GET", "/", at(35)).is_some()).collect()
        };
        let told = story(weather());
        assert!((400..600).contains(&told.iter().filter(|met| **met).count()));
        assert_eq!(told, story(weather()));
    }

    #[test]
    fn a_forecast_that_makes_no_sense_is_refused() {
        for text in [
            "",
            "{}",
            r#"{"seed":1,"windows":[{"from":0,"until":1,"trouble":"rain"}]}"#,
            r#"{"seed":1,"windows":[],"x":1}"#,
        ] {
            assert!(Forecast::read(text).is_err(), "{text}");
        }
    }
}
