//! A cursor over DER (X.690 section 10): definite, minimal lengths only, nothing allocated, nothing recursive.

use jiff::Timestamp;

/// `INTEGER`
pub(super) const INTEGER: u8 = 0x02;
/// `BOOLEAN`
pub(super) const BOOLEAN: u8 = 0x01;
/// `BIT STRING`
pub(super) const BIT_STRING: u8 = 0x03;
/// `OCTET STRING`
pub(super) const OCTET_STRING: u8 = 0x04;
/// `OBJECT IDENTIFIER`
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
/// `ENUMERATED`
pub(super) const ENUMERATED: u8 = 0x0a;
/// `UTCTime`
pub(super) const UTC_TIME: u8 = 0x17;
/// `GeneralizedTime`
pub(super) const GENERALIZED_TIME: u8 = 0x18;
/// `SEQUENCE`
pub(super) const SEQUENCE: u8 = 0x30;

/// `SET`
pub(super) const SET: u8 = 0x31;

/// `[n]` primitive.
pub(super) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// `[n]` constructed.
pub(super) const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// The encoding is not what the structure asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DerError {
    /// The input ends inside a value.
    #[error("the input ends in the middle of {0}")]
    Truncated(&'static str),
    /// Another type stands here.
    #[error("{0} is missing or of another type")]
    Unexpected(&'static str),
    /// Bytes follow where the structure ends.
    #[error("bytes follow the end of {0}")]
    Trailing(&'static str),
    /// A length that DER forbids: indefinite, not minimal, or larger than memory can address.
    #[error("the length of {0} is not DER")]
    Length(&'static str),
    /// A value that its type forbids.
    #[error("the value of {0} is not allowed")]
    Value(&'static str),
}

/// One value: its tag, its content octets and the whole encoding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// Reads values one after the other.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { rest: input }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next value, whatever its type. `what` names it in an error.
    pub(super) fn any(&mut self, what: &'static str) -> Result<Value<'a>, DerError> {
        let truncated = DerError::Truncated(what);
        let (&tag, after_tag) = self.rest.split_first().ok_or(truncated)?;
        if tag & 0x1f == 0x1f {
            return Err(DerError::Unexpected(what)); // no X.509 structure uses a tag number above 30
        }
        let (&first, after_first) = after_tag.split_first().ok_or(truncated)?;
        let (length, content_start) = match first {
            0..=0x7f => (usize::from(first), after_first),
            0x81..=0x84 => long_length(usize::from(first & 0x7f), after_first, what)?,
            _ => return Err(DerError::Length(what)),
        };
        let (content, rest) = content_start.split_at_checked(length).ok_or(truncated)?;
        let whole = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Ok(Value { tag, content, whole })
    }

    /// The next value, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8, what: &'static str) -> Result<Value<'a>, DerError> {
        match self.optional(tag, what)? {
            Some(value) => Ok(value),
            None => Err(DerError::Unexpected(what)),
        }
    }

    /// The next value if it has this tag; otherwise nothing is read.
    pub(super) fn optional(&mut self, tag: u8, what: &'static str) -> Result<Option<Value<'a>>, DerError> {
        match self.rest.first() {
            Some(&next) if next == tag => self.any(what).map(Some),
            _ => Ok(None),
        }
    }

    /// The contents of the next SEQUENCE.
    pub(super) fn sequence(&mut self, what: &'static str) -> Result<Reader<'a>, DerError> {
        self.expect(SEQUENCE, what).map(|value| Reader::new(value.content))
    }

    /// Nothing may follow.
    pub(super) fn end(&self, what: &'static str) -> Result<(), DerError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DerError::Trailing(what)) }
    }

    /// The next value as a time, if a time stands there.
    pub(super) fn optional_time(&mut self, what: &'static str) -> Result<Option<Timestamp>, DerError> {
        match self.rest.first() {
            Some(&(UTC_TIME | GENERALIZED_TIME)) => self.time(what).map(Some),
            _ => Ok(None),
        }
    }

    /// The next value as a time: both forms to the second and in UTC (RFC 5280 section 5.1.2.4).
    pub(super) fn time(&mut self, what: &'static str) -> Result<Timestamp, DerError> {
        // "No end" (99991231235959Z, RFC 5280 section 4.1.2.5) lies a day past what a timestamp holds.
        Ok(Timestamp::from_second(self.seconds(what)?).unwrap_or(Timestamp::MAX))
    }

    /// The same in seconds since 1970, without a calendar library: a large CRL has half a million of them.
    pub(super) fn seconds(&mut self, what: &'static str) -> Result<i64, DerError> {
        let value = self.any(what)?;
        let invalid = DerError::Value(what);
        let (digits, zone) = value.content.split_last_chunk::<1>().ok_or(invalid)?;
        if zone != b"Z" || !digits.iter().all(u8::is_ascii_digit) {
            return Err(invalid);
        }
        let (year, rest) = match (value.tag, digits.len()) {
            (UTC_TIME, 12) => match two_digits(&digits[..2]) {
                late @ 50.. => (1900 + late, &digits[2..]),
                early => (2000 + early, &digits[2..]),
            },
            (GENERALIZED_TIME, 14) => (two_digits(&digits[..2]) * 100 + two_digits(&digits[2..4]), &digits[4..]),
            (UTC_TIME | GENERALIZED_TIME, _) => return Err(invalid),
            _ => return Err(DerError::Unexpected(what)),
        };
        let part = |index: usize| two_digits(&rest[index * 2..index * 2 + 2]);
        let (month, day, hour, minute, second) = (part(0), part(1), part(2), part(3), part(4));
        if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 {
            return Err(invalid);
        }
        if day < 1 || day > days_before_month(year, month + 1) - days_before_month(year, month) {
            return Err(invalid);
        }
        let years_before = year - 1;
        let days = years_before * 365 + years_before.div_euclid(4) - years_before.div_euclid(100)
            + years_before.div_euclid(400)
            + days_before_month(year, month)
            + day
            - 1
            - DAYS_BEFORE_1970;
        Ok(days * 86_400 + hour * 3600 + minute * 60 + second)
    }
}

/// From 1 January of the year 1.
const DAYS_BEFORE_1970: i64 = 719_162;

/// In a Gregorian year; the 13th month begins with the next year.
fn days_before_month(year: i64, month: i64) -> i64 {
    const BEFORE: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let month = usize::try_from(month - 1).unwrap_or(0).min(12);
    BEFORE[month] + i64::from(leap && month > 1)
}

fn long_length<'a>(octets: usize, input: &'a [u8], what: &'static str) -> Result<(usize, &'a [u8]), DerError> {
    let (digits, rest) = input.split_at_checked(octets).ok_or(DerError::Truncated(what))?;
    let length = digits.iter().fold(0_usize, |length, &digit| (length << 8) | usize::from(digit));
    let minimal = if octets == 1 { length > 0x7f } else { digits[0] != 0 };
    if minimal { Ok((length, rest)) } else { Err(DerError::Length(what)) }
}

fn two_digits(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
}

/// A BOOLEAN; DER knows only 00 and FF, but FF for true is the one rule older encoders break, so any non-zero is true.
pub(super) fn boolean(content: &[u8], what: &'static str) -> Result<bool, DerError> {
    match content {
        [value] => Ok(*value != 0),
        _ => Err(DerError::Value(what)),
    }
}

/// One value of up to 65,535 octets, in DER.
pub(super) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let head = match content.len() {
        0..=0x7f => vec![tag, low],
        0x80..=0xff => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [&head, content].concat()
}

/// The dotted form of an OBJECT IDENTIFIER; `None` when the content is malformed or an arc exceeds 64 bits.
pub(super) fn dotted(content: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut arc: u64 = 0;
    if content.last().is_none_or(|last| last & 0x80 != 0) {
        return None;
    }
    for &octet in content {
        arc = arc.checked_mul(128)? | u64::from(octet & 0x7f);
        if octet & 0x80 != 0 {
            continue;
        }
        if text.is_empty() {
            let root = (arc / 40).min(2);
            text = format!("{root}.{}", arc - root * 40);
        } else {
            text.push_str(&format!(".{arc}"));
        }
        arc = 0;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_definite_and_minimal() {
        let cases: [(&[u8], Option<usize>); 8] = [
            (&[0x04, 0x00], Some(0)),
            (&[0x04, 0x01, 0xaa], Some(1)),
            (&[0x04, 0x80, 0x00, 0x00], None),
            (&[0x04, 0x81, 0x01, 0xaa], None),
            (&[0x04, 0x82, 0x00, 0x80], None),
            (&[0x04, 0x85, 0, 0, 0, 0, 1, 0xaa], None),
            (&[0x04, 0x02, 0xaa], None),
            (&[0x1f, 0x01, 0x00], None),
        ];
        for (input, expected) in cases {
            let read = Reader::new(input).any("value").ok().map(|value| value.content.len());
            assert_eq!(read, expected, "{input:02x?}");
        }
    }

    #[test]
    fn both_forms_of_time() {
        let cases = [
            (UTC_TIME, "260102030405Z", Some("2026-01-02T03:04:05Z")),
            (UTC_TIME, "500101000000Z", Some("1950-01-01T00:00:00Z")),
            (UTC_TIME, "491231235959Z", Some("2049-12-31T23:59:59Z")),
            (GENERALIZED_TIME, "20500101000000Z", Some("2050-01-01T00:00:00Z")),
            (GENERALIZED_TIME, "99991231235959Z", Some("9999-12-30T22:00:00.999999999Z")),
            (UTC_TIME, "2601020304Z", None),
            (UTC_TIME, "260102030405+0100", None),
            (UTC_TIME, "261302030405Z", None),
            (GENERALIZED_TIME, "20260102030405.5Z", None),
            (GENERALIZED_TIME, "260102030405Z", None),
            (OCTET_STRING, "260102030405Z", None),
        ];
        for (tag, text, expected) in cases {
            let mut encoded = vec![tag, text.len() as u8];
            encoded.extend(text.as_bytes());
            let read = Reader::new(&encoded).time("time").ok();
            assert_eq!(read, expected.map(|moment| moment.parse().unwrap()), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_calendar_is_that_of_the_library(
            year in 0_i16..=9999, month in 0_i8..=13, day in 0_i8..=32, hour in 0_i8..=24, minute in 58_i8..=60,
        ) {
            let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}07Z");
            let encoded = [[GENERALIZED_TIME, 15].as_slice(), text.as_bytes()].concat();
            let civil = jiff::civil::DateTime::new(year, month, day, hour, minute, 7, 0).ok();
            let expected = civil.and_then(|civil| jiff::tz::Offset::UTC.to_timestamp(civil).ok());
            let read = Reader::new(&encoded).seconds("time").ok();
            let last_day = year == 9999 && month == 12 && day > 29;
            proptest::prop_assert!(last_day || read == expected.map(|moment| moment.as_second()), "{text}");
        }
    }

    #[test]
    fn object_identifiers_in_dotted_form() {
        let cases: [(&[u8], Option<&str>); 5] = [
            (&[0x55, 0x1d, 0x14], Some("2.5.29.20")),
            (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b], Some("1.2.840.113549.1.1.11")),
            (&[0x88, 0x37, 0x03], Some("2.999.3")),
            (&[], None),
            (&[0x55, 0x9d], None),
        ];
        for (content, expected) in cases {
            assert_eq!(dotted(content).as_deref(), expected, "{content:02x?}");
        }
    }
}
