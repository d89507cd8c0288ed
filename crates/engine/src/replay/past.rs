//! A market's past as bytes on its way to a browser: what each bar differs by from what was expected, in few bytes.

use domain::{Candle, Millis, Price, Rate, Timestamp};

/// The first byte; another layout has another.
const LAYOUT: u8 = 1;
/// A whole number of 64 bits has at most so many bytes of seven.
const LONGEST: u32 = 10;

/// Minutes and settlements, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    pub candles: Vec<Candle>,
    pub funding: Vec<(Timestamp, Rate)>,
}

/// The bytes are cut off, or not a past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no past of a market")]
pub struct Unreadable;

impl Past {
    /// All but the volume, which no replay looks at: some seven bytes a minute.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.candles.len().saturating_mul(8));
        bytes.push(LAYOUT);
        write(&mut bytes, count(self.candles.len()));
        let (mut due, mut close) = (0, 0);
        for bar in &self.candles {
            let (at, open) = (bar.at.unix_ms(), bar.open.ticks());
            write(&mut bytes, at.wrapping_sub(due));
            write(&mut bytes, open.wrapping_sub(close));
            for price in [bar.high, bar.low, bar.close] {
                write(&mut bytes, price.ticks().wrapping_sub(open));
            }
            (due, close) = (at.wrapping_add(Millis::MINUTE.get()), bar.close.ticks());
        }
        write(&mut bytes, count(self.funding.len()));
        let mut before = 0;
        for (at, rate) in &self.funding {
            write(&mut bytes, at.unix_ms().wrapping_sub(before));
            write(&mut bytes, rate.hundred_millionths());
            before = at.unix_ms();
        }
        bytes
    }

    /// What `encode` wrote, with a volume of nothing.
    pub fn decode(bytes: &[u8]) -> Result<Past, Unreadable> {
        let mut rest = match bytes {
            [LAYOUT, rest @ ..] => rest,
            _ => return Err(Unreadable),
        };
        let candles = read_candles(&mut rest)?;
        let (mut funding, mut before) = (Vec::new(), 0_i64);
        for _ in 0..read(&mut rest)? {
            before = before.wrapping_add(read(&mut rest)?);
            funding.push((Timestamp::from_unix_ms(before), Rate::from_hundred_millionths(read(&mut rest)?)));
        }
        if rest.is_empty() { Ok(Past { candles, funding }) } else { Err(Unreadable) }
    }
}

fn read_candles(rest: &mut &[u8]) -> Result<Vec<Candle>, Unreadable> {
    let price = |ticks| Price::from_ticks(ticks).map_err(|_| Unreadable);
    let (mut candles, mut due, mut before) = (Vec::new(), 0_i64, 0_i64);
    for _ in 0..read(rest)? {
        let at = due.wrapping_add(read(rest)?);
        let open = before.wrapping_add(read(rest)?);
        let [high, low, close] = [read(rest)?, read(rest)?, read(rest)?].map(|by| open.wrapping_add(by));
        let at_time = Timestamp::from_unix_ms(at);
        let (open, high, low) = (price(open)?, price(high)?, price(low)?);
        candles.push(Candle { at: at_time, open, high, low, close: price(close)?, volume: 0 });
        (due, before) = (at.wrapping_add(Millis::MINUTE.get()), close);
    }
    Ok(candles)
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// Small numbers of either sign are short: the sign goes last, seven bits a byte, the lowest first.
fn write(bytes: &mut Vec<u8>, number: i64) {
    let mut left = (number << 1 ^ number >> 63).cast_unsigned();
    loop {
        let [low, ..] = left.to_le_bytes();
        left >>= 7;
        if left == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn read(rest: &mut &[u8]) -> Result<i64, Unreadable> {
    let mut number = 0_u64;
    for place in 0..LONGEST {
        let (byte, left) = rest.split_first().ok_or(Unreadable)?;
        *rest = left;
        number |= u64::from(byte & 0x7f).wrapping_shl(place.wrapping_mul(7));
        if byte & 0x80 == 0 {
            let (value, is_negative) = ((number >> 1).cast_signed(), number & 1 == 1);
            return Ok(if is_negative { !value } else { value });
        }
    }
    Err(Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bar(at: i64, prices: [i64; 4]) -> Candle {
        let [open, high, low, close] = prices.map(|ticks| Price::from_ticks(ticks).unwrap());
        Candle { at: Timestamp::from_unix_ms(at), open, high, low, close, volume: 0 }
    }

    fn any_past() -> impl Strategy<Value = Past> {
        let price = || prop_oneof![Just(1), Just(Price::MAX.ticks()), 100_000_i64..300_000];
        let prices = [price(), price(), price(), price()];
        let candles = prop::collection::vec((any::<i64>(), prices).prop_map(|(at, prices)| bar(at, prices)), 0..50);
        let settled = (any::<i64>(), any::<i64>())
            .prop_map(|(at, rate)| (Timestamp::from_unix_ms(at), Rate::from_hundred_millionths(rate)));
        (candles, prop::collection::vec(settled, 0..9)).prop_map(|(candles, funding)| Past { candles, funding })
    }

    proptest! {
        #[test]
        fn a_past_arrives_as_it_was(past in any_past()) {
            prop_assert_eq!(Past::decode(&past.encode()), Ok(past));
        }

        #[test]
        fn no_bytes_whatever_are_more_than_refused(bytes in prop::collection::vec(any::<u8>(), 0..99)) {
            let _ = Past::decode(&bytes);
            let _ = Past::decode(&[&[LAYOUT], bytes.as_slice()].concat());
        }
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_not_taken_for_a_past() {
        let minute = Millis::MINUTE.get();
        let candles = vec![bar(5 * minute, [200, 201, 199, 200]), bar(7 * minute, [200, 300, 200, 250])];
        let past = Past { candles, funding: vec![(Timestamp::EPOCH, Rate::from_hundred_millionths(-9))] };
        let bytes = past.encode();
        for length in 0..bytes.len() {
            assert_eq!(Past::decode(&bytes[..length]), Err(Unreadable), "{length}");
        }
        assert_eq!(Past::decode(&[bytes.as_slice(), &[0]].concat()), Err(Unreadable));
        assert_eq!(Past::decode(&[&[LAYOUT + 1], &bytes[1..]].concat()), Err(Unreadable));
    }

    #[test]
    fn a_quiet_minute_takes_five_bytes() {
        let candles = (0..1_000).map(|minute| bar(minute * Millis::MINUTE.get(), [200_000, 200_010, 199_990, 200_001]));
        let past = Past { candles: candles.collect(), funding: Vec::new() };
        assert!(past.encode().len() < 5_100, "{}", past.encode().len());
    }
}
