//! What somebody may have on this server: plans, and how much of what each allows.

use serde::{Deserialize, Serialize};

/// How much somebody may have. A plan limits what is new: what is there stays, and goes on being guarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    Free,
    Pro,
    /// Everybody's, on a server whose admin has not chosen otherwise.
    #[default]
    Unlimited,
}

/// What a plan counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Countable {
    /// Accounts at exchanges and on paper.
    Accounts,
    /// Accounts with a guard's rule, whatever its state.
    Guards,
    /// Tokens for programs that have not ended.
    Tokens,
    /// Programs that are signed in.
    Programs,
}

/// A plan until a time, or without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTerm {
    pub plan: Plan,
    pub until: Option<crate::Timestamp>,
}

/// Something new was refused because there are as many as the plan allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("the plan {} allows {limit} of {}", .plan.as_str(), .of.as_str())]
pub struct PlanFull {
    pub plan: Plan,
    pub of: Countable,
    pub limit: u32,
}

impl Plan {
    pub const ALL: [Plan; 3] = [Plan::Free, Plan::Pro, Plan::Unlimited];

    pub const fn as_str(self) -> &'static str {
        match self {
            Plan::Free => "free",
            Plan::Pro => "pro",
            Plan::Unlimited => "unlimited",
        }
    }

    /// How many; `None` for any number.
    pub const fn limit(self, of: Countable) -> Option<u32> {
        match (self, of) {
            (Plan::Free, Countable::Accounts | Countable::Tokens | Countable::Programs) => Some(2),
            (Plan::Free, Countable::Guards) => Some(1),
            (Plan::Pro, Countable::Accounts | Countable::Guards) => Some(10),
            (Plan::Pro, Countable::Tokens | Countable::Programs) => Some(20),
            (Plan::Unlimited, _) => None,
        }
    }
}

impl Countable {
    pub const ALL: [Countable; 4] = [Countable::Accounts, Countable::Guards, Countable::Tokens, Countable::Programs];

    pub const fn as_str(self) -> &'static str {
        match self {
            Countable::Accounts => "accounts",
            Countable::Guards => "guards",
            Countable::Tokens => "tokens",
            Countable::Programs => "programs",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dearer_plan_allows_no_less() {
        for of in Countable::ALL {
            let [free, pro, unlimited] = Plan::ALL.map(|plan| plan.limit(of).unwrap_or(u32::MAX));
            assert!(0 < free && free < pro && pro < unlimited, "{of:?}");
        }
    }
}
