//! How many positions are saved in crashes that happened: by the guard, by a poller, and by one who knows what comes.
//!
//! All have the same positions, the same price every half second, five requests a second and the same faults of the
//! network, but for one clairvoyant, for whom nothing fails.

mod contest;
mod crash;
mod field;
mod line;
mod rivals;
mod timeline;

pub use contest::{Contest, Score, hold};
pub use crash::{Crash, CrashError};
