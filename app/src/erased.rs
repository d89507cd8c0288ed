//! Views as one type, whatever they are made of.

use leptos::prelude::{AnyView, IntoAny, RenderHtml, View};

/// `view! { .. }.erased()` is `view! { .. }.into_any()` without the macro's wrapper, which would have every kind of
/// element compiled a second time.
pub trait Erased {
    fn erased(self) -> AnyView;
}

impl<T: RenderHtml + Send> Erased for View<T> {
    fn erased(self) -> AnyView {
        self.into_inner().into_any()
    }
}
