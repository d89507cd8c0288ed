//! Would this rule have saved me? One position on price history, under one rule.
//!
//! The order inside a bar is: funding, liquidation, stop-loss, guard, take-profit, each at the price that is worst for
//! the position. A liquidation in a bar is therefore never averted by a top-up in the same bar, nor by a stop, unless
//! the bar opens past the stop, which then fills at the open.

mod bar;
mod book;
pub mod comparison;
mod log;
pub mod past;

use crate::guard::{GuardInput, Verdict, evaluate};
use bar::Bar;
use book::Book;
use domain::ledger::Limit;
use domain::{
    Bps, Candle, GuardPolicy, GuardScope, Leverage, PositionId, Price, Quantity, Rate, Reason, Sats, Side, Timestamp,
};
use log::Log;
use serde::{Deserialize, Serialize};

/// A position, the history that it meets, and the rule that protects it.
#[derive(Clone, Copy, Debug)]
pub struct ReplayInput<'a> {
    /// Oldest first. The position is opened at the open of the first.
    pub candles: &'a [Candle],
    pub side: Side,
    pub quantity: Quantity,
    pub leverage: Leverage,
    /// The free balance before the position is opened.
    pub wallet: Sats,
    /// The venue's fee tier, 0 to 3.
    pub fee_tier: u8,
    /// Settlements, oldest first. Each is applied at the open of the first bar at or after its time; those at or
    /// before the opening do not count.
    pub funding: &'a [(Timestamp, Rate)],
    pub take_profit: Option<Price>,
    pub case: Case,
}

/// What protects the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    NoGuard,
    Guard(GuardPolicy),
    StopLoss(Price),
}

/// The name of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseName {
    #[serde(rename = "none")]
    NoGuard,
    Guard,
    StopLoss,
}

impl Case {
    pub const fn name(&self) -> CaseName {
        match self {
            Case::NoGuard => CaseName::NoGuard,
            Case::Guard(_) => CaseName::Guard,
            Case::StopLoss(_) => CaseName::StopLoss,
        }
    }
}

impl CaseName {
    pub const fn as_str(self) -> &'static str {
        match self {
            CaseName::NoGuard => "none",
            CaseName::Guard => "guard",
            CaseName::StopLoss => "stop_loss",
        }
    }
}

/// How a position ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Open,
    Liquidated,
    Closed,
}

impl Fate {
    pub const fn as_str(self) -> &'static str {
        match self {
            Fate::Open => "open",
            Fate::Liquidated => "liquidated",
            Fate::Closed => "closed",
        }
    }
}

/// What became of a position, with what it cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayOutcome {
    pub name: CaseName,
    pub fate: Fate,
    /// The open of the bar that decided the fate; of the last bar while the position is open.
    pub at: Timestamp,
    pub top_ups: u32,
    pub sats_added: Sats,
    /// The least distance to liquidation that any bar came to; negative where it went past.
    pub lowest_distance: Bps,
    /// Wallet, margin, fee reserve and unrealised profit at the last close.
    pub equity: Sats,
    /// The same in cents of a US dollar at the last close, rounded down.
    pub equity_usd_cents: i64,
    /// Trading fees paid.
    pub fees: Sats,
    /// Funding over the position's life; positive means paid.
    pub funding: Sats,
    /// What was decided and why; where the same was decided again and again, the first time.
    pub decisions: Vec<ReplayDecision>,
    /// Bars that the position lived through, the last included.
    pub bars: u32,
    /// Bars in which the outcome hung on the order of prices inside the bar.
    pub ambiguous_bars: u32,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayDecision {
    /// The open of the bar.
    pub at: Timestamp,
    /// The price that was decided on.
    pub price: Price,
    pub distance: Bps,
    /// A replay moves no money: its top-ups and closes read "would".
    pub reason: Reason,
}

/// Why a replay can't begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ReplayError {
    #[error("there are no bars to replay")]
    NoCandles,
    #[error("opening the position takes {needed} sats, and the wallet has {wallet}")]
    WalletTooSmall { needed: Sats, wallet: Sats },
}

/// Lets the position live through the candles. Synchronous and deterministic: a shorter history gives the beginning of
/// the same story.
pub fn replay(input: &ReplayInput<'_>) -> Result<ReplayOutcome, ReplayError> {
    let first = input.candles.first().ok_or(ReplayError::NoCandles)?;
    let mut replay = Replay {
        input,
        book: Book::open(input, position_id(&input.case), first)?,
        log: Log::default(),
        settlements: input.funding.iter().skip_while(|(at, _)| *at <= first.at).peekable(),
        lowest_distance: None,
        bars: 0,
        ambiguous_bars: 0,
    };
    let mut last = first;
    let mut fate = Fate::Open;
    for candle in input.candles {
        last = candle;
        fate = replay.live_through(candle);
        if fate != Fate::Open {
            break;
        }
    }
    Ok(replay.outcome(fate, last))
}

/// The position that the policy is about, or any.
fn position_id(case: &Case) -> PositionId {
    match case {
        Case::Guard(policy) if let GuardScope::Position(id) = policy.scope() => id,
        _ => PositionId::from_uuid(domain::id::time_ordered(Timestamp::EPOCH, [0; 10])),
    }
}

