//! The pages that a browser downloads when somebody goes there; the dashboard alone comes at once. Each route costs the
//! first page some bytes, so pages that are seldom needed share one.

use crate::erased::Erased;
use crate::pages::activity::ActivityPage;
use crate::pages::brakes::BrakesPage;
use crate::pages::guard::GuardPage;
use crate::pages::positions::PositionsPage;
use crate::pages::settings::SettingsPage;
use crate::pages::threshold::ThresholdPage;
use crate::pages::trade::TradePage;
use crate::pages::why::WhyPage;
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
lazily!(Positions, PositionsPage);
lazily!(Trade, TradePage);
lazily!(Guard, GuardPage);
lazily!(Activity, ActivityPage);
lazily!(Why, WhyPage);
lazily!(Brakes, BrakesPage);
