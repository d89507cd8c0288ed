//! A ticket as somebody types it, and the way from there to an order.

use crate::format;
use crate::hand::{LevelFault, level_fault_text};
use crate::i18n::{Locale, td_string};
use crate::number::{NumberFault, number_fault_text, parse_price, parse_whole};
use domain::position::NewPosition;
use domain::{Leverage, NewOrder, Price, Quantity, Sats, Side, Tick};
use engine::order::{most_quantity, preview, stop_loss_fault, take_profit_fault};

/// What is in the fields, letter by letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub side: Side,
    pub is_limit: bool,
    texts: [String; 5],
}

/// A field that is typed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Quantity,
    Leverage,
    Limit,
    StopLoss,
    TakeProfit,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketFault {
    Number(NumberFault),
    Quantity,
    Leverage,
    Level(LevelFault),
    /// The order takes more than is free.
    NotFree {
        cost: Sats,
        free: Sats,
    },
}

impl Field {
    pub const ALL: [Field; 5] = [Field::Quantity, Field::Leverage, Field::Limit, Field::StopLoss, Field::TakeProfit];

    const fn place(self) -> usize {
        match self {
            Field::Quantity => 0,
            Field::Leverage => 1,
            Field::Limit => 2,
            Field::StopLoss => 3,
            Field::TakeProfit => 4,
        }
    }

    /// The name that tests and labels know the field by.
    pub const fn id(self) -> &'static str {
        match self {
            Field::Quantity => "ticket-quantity",
            Field::Leverage => "ticket-leverage",
            Field::Limit => "ticket-limit",
            Field::StopLoss => "ticket-stop-loss",
            Field::TakeProfit => "ticket-take-profit",
        }
    }

    pub const fn is_whole(self) -> bool {
        matches!(self, Field::Quantity)
    }

    pub const fn is_optional(self) -> bool {
        matches!(self, Field::StopLoss | Field::TakeProfit)
    }
}

impl Ticket {
    pub fn first() -> Ticket {
        let texts = ["", "10", "", "", ""].map(str::to_owned);
        Ticket { side: Side::Long, is_limit: false, texts }
    }

    pub fn text(&self, field: Field) -> &str {
        self.texts.get(field.place()).map_or("", String::as_str)
    }

    pub fn set_text(&mut self, field: Field, text: String) {
        if let Some(known) = self.texts.get_mut(field.place()) {
            *known = text;
        }
    }

    /// As much as this share, in hundredths, of the free balance pays for.
    pub fn fill(&mut self, tick: &Tick, free: Sats, share: i64) {
        let budget = Sats::new(free.or_zero().get().saturating_mul(share) / 100);
        let leverage = self.leverage().unwrap_or(Leverage::MIN);
        let limit = self.limit().ok().flatten();
        let quantity = most_quantity(self.side, leverage, limit, tick, budget).map_or(0, Quantity::get);
        self.set_text(Field::Quantity, quantity.to_string());
    }

    fn quantity(&self) -> Result<Quantity, TicketFault> {
        let dollars = parse_whole(self.text(Field::Quantity)).map_err(TicketFault::Number)?;
        Quantity::new(dollars).map_err(|_| TicketFault::Quantity)
    }

    fn leverage(&self) -> Result<Leverage, TicketFault> {
        let text = self.text(Field::Leverage).trim();
        let hundredths =
            crate::number::parse_percent(text.trim_end_matches(['x', '\u{d7}'])).map_err(TicketFault::Number)?;
        let millionths = hundredths.get().checked_mul(Leverage::ONE_X / 100).ok_or(TicketFault::Leverage)?;
        Leverage::for_order(millionths).map_err(|_| TicketFault::Leverage)
    }

    fn limit(&self) -> Result<Option<Price>, TicketFault> {
        if !self.is_limit {
            return Ok(None);
        }
        parse_price(self.text(Field::Limit)).map(Some).map_err(TicketFault::Number)
    }

    /// An empty field is no level.
    fn level(&self, field: Field) -> Result<Option<Price>, TicketFault> {
        match parse_price(self.text(field)) {
            Err(NumberFault::Empty) => Ok(None),
            price => price.map(Some).map_err(TicketFault::Number),
        }
    }

    /// The order as far as numbers go, whatever the market makes of it.
    pub fn numbers(&self) -> Option<NewOrder> {
        let position = NewPosition {
            side: self.side,
            quantity: self.quantity().ok()?,
            leverage: self.leverage().ok()?,
            stop_loss: self.level(Field::StopLoss).ok().flatten(),
            take_profit: self.level(Field::TakeProfit).ok().flatten(),
        };
        Some(NewOrder { position, limit: self.limit().ok()? })
    }

    /// The order, or what is wrong with each field. Without a price nothing can be meant.
    pub fn parse(&self, tick: Option<&Tick>, free: Option<Sats>) -> Result<NewOrder, Vec<(Field, TicketFault)>> {
        let fault = |field| Some((field, self.fault_of(field, tick, free)?));
        let faults: Vec<_> = Field::ALL.into_iter().filter_map(fault).collect();
        match self.numbers().filter(|_| faults.is_empty() && tick.is_some()) {
            Some(order) => Ok(order),
            None => Err(faults),
        }
    }

