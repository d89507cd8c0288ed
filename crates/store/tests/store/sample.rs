//! People, accounts, rules and intents to store.

use domain::action::{Change, Intent};
use domain::brake::BreakerLimits;
use domain::guard_policy::{AtLimit, Guard, GuardLimits, GuardPolicy, GuardPolicyDraft};
use domain::{
    AccountId, ActionId, Bps, GuardId, GuardScope, GuardState, InstanceId, LedgerEntry, LedgerOutcome, Millis, Mode,
    PositionId, Price, Reason, Sats, Timestamp, UserId,
};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Account, Fence, Instance, NewEntry, Store, StoreError, User};
use uuid::Uuid;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An id that no other test of this run has.
pub fn fresh_uuid() -> Uuid {
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) << 32)
}

pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(ms)
}

pub fn user(email: &str) -> User {
    User {
        id: UserId::from_uuid(fresh_uuid()),
        email: email.to_owned(),
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g".to_owned(),
        created_at: at(1_000),
    }
}

pub fn account(user: UserId, name: &str) -> Account {
    Account {
        id: AccountId::from_uuid(fresh_uuid()),
        user,
        name: name.to_owned(),
        mode: Mode::Live,
        sealed_key: Some(vec![0, 1, 2, 255]),
        created_at: at(2_000),
    }
}

/// The one program of most stories.
pub static PROGRAM: LazyLock<Instance> = LazyLock::new(|| program(7, "1.0.0"));

/// Longer than any story lasts.
pub const LATE: Timestamp = Timestamp::from_unix_ms(1 << 50);

pub fn program(number: u128, release: &str) -> Instance {
    Instance { id: InstanceId::from_uuid(Uuid::from_u128(number)), release: release.to_owned() }
}

/// Under which the one program writes, where nothing holds it back.
pub fn fence() -> Fence<'static> {
    let breaker = BreakerLimits { adds_per_minute: 1_000_000, sats_per_hour: Sats::new(1_000_000_000_000) };
    Fence { instance: &PROGRAM, epoch: 1, intents: 0, breaker }
}

/// Writes an intent as somebody who knows of every one before it.
pub async fn write(store: &dyn Store, intent: &Intent, fence: Fence<'_>) -> Result<(), StoreError> {
    let intents = store.find_lease(intent.account).await?.map_or(0, |lease| lease.intents);
    store.commit_intent(intent, Fence { intents, ..fence }).await
}

/// An account with its owner, guarded by the one program.
pub async fn stored_account(store: &dyn Store) -> AccountId {
    let account = unguarded_account(store).await;
    store.claim_lease(account, &PROGRAM, None, at(0), LATE).await.unwrap();
    account
}

/// An account that nobody guards yet.
pub async fn unguarded_account(store: &dyn Store) -> AccountId {
    let user = user(&format!("{}@example.com", fresh_uuid().simple()));
    store.insert_user(&user).await.unwrap();
    let account = account(user.id, "main");
    store.insert_account(&account).await.unwrap();
    account.id
}

pub fn position() -> PositionId {
    PositionId::from_uuid(fresh_uuid())
}

pub fn guard(version: u32) -> Guard {
    let limits = GuardLimits {
        per_action: Sats::new(50_000),
        per_position: Sats::new(200_000),
        per_day: Sats::new(500_000),
        wallet_reserve: Sats::new(10_000),
        cooldown: Millis::from_secs(60),
        max_actions: 10,
    };
    let draft = GuardPolicyDraft {
        scope: GuardScope::All,
        trigger: Bps::new(500),
        target: Bps::new(1_000),
        limits,
        at_limit: AtLimit::Close,
    };
    Guard {
        id: GuardId::from_uuid(Uuid::from_u128(7)),
        version,
        state: GuardState::Live,
        policy: GuardPolicy::new(draft).unwrap(),
        saved_at: at(3_000),
    }
}

pub fn intent(account: AccountId, position: PositionId, amount: i64, market_at: i64) -> Intent {
    Intent {
        id: ActionId::from_uuid(fresh_uuid()),
        account,
        position,
        change: Change::AddMargin { amount: Sats::new(amount) },
        rides_on: None,
        guard: GuardId::from_uuid(Uuid::from_u128(7)),
        guard_version: 1,
        asked_by: None,
        margin_before: Sats::new(100_000),
        funding_before: Sats::new(-12),
        cashed_in_margin_before: Sats::new(3),
        cashed_in_pnl_before: Sats::ZERO,
        liquidation_before: Price::from_ticks(100_001).unwrap(),
        written_at: at(market_at + 5),
        market_at: at(market_at),
        not_after: at(market_at + 30_005),
    }
}

pub fn entry(account: AccountId, position: Option<PositionId>, reason: Reason, notify: bool) -> NewEntry {
    let outcome = if notify { LedgerOutcome::Alarmed } else { LedgerOutcome::Noted };
    let entry = LedgerEntry {
        seq: 0,
        account,
        position,
        at: at(4_000),
        market_at: at(3_999),
        price: Some(Price::from_ticks(120_000).unwrap()),
        distance: Some(Bps::new(-3)),
        outcome,
        reason,
    };
    NewEntry { entry, notify }
}
