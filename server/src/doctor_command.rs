//! `axisor doctor`: looks at what is taken for granted about LN Markets, one by one.

use crate::Failure;
use crate::account_command::read_secrets;
use crate::assembly::lnmarkets_side::{LnMarkets, LnMarketsError};
use crate::configuration::check_endpoint;
use crate::system_clock::SystemClock;
use clap::Args;
use domain::Mode;
use lnmarkets::{Finding, Verdict};
use serde_json::json;
use service::Clock;
use std::sync::Arc;
use std::time::Duration;

/// The secret and the passphrase of the key are read from standard input, one a line.
#[derive(Clone, Debug, Args)]
#[command(group = clap::ArgGroup::new("network").required(true))]
pub struct DoctorArguments {
    /// Looks at LN Markets' signet, where money is for play.
    #[arg(long, group = "network")]
    pub signet: bool,
    /// Looks at LN Markets itself, and changes nothing.
    #[arg(long, group = "network")]
    pub live: bool,
    /// Another server that speaks LN Markets' language, such as a paper exchange.
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// The key's public part; without it, only what is public is looked at.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Opens a position of one dollar, tops it up by a few sats and closes it.
    #[arg(long, conflicts_with = "live", requires = "key")]
    pub may_trade: bool,
    /// How long the stream is listened to.
    #[arg(long, default_value_t = 20, value_name = "SECONDS")]
    pub listen: u16,
    /// Prints one JSON object a finding.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, thiserror::Error)]
enum DoctorError {
    #[error("{0} things are not as they are taken; see above")]
    Differs(usize),
    #[error(transparent)]
    LnMarkets(#[from] LnMarketsError),
}

/// Fails where something is not as it is taken.
pub async fn run(arguments: DoctorArguments) -> Result<(), Failure> {
    let endpoint = arguments.endpoint.clone().map(check_endpoint).transpose().map_err(Failure::bad_input)?;
    let key = arguments.key.as_deref().map(read_secrets).transpose().map_err(Failure::bad_input)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (mode, elsewhere) = if arguments.live { (Mode::Live, Mode::Signet) } else { (Mode::Signet, Mode::Live) };
    let reach = |mode, endpoint| LnMarkets::reach(mode, endpoint, &clock).map_err(DoctorError::from);
    let here = reach(mode, endpoint.as_deref()).map_err(Failure::other)?;
    // A key is shown to LN Markets alone, and a server of one's own has no other network.
    let other = match endpoint {
        Some(_) => None,
        None => Some(reach(elsewhere, None).map_err(Failure::other)?),
    };
    let listen = Duration::from_secs(arguments.listen.into());
    let checkup = here.checkup(other.as_ref(), key.as_ref(), arguments.may_trade && !arguments.live, listen);
    let findings = checkup.run(|finding| tell(finding, arguments.json)).await;
    match findings.iter().filter(|finding| finding.verdict == Verdict::Differs).count() {
        0 => Ok(()),
        count => Err(Failure::other(DoctorError::Differs(count))),
    }
}

fn tell(finding: &Finding, as_json: bool) {
    let Finding { behaviour, verdict, seen } = finding;
    let verdict = match verdict {
        Verdict::Ok => "ok",
        Verdict::Differs => "differs",
        Verdict::NotChecked => "not checked",
    };
    if as_json {
        println!("{}", json!({ "behaviour": behaviour, "verdict": verdict, "seen": seen }));
    } else {
        println!("{verdict:<12}{behaviour}\n            {seen}");
    }
}