    /// What is wrong with a field at the newest price.
    pub fn fault_of(&self, field: Field, tick: Option<&Tick>, free: Option<Sats>) -> Option<TicketFault> {
        let order = self.numbers().zip(tick);
        let level = |fault| TicketFault::Level(LevelFault::Stop(fault));
        match field {
            Field::Quantity => self.quantity().err().or_else(|| {
                let (order, tick) = order?;
                let (cost, free) = (preview(&order, tick).cost(), free?);
                (free < cost).then_some(TicketFault::NotFree { cost, free })
            }),
            Field::Leverage => self.leverage().err(),
            Field::Limit => self.limit().err(),
            Field::StopLoss => self
                .level(field)
                .err()
                .or_else(|| order.and_then(|(order, tick)| stop_loss_fault(&order, tick)).map(level)),
            Field::TakeProfit => self
                .level(field)
                .err()
                .or_else(|| order.and_then(|(order, tick)| take_profit_fault(&order, tick)).map(level)),
        }
    }
}

/// What is wrong, and what would be right.
pub fn fault_text(locale: Locale, fault: TicketFault) -> String {
    match fault {
        TicketFault::Number(fault) => number_fault_text(locale, fault).to_owned(),
        TicketFault::Quantity => td_string!(locale, ticket.quantity_bounds).to_owned(),
        TicketFault::Leverage => td_string!(locale, ticket.leverage_bounds).to_owned(),
        TicketFault::Level(fault) => level_fault_text(locale, fault),
        TicketFault::NotFree { cost, free } => {
            let (cost, free) = (format::sats(locale, cost), format::sats(locale, free));
            td_string!(locale, ticket.not_free, cost = cost, free = free).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    const PLENTY: Option<Sats> = Some(Sats::new(10_000_000));

    fn tick() -> Tick {
        Tick::of(Timestamp::EPOCH, "100000".parse().unwrap())
    }

    fn typed(fields: &[(Field, &str)]) -> Ticket {
        let mut ticket = Ticket::first();
        ticket.set_text(Field::Quantity, "1000".to_owned());
        fields.iter().for_each(|(field, text)| ticket.set_text(*field, (*text).to_owned()));
        ticket
    }

    #[test]
    fn a_whole_ticket_is_an_order() {
        let mut ticket = typed(&[
            (Field::Leverage, "12.5"),
            (Field::StopLoss, "95,000"),
            (Field::TakeProfit, "110000.5"),
            (Field::Limit, "not looked at"),
        ]);
        let order = ticket.parse(Some(&tick()), PLENTY).unwrap();
        assert_eq!((order.limit, order.position.quantity.get()), (None, 1_000));
        assert_eq!(order.position.leverage.millionths(), 12_500_000);
        assert_eq!(order.position.take_profit, "110000.5".parse().ok());
        ticket.is_limit = true;
        assert!(ticket.parse(Some(&tick()), PLENTY).is_err());
        ticket.set_text(Field::Limit, "99 000".to_owned());
        assert_eq!(ticket.parse(Some(&tick()), PLENTY).unwrap().limit, "99000".parse().ok());
        assert!(ticket.parse(None, PLENTY).is_err(), "without a price nothing is meant");
    }

    #[test]
    fn f31_nonsense_is_told_at_its_own_field() {
        for (field, text) in [
            (Field::Quantity, "0"),
            (Field::Quantity, "500001"),
            (Field::Quantity, "1.5"),
            (Field::Quantity, "-1"),
            (Field::Quantity, "\u{ff11}"),
            (Field::Leverage, "0.5"),
            (Field::Leverage, "100.01"),
            (Field::Leverage, "NaN"),
            (Field::StopLoss, "100001"),
            (Field::StopLoss, "1"),
            (Field::StopLoss, "abc"),
            (Field::TakeProfit, "99999"),
            (Field::TakeProfit, "1e9"),
        ] {
            let faults = typed(&[(field, text)]).parse(Some(&tick()), PLENTY).unwrap_err();
            assert_eq!(faults.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [field], "{text}");
        }
        let poor = typed(&[]).parse(Some(&tick()), Some(Sats::new(102_099))).unwrap_err();
        assert!(matches!(poor[..], [(Field::Quantity, TicketFault::NotFree { .. })]));
        assert!(typed(&[]).parse(Some(&tick()), Some(Sats::new(102_100))).is_ok());
    }

    #[test]
    fn a_share_of_the_free_balance_fills_the_quantity() {
        let mut ticket = Ticket::first();
        ticket.fill(&tick(), Sats::new(204_200), 50);
        assert_eq!(ticket.text(Field::Quantity), "1000");
        ticket.fill(&tick(), Sats::new(5), 100);
        assert_eq!(ticket.text(Field::Quantity), "0", "and the field says that it is too little");
    }
}
