//! Bitcoin addresses: made for the regression-test network, read from any.

use crate::random::Chance;

/// The letters of bech32, by value.
pub(super) const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2bc8_30a3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFormat {
    /// `p2tr`
    Taproot,
    /// `p2wpkh`
    Segwit,
}

/// An address whose program is chance.
pub(super) fn write(format: AddressFormat, ids: &mut Chance) -> String {
    let length = if format == AddressFormat::Taproot { 32 } else { 20 };
    let bytes = (0..4).flat_map(|_| ids.next_u64().to_be_bytes()).take(length).collect::<Vec<u8>>();
    encode("bcrt", format, &bytes)
}

/// Whether a text is an address of some Bitcoin network: bech32 with its checksum, base58 by its letters.
pub(super) fn is_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    let Some((prefix, data)) = lower.rsplit_once('1').filter(|(prefix, _)| ["bc", "tb", "bcrt"].contains(prefix))
    else {
        let is_base58 = |letter: u8| letter.is_ascii_alphanumeric() && !b"0OIl".contains(&letter);
        let starts = text.starts_with(['1', '3', 'm', 'n', '2']);
        return (26..=35).contains(&text.len()) && starts && text.bytes().all(is_base58);
    };
    let values: Option<Vec<u32>> = data.bytes().map(value).collect();
    let Some(values) = values.filter(|values| (14..=83).contains(&values.len())) else { return false };
    let sum = checksum(prefix, &values);
    if values.first() == Some(&0) { sum == BECH32 } else { sum == BECH32M }
}

fn encode(prefix: &str, format: AddressFormat, program: &[u8]) -> String {
    let (version, constant) = match format {
        AddressFormat::Taproot => (1, BECH32M),
        AddressFormat::Segwit => (0, BECH32),
    };
    let mut values = vec![version];
    values.extend(in_fives(program));
    let rest = checksum(prefix, &[values.as_slice(), &[0; 6]].concat()) ^ constant;
    values.extend((0..6).rev().map(|place| (rest >> (5 * place)) & 31));
    let letters = values.into_iter().filter_map(|value| CHARSET.get(usize::try_from(value).ok()?));
    format!("{prefix}1{}", letters.map(|letter| char::from(*letter)).collect::<String>())
}

/// Bytes as groups of five bits.
fn in_fives(bytes: &[u8]) -> Vec<u32> {
    let (mut held, mut bits, mut fives) = (0_u32, 0_u32, Vec::new());
    for byte in bytes {
        held = ((held << 8) | u32::from(*byte)) & 0xfff;
        bits += 8;
        while 5 <= bits {
            bits -= 5;
            fives.push((held >> bits) & 31);
        }
    }
    if 0 < bits {
        fives.push((held << (5 - bits)) & 31);
    }
    fives
}

fn value(letter: u8) -> Option<u32> {
    CHARSET.iter().position(|known| *known == letter).and_then(|value| u32::try_from(value).ok())
}

fn checksum(prefix: &str, values: &[u32]) -> u32 {
    let high = prefix.bytes().map(|letter| u32::from(letter >> 5));
    let low = prefix.bytes().map(|letter| u32::from(letter & 31));
    let all = high.chain([0]).chain(low).chain(values.iter().copied());
    all.fold(1, |sum, value| {
        let top = sum >> 25;
        let shifted = ((sum & 0x01ff_ffff) << 5) ^ value;
        let chosen = GENERATOR.iter().enumerate().filter(|(place, _)| (top >> place) & 1 == 1);
        chosen.fold(shifted, |sum, (_, generator)| sum ^ generator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn addresses_are_those_of_the_published_examples() {
        let segwit = encode("bc", AddressFormat::Segwit, &bytes("751e76e8199196d454941c45d1b3a323f1433bd6"));
        assert_eq!(segwit, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
        let program = bytes("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        let taproot = encode("bc", AddressFormat::Taproot, &program);
        assert_eq!(taproot, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0");
        for address in [&segwit, &taproot, &segwit.to_uppercase(), "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"] {
            assert!(is_address(address), "{address}");
        }
    }

    #[test]
    fn what_we_make_is_an_address_and_a_slip_of_the_pen_is_none() {
        let mut chance = Chance::seeded(3);
        for format in [AddressFormat::Taproot, AddressFormat::Segwit] {
            let address = write(format, &mut chance);
            assert!(address.starts_with("bcrt1") && is_address(&address), "{address}");
            let wrong = if address.ends_with('q') { "p" } else { "q" };
            assert!(!is_address(&format!("{}{wrong}", &address[..address.len() - 1])));
        }
        for none in ["", "bc1", "bcrt1qqqq", "hello", "1", "bc1qé", "0x52908400098527886E0F7030069857D2E4169EE7"] {
            assert!(!is_address(none), "{none}");
        }
    }
}
