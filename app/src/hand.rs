//! What a person does by hand: the question, the confirmation, and what became of it.
//!
//! A page has one hand, and a hand one dialog. Each thing that is asked for gets its key when the dialog opens: whatever
//! is clicked how often, it is one order.

mod amount;
mod before_after;
mod bulk;
mod close;
mod dialog;
mod fate;
mod note;
mod opening;
mod sending;
mod stops;

pub use dialog::HandDialog;
pub use note::HandNote;
pub use sending::{Fate, Wish};
pub use stops::{LevelFault, level_fault_text};

use crate::live::Live;
use domain::live::PositionSnapshot;
use domain::{ActionId, NewOrder, Position, PositionId, Price, Timestamp};
use leptos::html::Dialog;
use leptos::prelude::*;

/// What the dialog asks about.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    AddMargin(PositionId),
    CashIn(PositionId),
    /// With levels that were drawn on the chart, where they were.
    Stops {
        position: PositionId,
        stop_loss: Option<Price>,
        take_profit: Option<Price>,
    },
    Close(PositionId),
    CloseMany(Vec<PositionId>),
    Cancel(Position),
    Open(NewOrder),
}

/// A page's hand. Copies are handles to the same one.
#[derive(Clone, Copy)]
pub struct Hand {
    pub live: Live,
    asked: RwSignal<Option<Asked>>,
    /// What was confirmed, with its fate; empty while it is still a question.
    wishes: RwSignal<Vec<Wish>>,
    dialog: NodeRef<Dialog>,
    /// Of which the keys of this dialog are made.
    seed: StoredValue<(i64, [u8; 10])>,
    /// What was done last, where the dialog has closed.
    done: RwSignal<Vec<Wish>>,
}

impl Hand {
    /// For the page and all that is in it.
    pub fn provide() -> Hand {
        let hand = Hand {
            live: expect_context::<Live>(),
            asked: RwSignal::new(None),
            wishes: RwSignal::new(Vec::new()),
            dialog: NodeRef::new(),
            seed: StoredValue::new((0, [0; 10])),
            done: RwSignal::new(Vec::new()),
        };
        provide_context(hand);
        hand
    }

    /// Opens the dialog with a question.
    pub fn ask(self, asked: Asked) {
        self.seed.set_value(seed());
        self.wishes.set(Vec::new());
        self.done.set(Vec::new());
        self.asked.set(Some(asked));
        #[cfg(feature = "hydrate")]
        if let Some(dialog) = self.dialog.get_untracked() {
            // It fails only where it is open already.
            let _ = dialog.show_modal();
        }
    }

    pub fn is_asking(self) -> bool {
        self.asked.with(Option::is_some)
    }

    /// Closes the dialog; what was sent goes on.
    pub fn leave(self) {
        #[cfg(feature = "hydrate")]
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
        self.put_away();
    }

    /// The dialog is closed.
    fn put_away(self) {
        let sent = self.wishes.get_untracked();
        if !sent.is_empty() {
            self.done.set(sent);
        }
        self.asked.set(None);
    }

    /// The key of the dialog's n-th wish.
    fn key(self, number: u8) -> ActionId {
        let (at, mut random) = self.seed.get_value();
        random[9] ^= number;
        ActionId::from_uuid(domain::id::time_ordered(Timestamp::from_unix_ms(at), random))
    }

    /// A position at the newest price; `None` once it has ended.
    fn position(self, id: PositionId) -> Option<PositionSnapshot> {
        self.live.view.with(|view| view.as_ref()?.positions.iter().find(|shown| shown.position.id == id).copied())
    }
}

/// A key for something that is asked for without a dialog.
pub fn fresh_key() -> ActionId {
    let (at, random) = seed();
    ActionId::from_uuid(domain::id::time_ordered(Timestamp::from_unix_ms(at), random))
}

/// Unlike any other: the time, and chance.
#[cfg(feature = "hydrate")]
fn seed() -> (i64, [u8; 10]) {
    let byte = || (js_sys::Math::random() * 256.0) as u8;
    (js_sys::Date::now() as i64, std::array::from_fn(|_| byte()))
}

/// Nobody clicks on a server.
#[cfg(not(feature = "hydrate"))]
fn seed() -> (i64, [u8; 10]) {
    (0, [0; 10])
}
