//! Who may do what, and who may come in: roles, shared accounts, one-time links, what an admin has set.

use crate::both::{alone, glance};
use crate::pools::{Postgres, Sqlite};
use crate::{Account, KnownUser, Link, LinkPurpose, NewLink, PasswordChange, Person, PlanGrant, Result, Share, User};
use crate::{link, person, plan, setting, share};
use async_trait::async_trait;
use domain::{
    Access, AccountId, Countable, FactorRule, Plan, PlanGrantId, PlanTerm, Profile, Registration, Role, Timestamp,
    Units, UserId,
};

/// People beyond their password. A suspended person is not found.
#[async_trait]
pub trait PeopleStore: Send + Sync {
    async fn find_role(&self, user: UserId) -> Result<Option<Role>>;
    async fn find_known(&self, user: UserId) -> Result<Option<KnownUser>>;
    /// What a user has to do with an account, with the user's role; `None` where nothing.
    async fn find_access(&self, user: UserId, account: AccountId) -> Result<Option<(Access, Role)>>;
    /// A user's own accounts, then those that are shared with them.
    async fn list_seen_accounts(&self, user: UserId) -> Result<Vec<(Account, Access)>>;

    // Sharing.
    /// Shares an account, or changes how it is shared; `Conflict` where the user is its owner, suspended or unknown.
    async fn share_account(&self, account: AccountId, user: UserId, access: Access, now: Timestamp) -> Result<()>;
    /// `Conflict` where it was not shared.
    async fn unshare_account(&self, account: AccountId, user: UserId) -> Result<()>;
    async fn list_shares(&self, account: AccountId) -> Result<Vec<Share>>;

    // What admins do. The suspended are listed, too.
    async fn list_people(&self, now: Timestamp) -> Result<Vec<Person>>;
    async fn find_person(&self, user: UserId, now: Timestamp) -> Result<Option<Person>>;
    /// `Conflict` where no admin would be left.
    async fn change_role(&self, user: UserId, role: Role) -> Result<()>;
    /// Suspends somebody and ends their sessions, tokens and programs: all or nothing. `Conflict` where no admin would be
    /// left.
    async fn suspend_user(&self, user: UserId, why: &str, now: Timestamp) -> Result<()>;
    /// Lets somebody in again; sessions from before stay ended.
    async fn restore_user(&self, user: UserId) -> Result<()>;
    /// Ends every session, token and program of somebody; answers how many.
    async fn shut_out(&self, user: UserId, now: Timestamp) -> Result<u64>;
    /// Takes every second factor from somebody and shuts them out, or neither.
    async fn take_factors(&self, user: UserId, now: Timestamp) -> Result<()>;

