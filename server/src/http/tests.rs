//! The real router over a real database, with a clock that stands still until it is moved.

mod answers;
mod doors;
mod stage;
mod streams;
