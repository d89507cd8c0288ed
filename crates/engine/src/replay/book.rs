//! The books of a replay: the position, the wallet, and what was spent.

use super::{ReplayError, ReplayInput};
use crate::contract::{
    distance, fee, fee_rate, fee_reserve, funding_fee, leverage_of, liquidation, liquidation_at_leverage, margin_for,
    pnl,
};
use crate::risk::Spent;
use domain::money::SATS_PER_BITCOIN;
use domain::position::PositionState;
use domain::price::TICKS_PER_DOLLAR;
use domain::{Bps, Candle, Position, PositionId, Price, Rate, Sats, Timestamp};

pub(super) struct Book {
    pub position: Position,
    pub wallet: Sats,
    pub fees: Sats,
    rate: Rate,
    spent: Spent,
}

impl Book {
    /// Opens the position at the candle's open; margin and both fee reserves leave the wallet.
    pub fn open(input: &ReplayInput<'_>, id: PositionId, first: &Candle) -> Result<Book, ReplayError> {
        let ReplayInput { side, quantity, leverage, wallet, .. } = *input;
        let entry = first.open;
        let rate = fee_rate(input.fee_tier);
        let margin = margin_for(quantity, entry, leverage);
        let liquidation = liquidation_at_leverage(side, quantity, entry, leverage);
        let reserve = fee_reserve(quantity, entry, liquidation).total();
        let opening_fee = fee(rate, quantity, entry);
        let needed = plus(margin, reserve);
        if wallet < needed {
            return Err(ReplayError::WalletTooSmall { needed, wallet });
        }
        let position = Position {
            id,
            side,
            quantity,
            margin,
            leverage: leverage_of(quantity, entry, margin),
            entry,
            liquidation,
            stop_loss: None,
            take_profit: input.take_profit,
            fee_reserve: minus(reserve, opening_fee),
            pnl: Sats::ZERO,
            opening_fee,
            closing_fee: Sats::ZERO,
            funding: Sats::ZERO,
            cashed_in_margin: Sats::ZERO,
            cashed_in_pnl: Sats::ZERO,
            state: PositionState::Running { filled_at: first.at },
            created_at: first.at,
        };
        Ok(Book { position, wallet: minus(wallet, needed), fees: opening_fee, rate, spent: Spent::default() })
    }

    pub fn distance(&self, mark: Price) -> Bps {
        distance(self.position.side, mark, self.position.liquidation)
    }

    /// What was spent up to a time; a new day (UTC) begins at nothing.
    pub fn spent_by(&self, now: Timestamp) -> Spent {
        let same_day = self.spent.last_action_at.is_some_and(|last| last.start_of_day() == now.start_of_day());
        Spent { day: if same_day { self.spent.day } else { Sats::ZERO }, ..self.spent }
    }

    pub fn add_margin(&mut self, amount: Sats, at: Timestamp) {
        self.spent = self.spent_by(at).plus(amount, at);
        self.wallet = minus(self.wallet, amount);
        self.set_margin(plus(self.position.margin, amount));
    }

    /// A payer pays out of the margin, at most all of it; a receiver receives into the wallet. `false` where no margin
    /// is left.
    pub fn pay_funding(&mut self, rate: Rate, fixing: Price) -> bool {
        let fee = funding_fee(self.position.side, self.position.quantity, rate, fixing).min(self.position.margin);
        self.position.funding = plus(self.position.funding, fee);
        if fee.is_negative() {
            self.wallet = minus(self.wallet, fee);
        } else if fee.is_positive() {
            self.set_margin(minus(self.position.margin, fee));
        }
        self.position.margin.is_positive()
    }

    /// Closes at `exit`: profit, margin and what the closing fee leaves of the reserve go to the wallet. Loss
    /// and fee take no more than is there.
    pub fn close(&mut self, exit: Price, at: Timestamp) {
        let Position { side, quantity, entry, margin, fee_reserve, .. } = self.position;
        let profit = pnl(side, quantity, entry, exit);
        let left = plus(plus(profit, margin), fee_reserve).or_zero();
        let fee = fee(self.rate, quantity, exit).min(left);
        self.fees = plus(self.fees, fee);
        self.wallet = plus(self.wallet, minus(left, fee));
        self.position = Position {
            margin: Sats::ZERO,
            fee_reserve: Sats::ZERO,
            pnl: profit,
            closing_fee: fee,
            state: PositionState::Closed { closed_at: at, exit },
            ..self.position
        };
    }

    /// Wallet, margin, fee reserve and, while the position runs, its profit at this price.
    pub fn equity(&self, price: Price) -> Sats {
        let Position { side, quantity, entry, margin, fee_reserve, .. } = self.position;
        let profit = if self.position.is_running() { pnl(side, quantity, entry, price) } else { Sats::ZERO };
        plus(plus(self.wallet, margin), plus(fee_reserve, profit))
    }

    pub const fn top_ups(&self) -> u32 {
        self.spent.position_actions
    }

    pub const fn sats_added(&self) -> Sats {
        self.spent.position
    }

    fn set_margin(&mut self, margin: Sats) {
        let Position { side, quantity, entry, .. } = self.position;
        self.position.margin = margin;
        self.position.leverage = leverage_of(quantity, entry, margin);
        self.position.liquidation = liquidation(side, quantity, entry, margin);
    }
}

/// Cents of a US dollar, rounded down.
pub(super) fn usd_cents(amount: Sats, price: Price) -> i64 {
    let cents = i128::from(amount.get()) * i128::from(price.ticks()) * 100;
    let cents = cents.div_euclid(i128::from(SATS_PER_BITCOIN * TICKS_PER_DOLLAR));
    i64::try_from(cents).unwrap_or(if cents < 0 { i64::MIN } else { i64::MAX })
}

fn plus(one: Sats, other: Sats) -> Sats {
    Sats::new(one.get().saturating_add(other.get()))
}

fn minus(one: Sats, other: Sats) -> Sats {
    Sats::new(one.get().saturating_sub(other.get()))
}
