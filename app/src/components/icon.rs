//! The signs of the interface: drawn on a grid of 24, one stroke wide, always beside a word or under a label.

use crate::erased::Erased;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Dashboard,
    Positions,
    Trade,
    Guard,
    Activity,
    Sun,
    Moon,
    Globe,
    Leave,
    Check,
    Alert,
    Stop,
    Eye,
    Dot,
    Close,
    Saved,
    Key,
    Search,
}

impl Sign {
    const fn path(self) -> &'static str {
        match self {
            Sign::Dashboard => "M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z",
            Sign::Positions => "M4 7h16M4 12h16M4 17h10",
            Sign::Trade => "M7 4v3M7 15v4M5 7h4v8H5zM17 5v4M17 16v3M15 9h4v7h-4z",
            Sign::Guard => "M12 3l7.5 3v5.5c0 4.6-3.1 8-7.5 9.5-4.400-1.500-7.500-4.900-7.500-9.500V6z",
            Sign::Activity => "M3 12h4l3-7 4 14 3-7h4",
            Sign::Sun => {
                "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M19 5l-1.500 1.500M6.500 17.500L5 19"
            }
            Sign::Moon => "M20 14.500A8 8 0 119.500 4a6.500 6.500 0 0010.500 10.500z",
            Sign::Globe => "M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
            Sign::Leave => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
            Sign::Check => "M5 12.500l4.500 4.500L19 7.500",
            Sign::Alert => "M12 4l9 16H3zM12 10v4M12 17h.01",
            Sign::Stop => "M8 3h8l5 5v8l-5 5H8l-5-5V8zM8 12h8",
            Sign::Eye => "M2 12c4-7 16-7 20 0-4 7-16 7-20 0zM12 9a3 3 0 100 6 3 3 0 000-6z",
            Sign::Dot => "M12 8a4 4 0 100 8 4 4 0 000-8z",
            Sign::Close => "M6 6l12 12M18 6L6 18",
            Sign::Key => "M8 11a4 4 0 100 8 4 4 0 000-8zM11 12l8-8M16 7l3 3M14 9l2 2",
            Sign::Search => "M10.500 4a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM15.500 15.500L20 20",
            Sign::Saved => {
                "M12 3l7.500 3v5.500c0 4.600-3.100 8-7.500 9.500-4.400-1.500-7.500-4.900-7.500-9.500V6zM8.500 12l2.500 2.500 4.500-5"
            }
        }
    }
}

/// A sign, invisible to who can't see: the word beside it says the same.
#[component]
pub fn Icon(sign: Sign) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=sign.path()></path>
        </svg>
    }
    .erased()
}

/// The product's mark: a floor that holds a falling line, and lifts it.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="8"></rect>
            <path class="mark-line" d="M6 8l6 10 4-5 10 9"></path>
            <path class="mark-floor" d="M6 26h20"></path>
        </svg>
    }
    .erased()
}
