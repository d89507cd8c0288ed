//! Every running position with what can be done about it, and every order that waits.

use crate::components::page_title::PageTitle;
use crate::erased::Erased;
use crate::hand::{Hand, HandDialog, HandNote};
use crate::language::{t_string, use_i18n};
use leptos::prelude::*;
use orders::WaitingOrders;
use table::PositionsTable;

pub mod orders;
mod row;
pub mod table;

#[component]
pub fn PositionsPage() -> impl IntoView {
    let i18n = use_i18n();
    Hand::provide();
    view! {
        <PageTitle text=move || t_string!(i18n, nav.positions)/>
        <header class="page-head with-action">
            <h1>{move || t_string!(i18n, nav.positions)}</h1>
            <a class="button" href="/trade" data-testid="to-trade">{move || t_string!(i18n, trade.open_one)}</a>
        </header>
        <HandNote/>
        <PositionsTable/>
        <WaitingOrders/>
        <HandDialog/>
    }
    .erased()
}
