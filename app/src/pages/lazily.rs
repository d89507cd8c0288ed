//! The pages that a browser downloads when somebody goes there; the dashboard alone comes at once.

use crate::erased::Erased;
use crate::pages::accounts::AccountsPage;
use crate::pages::activity::ActivityPage;
use crate::pages::appearance::AppearancePage;
use crate::pages::audit::AuditPage;
use crate::pages::brakes::BrakesPage;
use crate::pages::code::CodePage;
use crate::pages::design::DesignPage;
use crate::pages::guard::GuardPage;
use crate::pages::positions::PositionsPage;
use crate::pages::security::SecurityPage;
use crate::pages::setup::SetUpPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::sources::SourcesPage;
use crate::pages::tokens::TokensPage;
use crate::pages::trade::TradePage;
use crate::pages::welcome::WelcomePage;
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

lazily!(SignIn, SignInPage);
lazily!(Code, CodePage);
lazily!(SetUp, SetUpPage);
lazily!(Positions, PositionsPage);
lazily!(Trade, TradePage);
lazily!(Guard, GuardPage);
lazily!(Activity, ActivityPage);
lazily!(Security, SecurityPage);
lazily!(Sources, SourcesPage);
lazily!(Audit, AuditPage);
lazily!(Tokens, TokensPage);
lazily!(Why, WhyPage);
lazily!(Brakes, BrakesPage);
lazily!(Accounts, AccountsPage);
lazily!(Welcome, WelcomePage);
lazily!(Appearance, AppearancePage);
lazily!(Design, DesignPage);
