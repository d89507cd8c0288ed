//! Invoices that name the right amount and that no node can pay.

use super::address::CHARSET;
use crate::random::Chance;
use domain::Sats;
use sha2::{Digest, Sha256};

/// Prefixes of the Bitcoin networks, the longest first.
const NETWORKS: [&str; 4] = ["lnbcrt", "lntbs", "lnbc", "lntb"];
/// Characters of the data part.
const DATA: usize = 110;

/// An invoice for the regression-test network whose data is chance.
pub(super) fn write(amount: Sats, ids: &mut Chance) -> String {
    let data = std::iter::repeat_with(|| CHARSET.get(usize::try_from(ids.below(32)).unwrap_or(0)));
    let data: String = data.take(DATA).flatten().map(|letter| char::from(*letter)).collect();
    format!("lnbcrt{}n1p{data}", i128::from(amount.get()) * 10)
}

/// The amount that an invoice names in its human-readable part, where it is a whole number of sats above zero.
pub(super) fn amount(invoice: &str) -> Option<Sats> {
    let invoice = invoice.trim().to_lowercase();
    let (readable, data) = invoice.rsplit_once('1')?;
    if data.len() < DATA / 2 || !data.bytes().all(|letter| CHARSET.contains(&letter)) {
        return None;
    }
    let amount = NETWORKS.iter().find_map(|network| readable.strip_prefix(network))?;
    let unit = amount.chars().last()?;
    // Sats in a thousandth, a millionth and so on of a bitcoin, as a fraction.
    let (digits, (times, parts)) = match unit {
        'm' => (amount.strip_suffix('m')?, (100_000, 1)),
        'u' => (amount.strip_suffix('u')?, (100, 1)),
        'n' => (amount.strip_suffix('n')?, (1, 10)),
        'p' => (amount.strip_suffix('p')?, (1, 10_000)),
        _ => (amount, (100_000_000, 1)),
    };
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let sats = digits.parse::<i64>().ok()?.checked_mul(times)?;
    (sats % parts == 0 && 0 < sats).then_some(Sats::new(sats / parts))
}

/// Stands for the hash that a real invoice carries: the same for the same invoice.
pub(super) fn payment_hash(invoice: &str) -> String {
    Sha256::digest(invoice.trim().to_lowercase()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_names_its_amount() {
        let invoice = write(Sats::new(2_500), &mut Chance::seeded(1));
        assert_eq!(amount(&invoice), Some(Sats::new(2_500)));
        let data = "q".repeat(100);
        for (readable, sats) in
            [("lnbc1m", 100_000), ("lntbs25u", 2_500), ("lntb10n", 1), ("lnbc20000p", 2), ("lnbc2", 200_000_000)]
        {
            assert_eq!(amount(&format!("{readable}1{data}")), Some(Sats::new(sats)), "{readable}");
        }
        for wrong in ["lnbc", "lnbc5p", "lnbc1n", "lnbc0m", "lnxx1m", "lnbc-1m", "lnbc99999999999999m", "bc"] {
            assert_eq!(amount(&format!("{wrong}1{data}")), None, "{wrong}");
        }
        for wrong in ["", "1", "lnbc1m1short", "hello"] {
            assert_eq!(amount(wrong), None, "{wrong}");
        }
    }
}
