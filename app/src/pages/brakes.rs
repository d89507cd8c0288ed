//! The emergency stop: a switch for trading, one for the guard, the breaker, and what stays open.

mod switch;

use crate::api::{ReadFault, SecurityFault, find_brakes, pull_stop, rearm_breaker, release_stop};
use crate::components::fault::Fault;
use crate::components::icon::{Icon, Sign};
use crate::components::page_title::PageTitle;
use crate::components::skeleton::Skeleton;
use crate::components::step_up::StepUp;
use crate::erased::Erased;
use crate::format;
use crate::language::{t_string, use_i18n};
use crate::live::Live;
use crate::pages::security::fault_text;
use crate::reason::brake::remains_text;
use crate::wire::Reading;
use domain::AccountId;
use domain::brake::{BrakeReport, StopScope, Stopped};
use leptos::prelude::*;
use switch::Switches;

/// What the page can do.
#[derive(Clone, Copy)]
enum Deed {
    /// Without an account: of everything.
    Pull {
        account: Option<AccountId>,
        stopped: Stopped,
        keep_orders: bool,
    },
    Release {
        account: Option<AccountId>,
        stopped: Stopped,
    },
    Rearm,
}

impl Deed {
    async fn carry_out(self) -> Result<(), SecurityFault> {
        match self {
            Deed::Pull { account, stopped, keep_orders } => pull_stop(account, stopped, keep_orders).await,
            Deed::Release { account, stopped } => release_stop(account, stopped).await,
            Deed::Rearm => rearm_breaker().await,
        }
    }
}

/// What the page knows, and what it was asked to do.
#[derive(Clone, Copy)]
struct Board {
    account: AccountId,
    read: Reading<Result<BrakeReport, ReadFault>>,
    fault: RwSignal<Option<SecurityFault>>,
    /// What waits for a confirmation.
    waiting: StoredValue<Option<Deed>>,
}

impl Board {
    /// Does something, then reads anew; where it needs a confirmation, asks for one and does it then.
    fn run(self, deed: Deed) {
        leptos::task::spawn_local(async move {
            match deed.carry_out().await {
                Ok(()) => {
                    self.fault.set(None);
                    self.waiting.set_value(None);
                    self.read.refetch();
                }
                Err(fault) => {
                    self.waiting.set_value(Some(deed));
                    self.fault.set(Some(fault));
                }
            }
        });
    }

    fn go_on(self) {
        if let Some(deed) = self.waiting.get_value() {
            self.run(deed);
        }
    }
}

#[component]
pub fn BrakesPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = expect_context::<Live>();
    let account = live.account;
    let board = Board {
        account,
        read: Reading::new_with_options(|| (), move |()| find_brakes(account), false),
        fault: RwSignal::new(None),
        waiting: StoredValue::new(None),
    };
    let content = move || {
        Suspend::new(async move {
            match board.read.await {
                Ok(report) => view! { <Cards board report/> }.erased(),
                Err(fault) => view! { <Fault fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, stop.title)/>
        <header class="page-head">
            <h1>{move || t_string!(i18n, stop.title)}</h1>
            <p class="muted">{move || t_string!(i18n, stop.about)}</p>
        </header>
        <div aria-live="assertive">{move || board.fault.get().map(|fault| view! { <Told board fault/> }.erased())}</div>
        <div class="brakes">
            <Transition fallback=move || view! { <Skeleton lines=6 label=move || t_string!(i18n, stop.loading)/> }.erased()>
                {content}
            </Transition>
        </div>
    }
    .erased()
}

#[component]
fn Cards(board: Board, report: BrakeReport) -> impl IntoView {
    let (pulled, is_master) = (report.pulled.clone(), report.is_master);
    let (is_tripped, everything) = (report.breaker, pulled.clone());
    view! {
        <Switches board scope=StopScope::Account pulled may_release=true/>
        <OpenCard board report/>
        <Switches board scope=StopScope::Everything pulled=everything may_release=is_master/>
        <BreakerCard board is_tripped is_master/>
    }
    .erased()
}

/// What goes on at the exchange all the same.
#[component]
fn OpenCard(board: Board, report: BrakeReport) -> impl IntoView {
    let i18n = use_i18n();
    let BrakeReport { positions, margin, remains, .. } = report;
    let open = move || {
        let margin = format::sats(i18n.get_locale(), margin);
        t_string!(i18n, stop.open_positions, count = positions, margin = margin).to_string()
    };
    view! {
        <section class="card" data-testid="stays-open">
            <header class="card-head">
                <h2>{move || t_string!(i18n, stop.open_title)}</h2>
                <button type="button" class="button" data-testid="read-open" on:click=move |_| board.read.refetch()>
                    {move || t_string!(i18n, stop.read_again)}
                </button>
            </header>
            <p>{open}</p>
            <p>{move || remains_text(i18n.get_locale(), &remains)}</p>
        </section>
    }
    .erased()
}

#[component]
fn BreakerCard(board: Board, is_tripped: bool, is_master: bool) -> impl IntoView {
    let i18n = use_i18n();
    let state = move || if is_tripped { t_string!(i18n, stop.breaker_on) } else { t_string!(i18n, stop.breaker_off) };
    let rearm = move |_| board.run(Deed::Rearm);
    view! {
        <section class="card" data-testid="breaker" data-on=is_tripped.to_string()>
            <header class="card-head"><h2>{move || t_string!(i18n, stop.breaker)}</h2></header>
            <p class="muted">{move || t_string!(i18n, stop.breaker_about)}</p>
            <p><strong>{state}</strong></p>
            {(is_tripped && is_master).then(|| view! {
                <button type="button" class="button" data-testid="rearm" on:click=rearm>{move || t_string!(i18n, stop.rearm)}</button>
            }.erased())}
            {(is_tripped && !is_master).then(|| view! { <p class="note">{move || t_string!(i18n, stop.master_only)}</p> }.erased())}
        </section>
    }
    .erased()
}

/// Why something was not done; where a confirmation is missing, the way to give it.
#[component]
fn Told(board: Board, fault: SecurityFault) -> impl IntoView {
    let i18n = use_i18n();
    let asks = matches!(fault, SecurityFault::NotConfirmed | SecurityFault::WrongPassword | SecurityFault::WrongCode);
    let text = move || match fault {
        SecurityFault::NotConfirmed => t_string!(i18n, stop.fault_not_confirmed),
        SecurityFault::NotFound => t_string!(i18n, stop.master_only),
        fault => fault_text(i18n.get_locale(), fault),
    };
    let done = Callback::new(move |()| board.go_on());
    let failed = Callback::new(move |fault| board.fault.set(Some(fault)));
    view! {
        <div class="notice notice-bad" role="alert" data-testid="stop-fault">
            <Icon sign=Sign::Alert/>
            <p>{text}</p>
            {asks.then(|| view! { <StepUp done failed/> }.erased())}
        </div>
    }
    .erased()
}
