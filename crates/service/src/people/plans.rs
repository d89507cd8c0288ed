//! Plans: granted by admins for a reason, until a time or without end. They are not sold: nothing here takes a payment.

use super::{People, PeopleError, reason};
use crate::deeds::{Caller, Confirmed};
use domain::{AuditAction, Countable, Plan, PlanGrantId, PlanTerm, UserId};
use serde::Serialize;
use std::sync::Arc;
use store::{PlanGrant, Store, StoreError};

/// Somebody's own plan, and how much of it they use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPlan {
    pub term: PlanTerm,
    pub used: Vec<(Countable, u32)>,
}

#[derive(Serialize)]
struct Granted<'a> {
    #[serde(flatten)]
    term: PlanTerm,
    reason: &'a str,
}

impl People {
    /// Stands before what was granted earlier. A request that comes again changes nothing: `request` is its name.
    ///
    /// A smaller plan takes nothing away: what is there stays and goes on being guarded, and only new things are refused.
    pub async fn grant_plan(
        &self,
        confirmed: &Confirmed,
        request: PlanGrantId,
        user: UserId,
        term: PlanTerm,
        why: &str,
    ) -> Result<(), PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        let (why, person, granted_at) = (reason(why)?, self.find(user).await?, self.clock.now());
        if term.until.is_some_and(|until| until <= granted_at) {
            return Err(PeopleError::PastEnd);
        }
        let deed = caller.did(AuditAction::PlanGranted, person.email);
        let deed = deed.from(&person.plan).to(&Granted { term, reason: &why });
        let grant = &PlanGrant { request, user, term, granted_at, why };
        match self.audit.together(&deed, |store: Arc<dyn Store>| async move { store.grant_plan(grant).await }).await {
            Err(StoreError::Duplicate) if self.was_granted(request, user, term).await? => Ok(()),
            Err(StoreError::Conflict) => Err(PeopleError::NoSuchPerson),
            granted => Ok(granted?),
        }
    }

    /// Whether the request is known, and by the same words.
    async fn was_granted(&self, request: PlanGrantId, user: UserId, term: PlanTerm) -> Result<bool, StoreError> {
        Ok(self.store.find_plan_grant(request).await? == Some((user, term)))
    }

    /// The plan of whoever comes from now on; for admins.
    pub async fn set_plan_for_new(&self, confirmed: &Confirmed, plan: Plan) -> Result<(), PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        let before = self.store.find_plan_for_new().await?;
        let deed = caller.did(AuditAction::PlanForNewChanged, "plan").from(&before).to(&plan);
        Ok(self.audit.together(&deed, |store| async move { store.save_plan_for_new(plan).await }).await?)
    }

    pub async fn find_plan_for_new(&self) -> Result<Plan, StoreError> {
        self.store.find_plan_for_new().await
    }

    /// The caller's own.
    pub async fn find_own_plan(&self, caller: &Caller) -> Result<OwnPlan, StoreError> {
        let now = self.clock.now();
        let term = self.store.find_plan(caller.user, now).await?;
        let mut used = Vec::new();
        for of in Countable::ALL {
            used.push((of, self.store.count_of_plan(caller.user, of, now).await?));
        }
        Ok(OwnPlan { term: term.unwrap_or(PlanTerm { plan: Plan::default(), until: None }), used })
    }
}