    // One-time links. Each is spent by the statement that looks at it, so that of two who come with it one is late.
    /// Links to the same end that are open are closed: only the newest opens.
    async fn insert_link(&self, link: &NewLink) -> Result<()>;
    /// `None` once it is used or has expired.
    async fn find_link(&self, token_hash: &str, purpose: LinkPurpose, now: Timestamp) -> Result<Option<Link>>;
    /// Makes a user with the link's role and spends the link, or neither. `Conflict` where the link is spent, expired,
    /// of another address, or nobody new is wanted any more; `Duplicate` where the e-mail is taken.
    async fn join(&self, user: &User, token_hash: &str, purpose: LinkPurpose, is_email_proven: bool) -> Result<Role>;
    /// Sets a new password, spends the link, closes what else was open to reset it, and ends every session, token and
    /// program of its user: all or nothing. `Conflict` as above.
    async fn reset_password(&self, token_hash: &str, password_hash: &str, now: Timestamp) -> Result<UserId>;
    /// The address that the link was sent to is proven; `Conflict` as above.
    async fn verify_email(&self, token_hash: &str, now: Timestamp) -> Result<UserId>;
    /// Ends every session but one, every token and every program with it; `Conflict` where the old password is not there
    /// any more.
    async fn change_password(&self, user: UserId, change: &PasswordChange<'_>, now: Timestamp) -> Result<()>;
    async fn delete_expired_links(&self, now: Timestamp) -> Result<u64>;

    async fn find_profile(&self, user: UserId) -> Result<Option<Profile>>;
    async fn save_profile(&self, user: UserId, profile: &Profile) -> Result<()>;
    /// On every device of theirs.
    async fn save_units(&self, user: UserId, units: Units) -> Result<()>;

    // Plans.
    /// The plan that counts now; `None` for who is unknown.
    async fn find_plan(&self, user: UserId, now: Timestamp) -> Result<Option<PlanTerm>>;
    /// How many somebody has of what plans count.
    async fn count_of_plan(&self, user: UserId, of: Countable, now: Timestamp) -> Result<u32>;
    /// `Duplicate` where this request was granted before, `Conflict` where nobody has this id.
    async fn grant_plan(&self, grant: &PlanGrant) -> Result<()>;
    /// To whom a request granted what.
    async fn find_plan_grant(&self, request: PlanGrantId) -> Result<Option<(UserId, PlanTerm)>>;
    async fn find_plan_for_new(&self) -> Result<Plan>;
    async fn save_plan_for_new(&self, plan: Plan) -> Result<()>;

    async fn find_registration(&self) -> Result<Registration>;
    async fn save_registration(&self, registration: Registration) -> Result<()>;
    /// Whether everybody must have a second factor.
    async fn find_factor_rule(&self) -> Result<FactorRule>;
    async fn save_factor_rule(&self, rule: FactorRule) -> Result<()>;
}

macro_rules! implement_people_store {
    ($database:ident, $on:ident) => {
        #[async_trait]
        impl PeopleStore for $database {
            async fn find_role(&self, user: UserId) -> Result<Option<Role>> {
                glance!(self.reading(), person::$on::find_role(user))
            }
            async fn find_known(&self, user: UserId) -> Result<Option<KnownUser>> {
                glance!(self.reading(), person::$on::find_known(user))
            }
            async fn find_access(&self, user: UserId, account: AccountId) -> Result<Option<(Access, Role)>> {
                glance!(self.reading(), share::$on::find_access(user, account))
            }
            async fn list_seen_accounts(&self, user: UserId) -> Result<Vec<(Account, Access)>> {
                glance!(self.reading(), share::$on::list_seen(user))
            }

            async fn share_account(
                &self,
                account: AccountId,
                user: UserId,
                access: Access,
                now: Timestamp,
            ) -> Result<()> {
                alone!(self.begin_write(), share::$on::insert(account, user, access, now))
            }
            async fn unshare_account(&self, account: AccountId, user: UserId) -> Result<()> {
                alone!(self.begin_write(), share::$on::delete(account, user))
            }
            async fn list_shares(&self, account: AccountId) -> Result<Vec<Share>> {
                glance!(self.reading(), share::$on::list(account))
            }

            async fn list_people(&self, now: Timestamp) -> Result<Vec<Person>> {
                glance!(self.reading(), person::$on::list(now))
            }
            async fn find_person(&self, user: UserId, now: Timestamp) -> Result<Option<Person>> {
                glance!(self.reading(), person::$on::find(user, now))
            }
            async fn change_role(&self, user: UserId, role: Role) -> Result<()> {
                alone!(self.begin_write(), person::$on::change_role(user, role))
            }
            async fn suspend_user(&self, user: UserId, why: &str, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), person::$on::suspend(user, why, now))
            }
            async fn restore_user(&self, user: UserId) -> Result<()> {
                alone!(self.begin_write(), person::$on::restore(user))
            }
            async fn shut_out(&self, user: UserId, now: Timestamp) -> Result<u64> {
                alone!(self.begin_write(), person::$on::shut_out(user, now))
            }
            async fn take_factors(&self, user: UserId, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), person::$on::take_factors(user, now))
            }

            async fn insert_link(&self, link: &NewLink) -> Result<()> {
                alone!(self.begin_write(), link::$on::insert(link))
            }
            async fn find_link(&self, token_hash: &str, purpose: LinkPurpose, now: Timestamp) -> Result<Option<Link>> {
                glance!(self.reading(), link::$on::find(token_hash, purpose, now))
            }
            async fn join(
                &self,
                user: &User,
                token_hash: &str,
                purpose: LinkPurpose,
                is_email_proven: bool,
            ) -> Result<Role> {
                alone!(self.begin_write(), link::$on::join(user, token_hash, purpose, is_email_proven))
            }
            async fn reset_password(&self, token_hash: &str, password_hash: &str, now: Timestamp) -> Result<UserId> {
                alone!(self.begin_write(), link::$on::reset_password(token_hash, password_hash, now))
            }
            async fn verify_email(&self, token_hash: &str, now: Timestamp) -> Result<UserId> {
                alone!(self.begin_write(), link::$on::verify_email(token_hash, now))
            }
            async fn change_password(&self, user: UserId, change: &PasswordChange<'_>, now: Timestamp) -> Result<()> {
                alone!(self.begin_write(), person::$on::change_password(user, change, now))
            }
            async fn delete_expired_links(&self, now: Timestamp) -> Result<u64> {
                alone!(self.begin_write(), link::$on::delete_expired(now))
            }

            async fn find_profile(&self, user: UserId) -> Result<Option<Profile>> {
                glance!(self.reading(), person::$on::find_profile(user))
            }
            async fn save_profile(&self, user: UserId, profile: &Profile) -> Result<()> {
                alone!(self.begin_write(), person::$on::save_profile(user, profile))
            }
            async fn save_units(&self, user: UserId, units: Units) -> Result<()> {
                alone!(self.begin_write(), person::$on::save_units(user, units))
            }

            async fn find_plan(&self, user: UserId, now: Timestamp) -> Result<Option<PlanTerm>> {
                glance!(self.reading(), plan::$on::find(user, now))
            }
            async fn count_of_plan(&self, user: UserId, of: Countable, now: Timestamp) -> Result<u32> {
                glance!(self.reading(), plan::$on::count(user, of, now))
            }
            async fn grant_plan(&self, grant: &PlanGrant) -> Result<()> {
                alone!(self.begin_write(), plan::$on::grant(grant))
            }
            async fn find_plan_grant(&self, request: PlanGrantId) -> Result<Option<(UserId, PlanTerm)>> {
                glance!(self.reading(), plan::$on::find_grant(request))
            }
            async fn find_plan_for_new(&self) -> Result<Plan> {
                glance!(self.reading(), setting::$on::find_plan_for_new())
            }
            async fn save_plan_for_new(&self, plan: Plan) -> Result<()> {
                alone!(self.begin_write(), setting::$on::save_plan_for_new(plan))
            }

            async fn find_registration(&self) -> Result<Registration> {
                glance!(self.reading(), setting::$on::find_registration())
            }
            async fn save_registration(&self, registration: Registration) -> Result<()> {
                alone!(self.begin_write(), setting::$on::save_registration(registration))
            }
            async fn find_factor_rule(&self) -> Result<FactorRule> {
                glance!(self.reading(), setting::$on::find_factor_rule())
            }
            async fn save_factor_rule(&self, rule: FactorRule) -> Result<()> {
                alone!(self.begin_write(), setting::$on::save_factor_rule(rule))
            }
        }
    };
}

implement_people_store!(Sqlite, sqlite);
implement_people_store!(Postgres, postgres);