struct Replay<'a, S: Iterator<Item = &'a (Timestamp, Rate)>> {
    input: &'a ReplayInput<'a>,
    book: Book,
    log: Log,
    settlements: std::iter::Peekable<S>,
    lowest_distance: Option<Bps>,
    bars: u32,
    ambiguous_bars: u32,
}

impl<'a, S: Iterator<Item = &'a (Timestamp, Rate)>> Replay<'a, S> {
    fn live_through(&mut self, candle: &Candle) -> Fate {
        self.bars = self.bars.saturating_add(1);
        let bar = Bar::of(candle, self.input.side);
        if !self.settle_funding(candle) {
            return self.liquidate(&bar, bar.open);
        }
        let distance = self.book.distance(bar.worst);
        self.lowest_distance = Some(self.lowest_distance.map_or(distance, |lowest| lowest.min(distance)));
        if self.is_ambiguous(&bar) {
            self.ambiguous_bars = self.ambiguous_bars.saturating_add(1);
        }
        let liquidation = self.book.position.liquidation;
        if let Case::StopLoss(stop) = self.input.case
            && bar.opened_past(stop)
            && !bar.opened_past(liquidation)
        {
            return self.close(&bar, bar.open);
        }
        if bar.fell_to(liquidation) {
            return self.liquidate(&bar, liquidation);
        }
        self.protect(&bar, distance)
    }

    /// `false` where a settlement took the last of the margin.
    fn settle_funding(&mut self, candle: &Candle) -> bool {
        while let Some((_, rate)) = self.settlements.next_if(|(at, _)| *at <= candle.at) {
            if !self.book.pay_funding(*rate, candle.open) {
                return false;
            }
        }
        true
    }

    fn protect(&mut self, bar: &Bar, distance: Bps) -> Fate {
        match &self.input.case {
            Case::StopLoss(stop) if bar.fell_to(*stop) => return self.close(bar, *stop),
            Case::Guard(policy) => {
                if let Some(limit) = self.ask_guard(policy, bar, distance) {
                    self.log.push(bar.at, bar.worst, distance, Reason::WouldClose { limit });
                    return self.close(bar, bar.worst);
                }
            }
            _ => {}
        }
        match self.input.take_profit {
            Some(target) if bar.rose_to(target) => self.close(bar, target),
            _ => Fate::Open,
        }
    }

    /// The guard looks once a bar, at the worst price of it. Returns the limit for which it closes the position.
    fn ask_guard(&mut self, policy: &GuardPolicy, bar: &Bar, distance: Bps) -> Option<Limit> {
        let verdict = evaluate(&GuardInput {
            policy,
            position: &self.book.position,
            mark: bar.worst,
            free: self.book.wallet,
            spent: self.book.spent_by(bar.at),
            now: bar.at,
        });
        match verdict {
            Verdict::Hold(reason) | Verdict::Refused(reason) => {
                self.log.push_if_new(bar.at, bar.worst, distance, reason);
            }
            Verdict::AddMargin(approved) => {
                let add = approved.into_inner();
                self.book.add_margin(add.amount, bar.at);
                let reason =
                    Reason::WouldAddMargin { amount: add.amount, wanted: add.wanted, capped_by: add.capped_by };
                self.log.push(bar.at, bar.worst, distance, reason);
            }
            Verdict::Close(approved) => return Some(approved.into_inner().limit),
        }
        None
    }

    fn liquidate(&mut self, bar: &Bar, exit: Price) -> Fate {
        let margin_lost = self.book.position.margin;
        let distance = self.book.distance(bar.worst);
        self.log.push(bar.at, bar.worst, distance, Reason::PositionLiquidated { exit, margin_lost });
        self.book.close(exit, bar.at);
        Fate::Liquidated
    }

    fn close(&mut self, bar: &Bar, exit: Price) -> Fate {
        self.book.close(exit, bar.at);
        Fate::Closed
    }

    /// Two levels in one bar, and the bar does not tell which came first; a bar that opens past the first tells.
    fn is_ambiguous(&self, bar: &Bar) -> bool {
        let liquidation = self.book.position.liquidation;
        let adverse = match &self.input.case {
            Case::StopLoss(stop) => bar.first_reached(*stop, liquidation),
            _ => liquidation,
        };
        if !bar.fell_to(adverse) || bar.opened_past(adverse) {
            return false;
        }
        let saved_in_time = match &self.input.case {
            Case::NoGuard => false,
            Case::Guard(_) => true,
            Case::StopLoss(_) => bar.fell_to(liquidation),
        };
        saved_in_time || self.input.take_profit.is_some_and(|target| bar.rose_to(target))
    }

    fn outcome(self, fate: Fate, last: &Candle) -> ReplayOutcome {
        let equity = self.book.equity(last.close);
        ReplayOutcome {
            name: self.input.case.name(),
            fate,
            at: last.at,
            top_ups: self.book.top_ups(),
            sats_added: self.book.sats_added(),
            lowest_distance: self.lowest_distance.unwrap_or_default(),
            equity,
            equity_usd_cents: book::usd_cents(equity, last.close),
            fees: self.book.fees,
            funding: self.book.position.funding,
            decisions: self.log.into_decisions(),
            bars: self.bars,
            ambiguous_bars: self.ambiguous_bars,
        }
    }
}
