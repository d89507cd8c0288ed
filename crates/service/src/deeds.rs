//! What people do that the audit must hold: each deed with its entry.

use crate::api_access::ApiAccess;
use crate::audit::{Audit, AuditError, Deed};
use crate::authority::Authority;
use crate::clock::{Clock, Entropy};
use crate::custody::Custody;
use crate::desk::brakes::{Reach, Switch};
use crate::desk::{ArmGuardError, Desk, DeskError};
use crate::identity::{Identity, SignInError};
use crate::joining::Joining;
use crate::origin::Origin;
use crate::passkeys::Passkeys;
use crate::people::People;
use crate::post::Post;
use crate::profiles::Profiles;
use crate::seal::Sealer;
use crate::second_factor::{CodeError, SecondFactors};
use crate::sessions::Sessions;
use crate::sharing::Sharing;
use crate::sources::Sources;
use bus::Bus;
use domain::brake::{BreakerLimits, Stopped};
use domain::guard_policy::Guard;
use domain::{AccountId, AuditAction, GuardPolicy, GuardState, Millis, Timestamp, UserId};
use std::sync::Arc;
use std::time::Duration;
use store::Store;

/// How long a confirmation by password and code holds.
const CONFIRMED_FOR: Millis = Millis::new(5 * 60_000);

/// A stop waits no longer than this for the audit.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// What a page may ask.
#[derive(Clone)]
pub struct Services {
    pub identity: Arc<Identity>,
    pub second_factors: Arc<SecondFactors>,
    pub sessions: Arc<Sessions>,
    pub api_access: Arc<ApiAccess>,
    pub passkeys: Arc<Passkeys>,
    pub desk: Arc<Desk>,
    pub custody: Arc<Custody>,
    pub audit: Arc<Audit>,
    pub authority: Arc<Authority>,
    pub sharing: Arc<Sharing>,
    pub people: Arc<People>,
    pub profiles: Arc<Profiles>,
    pub joining: Arc<Joining>,
    pub post: Arc<Post>,
    pub sources: Arc<Sources>,
    store: Arc<dyn Store>,
}

/// Who asks, and from where.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: UserId,
    pub origin: Origin,
}

/// A caller who has just shown again that it is they; made by [`Services::confirmed`] alone.
#[derive(Clone, Debug)]
pub struct Confirmed(Caller);

