//! The account's holder, and the money that comes and goes.

use super::LnMarketsAccount;
use crate::rest::{Body, ListQuery, Page, Request};
use crate::wire::{
    AccountWire, DepositInvoice, LightningDeposit, LightningDepositWire, LightningWithdrawal, LightningWithdrawalWire,
    Notification, NotificationWire, OnChainDeposit, OnChainDepositWire, OnChainWithdrawal, OnChainWithdrawalWire,
    Profile, Swap, SwapWire,
};
use domain::Sats;
use exchange::{Outcome, Priority, ReadError};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
struct AddressWire {
    address: String,
}

impl LnMarketsAccount {
    pub async fn fetch_profile(&self, priority: Priority) -> Result<Profile, ReadError> {
        let account: AccountWire = self.fetch(Request::get("/account"), priority).await?;
        Ok(account.profile())
    }

    /// The last address that nobody has paid to yet.
    pub async fn fetch_bitcoin_address(&self) -> Result<String, ReadError> {
        let address: AddressWire = self.fetch(Request::get("/account/address/bitcoin"), Priority::Interface).await?;
        Ok(address.address)
    }

    /// A new address to pay to.
    pub async fn make_bitcoin_address(&self) -> Outcome<String> {
        let request = Request::post("/account/address/bitcoin", Body::new());
        self.change(request, Priority::Interface, |address: AddressWire| Some(address.address)).await
    }

    /// An invoice that pays into the account.
    pub async fn make_deposit_invoice(&self, amount: Sats) -> Outcome<DepositInvoice> {
        let request = Request::post("/account/deposit/lightning", Body::new().with("amount", amount.get()));
        let is_whole = |invoice: &DepositInvoice| !invoice.payment_request.is_empty();
        self.change(request, Priority::Entry, |invoice: DepositInvoice| Some(invoice).filter(is_whole)).await
    }

    /// `settled`: only those that were paid, or only those that were not.
    pub async fn fetch_lightning_deposits(
        &self,
        query: &ListQuery,
        settled: Option<bool>,
    ) -> Result<Page<LightningDeposit>, ReadError> {
        let request = Request::get("/account/deposits/lightning").query_if("settled", settled);
        self.page(request, query, Priority::Interface, LightningDepositWire::deposit).await
    }

    pub async fn fetch_lightning_withdrawals(&self, query: &ListQuery) -> Result<Page<LightningWithdrawal>, ReadError> {
        let request = Request::get("/account/withdrawals/lightning");
        self.page(request, query, Priority::Interface, LightningWithdrawalWire::withdrawal).await
    }

    pub async fn fetch_on_chain_deposits(&self, query: &ListQuery) -> Result<Page<OnChainDeposit>, ReadError> {
        let request = Request::get("/account/deposits/on-chain");
        self.page(request, query, Priority::Interface, OnChainDepositWire::deposit).await
    }

    pub async fn fetch_on_chain_withdrawals(&self, query: &ListQuery) -> Result<Page<OnChainWithdrawal>, ReadError> {
        let request = Request::get("/account/withdrawals/on-chain");
        self.page(request, query, Priority::Interface, OnChainWithdrawalWire::withdrawal).await
    }

    /// Those that were not marked as read.
    pub async fn fetch_notifications(&self, query: &ListQuery) -> Result<Page<Notification>, ReadError> {
        let request = Request::get("/account/notifications");
        self.page(request, query, Priority::Interface, NotificationWire::notification).await
    }

    pub async fn mark_notifications_read(&self) -> Outcome<()> {
        let request = Request::put_bare("/account/notifications");
        self.change(request, Priority::Interface, |_: IgnoredAny| Some(())).await
    }

    /// Bitcoin into synthetic dollars.
    ///
    /// The way back is not offered: the venue's clients disagree whether its request counts dollars or cents, and a
    /// guess would move a hundred times too much or too little.
    pub async fn swap_into_dollars(&self, amount: Sats) -> Outcome<Swap> {
        let body = Body::new().with("inAmount", amount.get()).with("inAsset", "BTC").with("outAsset", "USD");
        let request = Request::post("/synthetic-usd/swap", body);
        self.change(request, Priority::Entry, |swap: SwapWire| swap.swap().ok()).await
    }

    pub async fn fetch_swaps(&self, query: &ListQuery) -> Result<Page<Swap>, ReadError> {
        self.page(Request::get("/synthetic-usd/swaps"), query, Priority::Interface, SwapWire::swap).await
    }
}
