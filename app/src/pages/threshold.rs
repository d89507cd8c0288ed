//! The pages before one's desk: one download for whoever is not in yet.

use crate::erased::Erased;
use crate::pages::code::CodePage;
use crate::pages::design::DesignPage;
use crate::pages::door::DoorPage;
use crate::pages::security::owed::OwedFactorPage;
use crate::pages::setup::SetUpPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::welcome::WelcomePage;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Whichever of them stands at this path.
#[component]
pub fn ThresholdPage() -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    match path.as_str() {
        "/sign-in/code" => view! { <CodePage/> }.erased(),
        "/sign-in/factor" => view! { <OwedFactorPage/> }.erased(),
        "/setup" => view! { <SetUpPage/> }.erased(),
        "/welcome" => view! { <WelcomePage/> }.erased(),
        "/_design" => view! { <DesignPage/> }.erased(),
        path if path.starts_with("/door/") => view! { <DoorPage/> }.erased(),
        _ => view! { <SignInPage/> }.erased(),
    }
}
