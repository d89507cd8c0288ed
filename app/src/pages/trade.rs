//! The trade page: the chart, the order ticket, and what runs and waits.

use crate::components::page_title::PageTitle;
use crate::erased::Erased;
use crate::hand::{Hand, HandDialog, HandNote};
use crate::language::{t_string, use_i18n};
use crate::pages::positions::orders::WaitingOrders;
use crate::pages::positions::table::PositionsTable;
use crate::ticket::{Order, TicketCard};
use crate::trade_chart::TradeChart;
use leptos::prelude::*;

#[component]
pub fn TradePage() -> impl IntoView {
    let i18n = use_i18n();
    let hand = Hand::provide();
    let order = Order::new(hand);
    view! {
        <PageTitle text=move || t_string!(i18n, nav.trade)/>
        <h1 class="sr-only">{move || t_string!(i18n, nav.trade)}</h1>
        <HandNote/>
        <div class="trade">
            <div class="area-chart"><TradeChart figures=order.figures/></div>
            <div class="area-ticket"><TicketCard order/></div>
            <div class="area-positions">
                <WaitingOrders/>
                <PositionsTable/>
            </div>
        </div>
        <HandDialog/>
    }
    .erased()
}
