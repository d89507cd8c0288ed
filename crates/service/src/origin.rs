//! From where somebody acts.

use std::fmt;
use std::net::IpAddr;

/// As much of a browser's name as is kept.
const LONGEST_AGENT: usize = 160;

/// Where a deed comes from, for the audit, the list of sessions and the limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody with a shell on the machine.
    CommandLine,
    Web {
        /// `None` where the connection did not say.
        address: Option<IpAddr>,
        /// What the browser calls itself; its own claim.
        agent: String,
    },
}

impl Origin {
    /// A browser; of its name only what is printable, cut to a bearable length.
    pub fn web(address: Option<IpAddr>, agent: &str) -> Origin {
        let agent = agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
        Origin::Web { address: address.map(|address| address.to_canonical()), agent }
    }

    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Origin::CommandLine => None,
            Origin::Web { address, .. } => *address,
        }
    }

    pub fn agent(&self) -> &str {
        match self {
            Origin::CommandLine => "",
            Origin::Web { agent, .. } => agent,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::CommandLine => f.write_str("command line"),
            Origin::Web { address: Some(address), agent } => write!(f, "{address} {agent}"),
            Origin::Web { address: None, agent } => write!(f, "unknown address {agent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_one_short_line() {
        let origin = Origin::web("::ffff:192.0.2.1".parse().ok(), &format!("Fire\r\nfox{}", "x".repeat(9_000)));
        let told = origin.to_string();
        assert!(told.starts_with("192.0.2.1 Firefoxxx") && told.len() < 200, "{told}");
    }
}
