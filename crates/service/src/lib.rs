//! What Axisor does for its users: the only crate that joins a decision with an effect.
//!
//! The engine decides, the exchange and the store carry out; here is where a decision becomes an intent on disk, one
//! call, and a proof. Nothing here names a database or a venue.

mod account_desk;
mod alarm;
mod api_access;
pub mod audit;
mod audit_reading;
mod chronicle;
mod clock;
mod crossings;
mod custody;
mod deeds;
mod desk;
mod exchange_key;
mod hand_orders;
mod identity;
mod leadership;
mod margin_guard;
pub mod market_price;
mod master_keys;
mod origin;
mod outbox;
mod passkeys;
mod password;
pub mod price_history;
pub mod proof;
pub mod rotation;
mod runs;
mod seal;
mod second_factor;
pub mod sessions;
mod snapshot;
mod sources;
mod throttle;
mod triggers;
pub mod why;

pub use alarm::AlarmSink;
pub use api_access::{AdmitError, ApiAccess, ApiCaller, ClientError, ClientTokens, TokenError};
pub use audit::{Audit, AuditError, Deed};
pub use audit_reading::AuditPart;
pub use clock::{Clock, Entropy};
pub use custody::{Custody, CustodyError, Entrusted, KeyState, Opened};
pub use deeds::{Caller, Confirmed, Services, StepUpError};
pub use desk::brakes::Reach;
pub use desk::orders::OrderError;
pub use desk::replay::ReplayRefusal;
pub use desk::{ArmGuardError, Desk, DeskError};
pub use exchange_key::{ExchangeKey, KeyGate, KeyObjection, KeyRefusal, KeyReport};
pub use hand_orders::HandOrder;
pub use identity::{EmailError, Entrance, Identity, IdentityError, Person, SetupError, SignInError};
pub use margin_guard::MarginGuard;
pub use market_price::{PRICE_LIMIT, ReceivedTick};
pub use master_keys::{KeyName, MasterKey, MasterKeys};
pub use origin::Origin;
pub use outbox::Outbox;
pub use passkeys::{Ceremony, Challenge, OwnPasskey, PasskeyError, Passkeys};
pub use password::PasswordError;
pub use price_history::PriceHistory;
pub use seal::{Binding, Field, KeySource, SealError, Sealer};
pub use second_factor::{CodeError, Enrolment, FactorStatus, SecondFactors};
pub use sources::{Sources, Teller};
pub use store::{ApiToken, AuditRow, LedgerFilter, TokenFamily};
pub use triggers::Triggers;
