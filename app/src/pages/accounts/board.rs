//! What the page of accounts knows, and what it was asked to do.

use crate::api::{
    AccountFault, EntrustedAccount, KeyScopes, KeyStanding, TypedKey, add_account, list_accounts, remove_account,
    replace_key, test_key,
};
use crate::components::account_switch;
use crate::wire::Reading;
use domain::{AccountId, Mode};
use leptos::prelude::*;
use std::time::Duration;

/// How often the keys are looked at.
const PACE: Duration = Duration::from_secs(3);

/// What the page can do.
#[derive(Clone)]
pub enum Deed {
    Add { name: String, mode: Mode, key: Option<TypedKey> },
    Replace { account: AccountId, key: TypedKey },
    Remove { account: AccountId },
}

/// What was just done.
#[derive(Clone, PartialEq)]
pub enum News {
    Added { account: AccountId, missing: Vec<String> },
    Replaced { missing: Vec<String> },
}

/// What the exchange said of a key.
pub type Tested = Result<KeyScopes, AccountFault>;

/// Where a fault is told: at the account that it is about, or with `None` at the form for a new one.
pub type Place = Option<AccountId>;

#[derive(Clone, Copy)]
pub struct Board {
    pub read: Reading<Result<Vec<EntrustedAccount>, AccountFault>>,
    pub fault: RwSignal<Option<(Place, AccountFault)>>,
    pub news: RwSignal<Option<News>>,
    /// The exchange is being asked.
    pub is_busy: RwSignal<bool>,
    /// How the keys do, looked at again and again; what somebody is typing beside them stays.
    keys: RwSignal<Vec<EntrustedAccount>>,
    /// What waits for a confirmation.
    waiting: StoredValue<Option<Deed>>,
}

impl Deed {
    fn place(&self) -> Place {
        match self {
            Deed::Add { .. } => None,
            Deed::Replace { account, .. } | Deed::Remove { account } => Some(*account),
        }
    }

    /// `None` where the page is left.
    async fn carry_out(self) -> Result<Option<News>, AccountFault> {
        match self {
            Deed::Add { name, mode, key } => {
                let added = add_account(name, mode, key).await?;
                Ok(Some(News::Added { account: added.account, missing: added.missing }))
            }
            Deed::Replace { account, key } => Ok(Some(News::Replaced { missing: replace_key(account, key).await? })),
            Deed::Remove { account } => remove_account(account).await.map(|()| None),
        }
    }
}

impl Board {
    pub fn new() -> Board {
        Board {
            read: Reading::new_with_options(|| (), |()| list_accounts(), false),
            fault: RwSignal::new(None),
            news: RwSignal::new(None),
            is_busy: RwSignal::new(false),
            keys: RwSignal::new(Vec::new()),
            waiting: StoredValue::new(None),
        }
    }

    /// Looks at the keys again and again, for as long as the page is open.
    pub fn follow_keys(self) {
        let look = move || {
            leptos::task::spawn_local(async move {
                if let Ok(seen) = list_accounts().await {
                    self.keys.set(seen);
                }
            });
        };
        Effect::new(move |_| {
            if let Ok(beat) = set_interval_with_handle(look, PACE) {
                on_cleanup(move || beat.clear());
            }
        });
    }

    /// How an account's key does, as far as that was looked at since the page came.
    pub fn key_of(self, account: AccountId) -> Option<KeyStanding> {
        self.keys.with(|keys| keys.iter().find(|it| it.account.id == account).map(|it| it.key))
    }

    /// Does something, then reads anew; where it needs a confirmation, asks for one and does it then.
    pub fn run(self, deed: Deed) {
        self.is_busy.set(true);
        leptos::task::spawn_local(async move {
            let done = deed.clone().carry_out().await;
            self.is_busy.set(false);
            match done {
                Ok(news) => {
                    self.fault.set(None);
                    self.waiting.set_value(None);
                    if news.is_none() {
                        leave("/settings/accounts");
                    }
                    self.news.set(news);
                    self.read.refetch();
                }
                Err(fault) => {
                    self.fault.set(Some((deed.place(), fault)));
                    self.waiting.set_value(Some(deed));
                }
            }
        });
    }

    pub fn go_on(self) {
        if let Some(deed) = self.waiting.get_value() {
            self.run(deed);
        }
    }

    /// Asks the exchange about a key.
    pub fn test(self, account: AccountId, tested: RwSignal<Option<Tested>>) {
        self.is_busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = test_key(account).await;
            self.is_busy.set(false);
            tested.set(Some(answer));
        });
    }
}

/// Goes to a page that is about this account: every page is about one, so it starts anew.
pub fn go_to(account: AccountId, path: &'static str) {
    crate::theme::remember(account_switch::COOKIE, &account.to_string());
    leave(path);
}

/// Loads a page anew, with the accounts as they are now.
fn leave(path: &'static str) {
    #[cfg(feature = "hydrate")]
    if let Err(error) = window().location().set_href(path) {
        leptos::logging::error!("the page cannot be left: {error:?}");
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = path;
}
