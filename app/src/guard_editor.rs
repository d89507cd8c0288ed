//! The guard's editor: a rule as text fields, what is wrong with it, what it says, and what it would do.

pub mod changes;
pub mod fields;
pub mod form;
pub mod preview;
pub mod replay;
pub mod saving;
pub mod sentence;

use crate::guard_editor::form::Form;
use domain::guard_policy::Guard;
use leptos::prelude::*;

/// What the editor holds. Copies are handles to the same editor.
#[derive(Clone, Copy)]
pub struct Editor {
    pub form: RwSignal<Form>,
    /// The newest version that the editor knows.
    pub saved: RwSignal<Option<Guard>>,
    /// Every version, newest first.
    pub versions: RwSignal<Vec<Guard>>,
    /// Saving was tried: what is missing is shown too.
    pub was_tried: RwSignal<bool>,
}

impl Editor {
    pub fn new(saved: Option<Guard>, versions: Vec<Guard>) -> Editor {
        Editor {
            form: RwSignal::new(saved.as_ref().map_or_else(Form::first, Form::of)),
            saved: RwSignal::new(saved),
            versions: RwSignal::new(versions),
            was_tried: RwSignal::new(false),
        }
    }

    /// The version that the editor's content started from; 0 for none.
    pub fn based_on(self) -> u32 {
        self.saved.with(|saved| saved.map_or(0, |guard| guard.version))
    }
}
