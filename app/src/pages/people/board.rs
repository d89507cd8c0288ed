//! What the page of people knows, and what it was asked to do.

use crate::api::{
    Everybody, PeopleFault, SecurityFault, Ticket, change_role, grant_plan, invite, make_reset_link, reset_factors,
    restore_person, set_factor_rule, set_plan_for_new, set_registration, sign_out_person, suspend_person,
};
use crate::wire::Reading;
use domain::{FactorRule, Plan, PlanGrantId, PlanTerm, Registration, Role, UserId};
use leptos::prelude::*;

/// What an admin does.
#[derive(Clone)]
pub enum Deed {
    Invite {
        role: Role,
        email: Option<String>,
    },
    SetRegistration(Registration),
    SetFactorRule(FactorRule),
    SetPlanForNew(Plan),
    /// To somebody, for a reason.
    To(UserId, Change, String),
}

#[derive(Clone, Copy)]
pub enum Change {
    Role(Role),
    Suspend,
    Restore,
    ResetFactors,
    SignOut,
    MakeResetLink,
    /// The same request however often it is sent.
    Plan(PlanGrantId, PlanTerm),
}

impl Deed {
    async fn carry_out(self) -> Result<Option<Ticket>, PeopleFault> {
        match self {
            Deed::Invite { role, email } => invite(role, email).await.map(Some),
            Deed::SetRegistration(registration) => set_registration(registration).await.map(|()| None),
            Deed::SetFactorRule(rule) => set_factor_rule(rule).await.map(|()| None),
            Deed::SetPlanForNew(plan) => set_plan_for_new(plan).await.map(|()| None),
            Deed::To(user, Change::MakeResetLink, why) => make_reset_link(user, why).await.map(Some),
            Deed::To(user, change, why) => change.carry_out(user, why).await.map(|()| None),
        }
    }
}

impl Change {
    async fn carry_out(self, user: UserId, why: String) -> Result<(), PeopleFault> {
        match self {
            Change::Role(role) => change_role(user, role, why).await,
            Change::Suspend => suspend_person(user, why).await,
            Change::Restore => restore_person(user, why).await,
            Change::ResetFactors => reset_factors(user, why).await,
            Change::SignOut => sign_out_person(user, why).await,
            Change::MakeResetLink => make_reset_link(user, why).await.map(drop),
            Change::Plan(request, term) => grant_plan(request, user, term, why).await,
        }
    }
}

#[derive(Clone, Copy)]
pub struct Board {
    pub read: Reading<Result<Everybody, PeopleFault>>,
    pub fault: RwSignal<Option<PeopleFault>>,
    pub ticket: RwSignal<Option<Ticket>>,
    /// What waits for a confirmation.
    waiting: StoredValue<Option<Deed>>,
}

impl Board {
    pub fn new(read: Reading<Result<Everybody, PeopleFault>>) -> Board {
        Board { read, fault: RwSignal::new(None), ticket: RwSignal::new(None), waiting: StoredValue::new(None) }
    }

    /// Does something, then reads anew; where it needs a confirmation, keeps it until there is one.
    pub fn run(self, deed: Deed) {
        leptos::task::spawn_local(async move {
            match deed.clone().carry_out().await {
                Ok(ticket) => {
                    self.waiting.set_value(None);
                    self.fault.set(None);
                    self.ticket.set(ticket);
                    self.read.refetch();
                }
                Err(fault) => {
                    self.waiting.set_value(Some(deed));
                    self.ticket.set(None);
                    self.fault.set(Some(fault));
                }
            }
        });
    }

    /// Does what waited for a confirmation.
    pub fn go_on(self) {
        self.fault.set(None);
        if let Some(deed) = self.waiting.get_value() {
            self.run(deed);
        }
    }

    /// Password and code are asked.
    pub fn asks_who(self) -> bool {
        use SecurityFault::{NotConfirmed, WrongCode, WrongPassword};
        matches!(self.fault.get(), Some(PeopleFault::Who(NotConfirmed | WrongPassword | WrongCode)))
    }
}
