//! Sorted serial numbers and where to begin to look: at most 25 octets an entry, and a look-up that touches a few cache
//! lines however long the list is.
//!
//! An entry is 24 octets (the serial number in 20, big-endian, and the second since 1970), its reason half an octet, kept only
//! when any entry has one. A table of at most half an octet an entry divides the range of the serial numbers evenly; authorities
//! draw them at random or count, so that each part has about sixteen. Whatever their distribution, the answer is the same.

use super::RevocationReason;

pub(super) const SERIAL_OCTETS: usize = 20;
/// A serial number, the place of the reason among the reasons, the second since 1970: in this order, so that of two entries
/// for one serial number the graver and older comes first.
pub(super) type Gathered = [u8; SERIAL_OCTETS + 5];
type Packed = [u8; SERIAL_OCTETS + 4];

const USUALLY_IN_A_PART: usize = 16;

#[derive(Debug)]
pub(super) struct SerialIndex {
    packed: Box<[Packed]>,
    /// Two to an octet.
    reasons: Box<[u8]>,
    /// Where each part begins, and where the last ends.
    starts: Box<[u32]>,
}

impl SerialIndex {
    pub(super) fn new(mut gathered: Vec<Gathered>) -> Self {
        if !gathered.is_sorted() {
            gathered.sort_unstable();
        }
        let mut reasons = Vec::new();
        if gathered.iter().any(|entry| entry[SERIAL_OCTETS] != 0) {
            let pair =
                |pair: &[Gathered]| pair[0][SERIAL_OCTETS] | pair.get(1).map_or(0, |second| second[SERIAL_OCTETS] << 4);
            reasons.extend(gathered.chunks(2).map(pair));
        }
        let pack = |entry: &Gathered| {
            let mut packed = [0; SERIAL_OCTETS + 4];
            packed[..SERIAL_OCTETS].copy_from_slice(&entry[..SERIAL_OCTETS]);
            packed[SERIAL_OCTETS..].copy_from_slice(&entry[SERIAL_OCTETS + 1..]);
            packed
        };
        let packed: Box<[Packed]> = gathered.iter().map(pack).collect();
        drop(gathered);
        let starts = starts(&packed).into_boxed_slice();
        Self { packed, reasons: reasons.into_boxed_slice(), starts }
    }

    pub(super) fn bytes_held(&self) -> usize {
        size_of_val(&*self.packed) + self.reasons.len() + size_of_val(&*self.starts)
    }

    /// The reason and the second.
    pub(super) fn find(&self, serial: &[u8; SERIAL_OCTETS]) -> Option<(RevocationReason, i64)> {
        let part = self.part(serial)?;
        let inside = self.packed.get(part.clone())?.partition_point(|entry| entry[..SERIAL_OCTETS] < serial[..]);
        let place = part.start + inside;
        let entry = self.packed.get(place).filter(|entry| entry[..SERIAL_OCTETS] == serial[..])?;
        let reason = self.reasons.get(place / 2).map_or(0, |pair| pair >> (4 * (place % 2)) & 0x0f);
        let [.., a, b, c, d] = *entry;
        Some((*RevocationReason::ALL.get(usize::from(reason))?, i64::from(u32::from_be_bytes([a, b, c, d]))))
    }

    fn part(&self, serial: &[u8; SERIAL_OCTETS]) -> Option<std::ops::Range<usize>> {
        let (first, last) = (self.packed.first()?, self.packed.last()?);
        if serial[..] < first[..SERIAL_OCTETS] || serial[..] > last[..SERIAL_OCTETS] {
            return None;
        }
        let parts = self.starts.len().saturating_sub(1);
        let part = Division::new(first, last, parts).part(serial);
        match (self.starts.get(part), self.starts.get(part + 1)) {
            (Some(start), Some(end)) => Some(*start as usize..*end as usize),
            _ => Some(0..self.packed.len()),
        }
    }
}

/// The range of the serial numbers in parts of equal width, by the four octets that tell the first from the last.
struct Division {
    shared: usize,
    least: u32,
    span: u64,
    parts: u64,
}

impl Division {
    fn new(first: &[u8], last: &[u8], parts: usize) -> Self {
        let shared = first.iter().zip(last).take(SERIAL_OCTETS - 4).take_while(|(a, b)| a == b).count();
        let (least, most) = (four_octets(first, shared), four_octets(last, shared));
        Self { shared, least, span: u64::from(most.saturating_sub(least)) + 1, parts: parts as u64 }
    }

    fn part(&self, serial: &[u8]) -> usize {
        let above = four_octets(serial, self.shared).saturating_sub(self.least);
        (u64::from(above) * self.parts / self.span) as usize
    }
}

fn four_octets(serial: &[u8], from: usize) -> u32 {
    serial.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |octets| u32::from_be_bytes(*octets))
}

/// Empty for a list that is short, or longer than any CRL can be.
fn starts(packed: &[Packed]) -> Vec<u32> {
    let parts = packed.len() / USUALLY_IN_A_PART;
    let (Some(first), Some(last), Ok(length), 2..) =
        (packed.first(), packed.last(), u32::try_from(packed.len()), parts)
    else {
        return Vec::new();
    };
    let division = Division::new(first, last, parts);
    let mut starts = Vec::with_capacity(parts + 1);
    for (place, entry) in (0_u32..).zip(packed) {
        let part = division.part(entry);
        starts.resize_with(starts.len().max(part + 1), || place);
    }
    starts.resize(parts + 1, length);
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(serial: u128, reason: u8) -> Gathered {
        let mut entry = [0; SERIAL_OCTETS + 5];
        entry[4..SERIAL_OCTETS].copy_from_slice(&serial.to_be_bytes());
        entry[SERIAL_OCTETS] = reason;
        entry[SERIAL_OCTETS + 1..].copy_from_slice(&7_u32.to_be_bytes());
        entry
    }

    fn serials() -> impl Strategy<Value = Vec<u128>> {
        prop_oneof![
            proptest::collection::vec(any::<u128>(), 0..300),
            proptest::collection::vec(0_u128..1000, 0..300),
            proptest::collection::vec(
                prop_oneof![Just(5), Just(u128::MAX), 0_u128..40, (1_u128 << 70)..(1 << 70) + 9],
                0..300
            ),
        ]
    }

    proptest! {
        #[test]
        fn every_number_and_no_other_is_found_however_they_are_distributed(
            serials in serials(), others in proptest::collection::vec(0_u128..1000, 0..50),
        ) {
            let with_reason = |serial: &u128| entry(*serial, (serial % 10) as u8);
            let index = SerialIndex::new(serials.iter().map(with_reason).collect());
            for asked in serials.iter().chain(&others) {
                let mut octets = [0; SERIAL_OCTETS];
                octets[4..].copy_from_slice(&asked.to_be_bytes());
                let expected = serials.contains(asked).then(|| (RevocationReason::ALL[(asked % 10) as usize], 7));
                prop_assert_eq!(index.find(&octets), expected);
            }
            prop_assert!(index.bytes_held() <= 25 * serials.len() + 1);
        }
    }
}