#[derive(Debug, thiserror::Error)]
pub enum StepUpError {
    #[error(transparent)]
    Password(#[from] SignInError),
    #[error(transparent)]
    Code(#[from] CodeError),
}

impl Services {
    pub async fn open(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        sealer: Sealer,
        bus: Bus,
        breaker: BreakerLimits,
    ) -> Result<Services, AuditError> {
        let audit = Arc::new(Audit::open(Arc::clone(&store), Arc::clone(&clock), &*entropy, &sealer).await?);
        let ground = || (Arc::clone(&store), Arc::clone(&clock));
        let (at, time) = ground();
        let identity = Identity::new(at, time, Arc::clone(&entropy), Arc::clone(&audit));
        let (at, time) = ground();
        let second_factors = SecondFactors::new(at, time, Arc::clone(&entropy), sealer.clone(), Arc::clone(&audit));
        let authority = Arc::new(Authority::new(Arc::clone(&store)));
        let (at, time) = ground();
        let sharing = Sharing::new(at, time, Arc::clone(&audit), Arc::clone(&authority));
        let (at, time) = ground();
        let passkeys = Passkeys::new(at, time, Arc::clone(&entropy), Arc::clone(&audit));
        let (at, time) = ground();
        let api_access = ApiAccess::new(at, time, Arc::clone(&entropy), sealer.clone(), Arc::clone(&audit));
        let (at, time) = ground();
        let sessions = Sessions::new(at, time, Arc::clone(&audit));
        let post = Arc::new(Post::new(Arc::clone(&store)));
        let (at, time) = ground();
        let people = People {
            store: at,
            clock: time,
            entropy: Arc::clone(&entropy),
            audit: Arc::clone(&audit),
            authority: Arc::clone(&authority),
            post: Arc::clone(&post),
        };
        let (at, time) = ground();
        let profiles = Profiles { store: at, clock: time, audit: Arc::clone(&audit) };
        let (at, time) = ground();
        let (chance, hasher) = (Arc::clone(&entropy), identity.hasher());
        let joining = Joining::new(at, time, chance, Arc::clone(&audit), Arc::clone(&post), hasher);
        let (at, time) = ground();
        let desk = Arc::new(Desk::new(at, time, entropy, bus).with_breaker(breaker));
        let custody = Custody::new(Arc::clone(&store), clock, sealer, Arc::clone(&desk), Arc::clone(&audit));
        Ok(Services {
            identity: Arc::new(identity),
            second_factors: Arc::new(second_factors),
            sessions: Arc::new(sessions),
            api_access: Arc::new(api_access),
            passkeys: Arc::new(passkeys),
            desk,
            custody: Arc::new(custody),
            audit,
            authority,
            sharing: Arc::new(sharing),
            people: Arc::new(people),
            profiles: Arc::new(profiles),
            joining: Arc::new(joining),
            post,
            sources: Arc::default(),
            store,
        })
    }

    /// Password and, where there is an authenticator, a code: asked again before what must not be done by who found a
    /// browser open.
    pub async fn step_up(&self, caller: &Caller, password: &str, code: &str) -> Result<(), StepUpError> {
        self.identity.confirm_password(caller.user, password, &caller.origin).await?;
        self.second_factors.check(caller.user, code, &caller.origin).await?;
        let deed = caller.did(AuditAction::SteppedUp, "this session");
        self.audit.record(deed).await.map_err(SignInError::Store)?;
        Ok(())
    }

    /// `None` where the session was not confirmed, or too long ago.
    pub fn confirmed(&self, caller: Caller, confirmed_at: Option<Timestamp>) -> Option<Confirmed> {
        let age = self.desk.now().since(confirmed_at?);
        (age < CONFIRMED_FOR).then_some(Confirmed(caller))
    }

    /// Saves the guard's next version; see [`Desk::arm_guard`].
    pub async fn save_guard(
        &self,
        caller: &Caller,
        account: AccountId,
        policy: GuardPolicy,
        state: GuardState,
        based_on: u32,
    ) -> Result<Guard, ArmGuardError> {
        let before = self.desk.check_to_arm(caller.user, account).await?;
        let guard = self.desk.next_guard(before.as_ref(), policy, state, based_on)?;
        let mut deed = caller.did(AuditAction::GuardSaved, account.to_string()).to(&guard);
        if let Some(before) = before {
            deed = deed.from(&before);
        }
        self.audit.together(&deed, |store| async move { store.save_guard(account, &guard).await }).await?;
        self.desk.say_armed(account, &guard).await?;
        Ok(guard)
    }

    /// Pulls a kill switch; see [`Desk::pull`]. It asks for no confirmation: stopping must be quick. An audit that can't be
    /// written keeps no brake from working: then it is pulled alone, and the log says so.
    pub async fn pull_stop(
        &self,
        caller: &Caller,
        reach: Reach,
        stopped: Stopped,
        keep_orders: bool,
    ) -> Result<(), DeskError> {
        self.desk.check_reach(caller.user, reach).await?;
        let deed = caller.did(AuditAction::StopPulled, name(reach)).to(&stopped);
        let switch = Switch { reach, stopped, keep_orders, at: self.desk.now() };
        let pulling = self.audit.together(&deed, |store| async move { switch.pull(&*store).await });
        if !matches!(tokio::time::timeout(STOP_PATIENCE, pulling).await, Ok(Ok(()))) {
            tracing::warn!("a stop cannot be pulled together with its entry in the audit, and is pulled alone");
            switch.pull(&*self.store).await?;
            self.desk.show_pulled(reach, stopped);
            self.audit.note(deed).await;
            return Ok(());
        }
        self.desk.show_pulled(reach, stopped);
        Ok(())
    }

    /// Lets go on what was stopped.
    pub async fn release_stop(&self, confirmed: &Confirmed, reach: Reach, stopped: Stopped) -> Result<(), DeskError> {
        let caller = confirmed.caller();
        self.desk.check_reach(caller.user, reach).await?;
        let deed = caller.did(AuditAction::StopReleased, name(reach)).to(&stopped);
        self.audit.together(&deed, |store| async move { store.resume(reach.account(), stopped).await }).await?;
        self.desk.look_again(reach);
        Ok(())
    }

    /// Arms the breaker again; see [`Desk::rearm_breaker`].
    pub async fn rearm_breaker(&self, confirmed: &Confirmed) -> Result<(), DeskError> {
        let caller = confirmed.caller();
        self.desk.check_reach(caller.user, Reach::Everything).await?;
        let (deed, now) = (caller.did(AuditAction::BreakerRearmed, "everything"), self.desk.now());
        self.audit.together(&deed, |store| async move { store.rearm_breaker(now).await }).await?;
        self.desk.look_again(Reach::Everything);
        Ok(())
    }
}

fn name(reach: Reach) -> String {
    reach.account().map_or_else(|| "everything".to_owned(), |account| account.to_string())
}

impl Caller {
    pub(crate) fn did(&self, action: AuditAction, subject: impl Into<String>) -> Deed {
        Deed::new(Some(self.user), &self.origin, action, subject)
    }
}

impl Confirmed {
    pub fn caller(&self) -> &Caller {
        &self.0
    }
}
