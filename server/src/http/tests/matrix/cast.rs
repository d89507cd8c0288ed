//! Everybody who could stand before a door.

use super::super::stage::{Stage, decision};
use domain::{Access, AccountId, LedgerEntry, Millis, Mode, PositionId, Role, UserId};
use serde_json::json;
use service::sessions::stored_name;
use store::{NewEntry, Session, User};
use tower_sessions::session::Id;

/// The columns of the matrix.
pub const PEOPLE: [&str; 8] =
    ["anonymous", "owner", "another", "viewer", "operator", "admin", "suspended", "expired session"];

pub struct Cast {
    /// The account that all is about.
    pub account: AccountId,
    /// One of its positions, of which the ledger tells.
    pub position: PositionId,
    /// What nobody has.
    pub nothing: AccountId,
    /// Somebody whom nobody knows.
    pub stranger: UserId,
    owner: UserId,
    another: UserId,
    viewer: UserId,
    operator: UserId,
    admin: UserId,
    suspended: UserId,
}

impl Cast {
    pub async fn meet(stage: &Stage) -> Cast {
        let owner = stage.store.find_user_by_email("ana@example.org").await.unwrap().unwrap();
        let mut number = 0x70;
        let mut join = async |name: &str, role| {
            number += 1;
            let id = UserId::from_uuid(uuid::Uuid::from_u128(number));
            let user = User { id, email: format!("{name}@example.org"), ..owner.clone() };
            stage.store.insert_user(&user).await.unwrap();
            stage.store.change_role(id, role).await.unwrap();
            id
        };
        let (admin, another) = (join("root", Role::Admin).await, join("eve", Role::Operator).await);
        let (viewer, operator) = (join("vera", Role::Viewer).await, join("otto", Role::Operator).await);
        let suspended = join("sus", Role::Operator).await;
        stage.store.change_role(owner.id, Role::Operator).await.unwrap();
        stage.services.desk.add_account(another, "Eve's", Mode::Paper, |_| None).await.unwrap();
        // A viewer never acts, whatever was shared with them.
        for user in [viewer, operator, suspended] {
            stage.store.share_account(stage.account, user, Access::Act, stage.now()).await.unwrap();
        }
        stage.store.suspend_user(suspended, "for the test", stage.now()).await.unwrap();
        let (account, owner) = (stage.account, owner.id);
        let position = PositionId::from_uuid(uuid::Uuid::from_u128(1));
        let entry = LedgerEntry { position: Some(position), ..decision(stage.account, stage.now()) };
        stage.store.append_entries(&[NewEntry { entry, notify: false }]).await.unwrap();
        let stranger = UserId::from_uuid(uuid::Uuid::from_u128(1));
        let nothing = AccountId::from_uuid(uuid::Uuid::from_u128(2));
        Cast { account, position, nothing, stranger, owner, another, viewer, operator, admin, suspended }
    }

    /// The cookie of one of [`PEOPLE`]: a session of its own each time, confirmed a moment ago.
    pub async fn session(&self, stage: &Stage, person: usize) -> String {
        let people =
            [None, Some(self.owner), Some(self.another), Some(self.viewer), Some(self.operator), Some(self.admin)];
        let user = match person {
            6 => Some(self.suspended),
            7 => Some(self.owner),
            person => people[person],
        };
        let Some(user) = user else { return String::new() };
        let now = stage.now();
        let life = Millis::new(if person == 7 { 0 } else { Millis::DAY.get() });
        let data = json!({ "user": user, "confirmed_at": now, "seen_at": now });
        let id = Id::default();
        let data = serde_json::to_vec(&data).unwrap();
        let session = Session { id: stored_name(id.0), user: Some(user), data, expires_at: now.plus(life) };
        stage.store.insert_session(&session).await.unwrap();
        format!("axisor={id}")
    }
}
