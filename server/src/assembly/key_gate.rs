//! Where keys are examined before they are kept: the network that they are for, and the one they may be meant for.

use super::lnmarkets_side::{LnMarkets, LnMarketsError};
use async_trait::async_trait;
use domain::Mode;
use lnmarkets::{KeyRefusal as Refusal, Scope};
use service::{Clock, ExchangeKey, KeyGate, KeyObjection, KeyRefusal, KeyReport};
use std::sync::Arc;

/// LN Markets' networks, at their own addresses or at those that were given.
pub struct LnMarketsGate {
    /// LN Markets' address for live accounts; `None` for its own.
    pub live: Option<String>,
    /// The same for signet accounts.
    pub signet: Option<String>,
    pub clock: Arc<dyn Clock>,
}

impl LnMarketsGate {
    fn reach(&self, mode: Mode) -> Result<LnMarkets, LnMarketsError> {
        let endpoint = if mode == Mode::Signet { &self.signet } else { &self.live };
        LnMarkets::reach(mode, endpoint.as_deref(), &self.clock)
    }

    /// The network that a key may have been meant for. A key to a server of one's own is not shown to LN Markets.
    fn reach_other(&self, mode: Mode) -> Result<Option<LnMarkets>, LnMarketsError> {
        let other = if mode == Mode::Signet { Mode::Live } else { Mode::Signet };
        let are_alike = self.live.is_some() == self.signet.is_some();
        are_alike.then(|| self.reach(other)).transpose()
    }
}

#[async_trait]
impl KeyGate for LnMarketsGate {
    async fn examine(&self, mode: Mode, key: &ExchangeKey) -> Result<KeyReport, KeyRefusal> {
        let (here, elsewhere) = (self.reach(mode).map_err(unreached)?, self.reach_other(mode).map_err(unreached)?);
        let permissions = here.check_key(key, elsewhere.as_ref()).await.map_err(refused)?;
        let missing = permissions.missing(&Scope::GUARD);
        Ok(KeyReport {
            granted: permissions.words(),
            missing: missing.into_iter().map(|scope| scope.as_str().to_owned()).collect(),
        })
    }
}

fn unreached(error: LnMarketsError) -> KeyRefusal {
    KeyRefusal { objection: KeyObjection::Unchecked, words: crate::told(&error).clone() }
}

fn refused(refusal: Refusal) -> KeyRefusal {
    let objection = match &refusal {
        Refusal::MayWithdraw => KeyObjection::MayWithdraw,
        Refusal::OtherNetwork(_) => KeyObjection::OtherNetwork,
        Refusal::NotAccepted(_) => KeyObjection::NotAccepted,
        Refusal::GeoBlocked(_) => KeyObjection::PlaceRefused,
        Refusal::Lacks(_) | Refusal::Unchecked(_) => KeyObjection::Unchecked,
    };
    KeyRefusal { objection, words: refusal.to_string() }
}
