//! The store `_PasswordExpiryStore`: when the password expires, in how many days, and where to change it.

use super::{StoreFailure, StoreQuestion};
use crate::protocol::soap::format_instant;
use jiff::Timestamp;

/// How rules name the store.
pub const NAME: &str = "_PasswordExpiryStore";

/// Seconds from 1601, the start of Windows file times, to 1970.
const FILETIME_EPOCH: i64 = 11_644_473_600;
const FILETIME_TICKS: i64 = 10_000_000;

/// The three columns; a password that never expires has none. A part of a day does not count as one: the person has to
/// act before it is over.
pub fn answer(question: &StoreQuestion<'_>, change_url: Option<&str>) -> Result<[Option<String>; 3], StoreFailure> {
    let listed = question.listed()?;
    let [expiry] = listed.as_slice() else {
        return Err(StoreFailure::Query { reason: "the query is {0}; with the moment of expiry".to_owned() });
    };
    let Some(expiry) = moment(expiry)? else { return Ok([None, None, None]) };
    let seconds = expiry.as_second().saturating_sub(question.at.as_second()).max(0);
    let days = (seconds / 86_400).to_string();
    Ok([Some(format_instant(expiry)), Some(days), change_url.map(str::to_owned)])
}

/// A moment as XML Schema or Windows writes it: `2026-01-10T10:00:00Z` or `msDS-UserPasswordExpiryTimeComputed`.
fn moment(text: &str) -> Result<Option<Timestamp>, StoreFailure> {
    match text.trim().parse::<i64>() {
        // Beyond the calendar and zero both mean never (MS-ADTS section 3.1.1.4.5.31).
        Ok(0 | i64::MAX) => Ok(None),
        Ok(ticks) if ticks > 0 => Ok(Timestamp::from_second(ticks / FILETIME_TICKS - FILETIME_EPOCH).ok()),
        _ => text.trim().parse::<Timestamp>().map(Some).map_err(|_| StoreFailure::Unusable {
            reason: format!("{text:?} is no moment at which a password expires"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::question;
    use super::*;

    #[test]
    fn a_moment_becomes_three_columns() {
        let asked =
            |moment: &str| question("{0};", &[moment], |question| answer(&question, Some("https://sts/change")));
        let expected = |time: &str, days: &str| {
            Ok([Some(time.to_owned()), Some(days.to_owned()), Some("https://sts/change".to_owned())])
        };
        // The sign-in is at 2026-01-10T10:00:00Z.
        assert_eq!(asked("2026-01-20T09:59:59Z"), expected("2026-01-20T09:59:59.000Z", "9"));
        assert_eq!(asked("2026-01-01T00:00:00Z"), expected("2026-01-01T00:00:00.000Z", "0"));
        // 2026-02-09T10:00:00Z in ticks of 100 ns since 1601.
        let ticks = (1_770_631_200 + FILETIME_EPOCH) * FILETIME_TICKS;
        assert_eq!(asked(&ticks.to_string()), expected("2026-02-09T10:00:00.000Z", "30"));
        for never in ["0", "9223372036854775807"] {
            assert_eq!(asked(never), Ok([None, None, None]), "{never}");
        }
        for garbled in ["soon", "-5", ""] {
            assert!(matches!(asked(garbled), Err(StoreFailure::Unusable { .. })), "{garbled}");
        }
    }
}
