//! The pages that a browser downloads when somebody goes there; the dashboard alone comes at once. Each route costs the
//! first page some bytes, so pages that are seldom needed share one.

use crate::erased::Erased;
use crate::pages::guard::GuardPage;
use crate::pages::settings::SettingsPage;
use crate::pages::shared::{PastPage, TradingPage};
use crate::pages::threshold::ThresholdPage;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// A route whose page is a download of its own.
macro_rules! lazily {
    ($route:ident, $page:ident) => {
        pub struct $route;

        #[lazy_route]
        impl LazyRoute for $route {
            fn data() -> $route {
                $route
            }

            fn view(_route: $route) -> AnyView {
                view! { <$page/> }.erased()
            }
        }
    };
}

lazily!(Threshold, ThresholdPage);
lazily!(Settings, SettingsPage);
lazily!(Trading, TradingPage);
lazily!(Past, PastPage);
lazily!(Guard, GuardPage);
