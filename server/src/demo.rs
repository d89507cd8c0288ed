//! The demo: a paper position in a market that crashes, guarded live. On this machine only.

use domain::action::Change;
use domain::guard_policy::GuardPolicyDraft;
use domain::position::NewPosition;
use domain::{
    AccountId, ActionId, AtLimit, Bps, GuardLimits, GuardPolicy, GuardScope, GuardState, Hold, Leverage, Millis, Mode,
    NewOrder, OrderFate, Price, Quantity, Sats, Side, UserId,
};
use service::{Desk, DeskError, Entropy, HandOrder, OrderError, Origin, Services, SetupError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const EMAIL: &str = "demo@axisor.local";
const PACE: Duration = Duration::from_millis(100);
const LEVERAGE: i64 = 20 * Leverage::ONE_X;

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the demo's database is not empty")]
    NotEmpty,
    #[error("the demo's user can't be made")]
    User(#[from] SetupError),
    #[error("the demo's users can't be read")]
    Identity(#[from] service::IdentityError),
    #[error("the demo's account can't be made")]
    Account(#[from] DeskError),
}

/// The demo's user and account.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    pub user: UserId,
    account: AccountId,
}

impl Demo {
    /// Makes a user with a password that nobody knows, and a paper account.
    pub async fn set_up(services: &Services, entropy: &dyn Entropy) -> Result<Demo, DemoError> {
        let token = services.identity.open_setup().await?.ok_or(DemoError::NotEmpty)?;
        let mut password = [0; 32];
        entropy.fill(&mut password);
        let password = hex::encode(password);
        let user = services.identity.create_first_user(&token, EMAIL, &password, &Origin::CommandLine).await?;
        let account = services.desk.add_account(user, "Demo", Mode::Paper, |_| None).await?;
        Ok(Demo { user, account })
    }

    /// Arms the guard and opens the position, as soon as the account is served and there is a price.
    pub async fn play(self, desk: &Desk, stop: &CancellationToken) {
        let Ok(policy) = policy() else {
            tracing::error!("the demo's guard is impossible");
            return;
        };
        if let Err(error) = desk.arm_guard(self.user, self.account, policy, GuardState::Live, 0).await {
            tracing::error!(error = crate::told(&error), "the demo's guard can't be armed");
        }
        while !stop.is_cancelled() {
            match self.open_position(desk).await {
                Ok(OrderFate::HeldBack(
                    Hold::NoPrice | Hold::Unreadable | Hold::Late | Hold::Busy | Hold::Elsewhere,
                ))
                | Err(OrderError::Desk(DeskError::Unavailable)) => tokio::time::sleep(PACE).await,
                Ok(OrderFate::Done) => {
                    tracing::info!("the demo's position is open");
                    return;
                }
                Ok(fate) => {
                    tracing::error!(?fate, "the demo's position can't be opened");
                    return;
                }
                Err(error) => {
                    tracing::warn!(error = crate::told(&error), "the demo's position can't be opened yet");
                    tokio::time::sleep(PACE.saturating_mul(10)).await;
                }
            }
        }
    }

    /// A long of a fiftieth of a bitcoin, whatever the price. There is one, so its account's id is key enough.
    async fn open_position(self, desk: &Desk) -> Result<OrderFate, OrderError> {
        let price = desk.find_price(self.user, self.account).await?.ok_or(DeskError::Unavailable)?.tick.last;
        let position = NewPosition {
            side: Side::Long,
            quantity: quantity(price),
            leverage: Leverage::measured(LEVERAGE),
            stop_loss: None,
            take_profit: None,
        };
        let change = Change::Open { order: NewOrder::from(position) };
        let key = ActionId::from_uuid(self.account.uuid());
        desk.carry_out(self.user, self.account, HandOrder { key, position: None, change }).await
    }
}

fn quantity(price: Price) -> Quantity {
    Quantity::new(price.ticks() / 100).unwrap_or(Quantity::MIN)
}

/// Wide enough for a fall of about a fifth, in several steps.
fn policy() -> Result<GuardPolicy, domain::guard_policy::GuardPolicyError> {
    GuardPolicy::new(GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(200),
        target: Bps::new(500),
        limits: GuardLimits {
            per_action: Sats::new(150_000),
            per_position: Sats::new(750_000),
            per_day: Sats::new(750_000),
            wallet_reserve: Sats::new(50_000),
            cooldown: Millis::MINUTE,
            max_actions: 20,
        },
        at_limit: AtLimit::AlertOnly,
    })
}
