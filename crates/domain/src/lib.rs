//! The nouns of the field, shared by the server and the browser: money, prices, positions, candles, rules, events.
//!
//! Pure: no clock, no chance, no input or output. Money is whole satoshis, a price counts the venue's half-dollar
//! ticks, and every operation that could overflow says so.
#![deny(clippy::as_conversions, clippy::float_arithmetic)]

pub mod account;
pub mod action;
pub mod api_scope;
pub mod audit;
pub mod brake;
pub mod candle;
pub mod candle_series;
pub mod guard_policy;
pub mod history;
pub mod id;
pub mod iso8601;
pub mod ledger;
pub mod letter;
pub mod leverage;
pub mod live;
pub mod market;
pub mod money;
pub mod order;
pub mod person;
pub mod plan;
pub mod position;
pub mod price;
pub mod quantity;
pub mod ratio;
pub mod side;
pub mod source;
pub mod span;
pub mod time;
pub mod why;

pub use account::{KeyFault, Mode, Wallet};
pub use action::ActionState;
pub use api_scope::{ApiScope, ApiScopes};
pub use audit::AuditAction;
pub use candle::{Candle, Interval};
pub use candle_series::CandleSeries;
pub use guard_policy::{AtLimit, GuardLimits, GuardPolicy, GuardScope, GuardState};
pub use history::{HistoryKey, HistorySource, Series, Settlement};
pub use id::{
    AccountId, ActionId, ApiTokenId, GuardId, InstanceId, PasskeyId, PlanGrantId, PositionId, TokenFamilyId, UserId,
};
pub use ledger::{LedgerEntry, LedgerOutcome, Reason};
pub use leverage::Leverage;
pub use market::{Tick, Ticker};
pub use money::{Overflow, Sats};
pub use order::{Hold, NewOrder, OrderFate};
pub use person::{Access, FactorRule, Language, Profile, ProfileError, Registration, Role, Units};
pub use plan::{Countable, Plan, PlanFull, PlanTerm};
pub use position::Position;
pub use price::Price;
pub use quantity::Quantity;
pub use ratio::{Bps, Rate};
pub use side::{OrderSide, Side};
pub use span::Span;
pub use time::{Millis, Timestamp};
