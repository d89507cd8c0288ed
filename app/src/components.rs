//! Pieces that several pages are made of.

pub mod account_switch;
pub mod activity_row;
pub mod badge;
pub mod banner;
pub mod choice;
pub mod distance;
pub mod fault;
pub mod full_row;
pub mod hold_to_confirm;
pub mod icon;
pub mod navigation;
pub mod page_title;
pub mod passkey;
pub mod preferences;
pub mod settings_tabs;
pub mod skeleton;
pub mod step_up;
pub mod toast;
