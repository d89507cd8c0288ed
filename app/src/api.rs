//! Server functions: all that a page may ask of the program. Each begins by asking who calls.

mod desk;
mod fault;
mod guard;
mod identity;
mod json;
mod practice;

#[cfg(feature = "hydrate")]
pub use desk::candles;
pub use desk::{ActivityQuery, Overview, activity, overview};
pub use fault::ReadFault;
pub use guard::{GuardHistory, SaveGuardFault, find_guard, save_guard};
pub use identity::{SetUp, SetUpFault, SignIn, SignInFault, SignOut, is_setup_open};
pub use practice::{PracticeFault, open_practice_position};
