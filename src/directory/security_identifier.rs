//! Security identifiers as directories hold them.

/// How many sub-authorities a security identifier of an account can have (MS-DTYP section 2.4.2.2).
const SUB_AUTHORITIES: std::ops::RangeInclusive<usize> = 1..=15;

/// `S-1-5-21-…` of an `objectSid`: Active Directory holds octets, other directories may hold the text already. `None` when
/// it is neither.
pub fn text(value: &[u8]) -> Option<String> {
    binary(value).or_else(|| textual(value))
}

/// MS-DTYP section 2.4.2.2: revision, count, authority (big-endian), sub-authorities (little-endian).
fn binary(octets: &[u8]) -> Option<String> {
    let (&[1, count, a, b, c, d, e, f], rest) = octets.split_first_chunk()? else { return None };
    let count = usize::from(count);
    if !SUB_AUTHORITIES.contains(&count) || rest.len() != count * 4 {
        return None;
    }
    let authority = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    let (chunks, _) = rest.as_chunks::<4>();
    let parts = chunks.iter().map(|chunk| u32::from_le_bytes(*chunk).to_string());
    Some([format!("S-1-{authority}")].into_iter().chain(parts).collect::<Vec<_>>().join("-"))
}

/// MS-DTYP section 2.4.2.1, the authority in decimal as Windows writes every real one.
fn textual(octets: &[u8]) -> Option<String> {
    let text = str::from_utf8(octets).ok()?;
    let (authority, parts) = text.strip_prefix("S-1-")?.split_once('-')?;
    let digits = |part: &str| part.bytes().all(|octet| octet.is_ascii_digit());
    let known = digits(authority)
        && authority.parse::<u64>().is_ok_and(|authority| authority < 1 << 48)
        && SUB_AUTHORITIES.contains(&parts.split('-').count())
        && parts.split('-').all(|part| digits(part) && part.parse::<u32>().is_ok());
    known.then(|| text.to_owned())
}

/// The identifier of the group with this relative identifier in the domain that an account's identifier belongs to.
pub fn in_same_domain(account: &str, relative: u32) -> Option<String> {
    account.rsplit_once('-').map(|(domain, _)| format!("{domain}-{relative}"))
}

/// The octets of `S-1-5-21-…`, as a filter on `objectSid` needs them.
pub fn octets(text: &str) -> Option<Vec<u8>> {
    let mut parts = textual(text.as_bytes())?.split('-').skip(2).map(str::to_owned).collect::<Vec<_>>().into_iter();
    let authority: u64 = parts.next()?.parse().ok()?;
    let parts: Vec<u32> = parts.map(|part| part.parse()).collect::<Result<_, _>>().ok()?;
    let mut octets = vec![1, u8::try_from(parts.len()).ok()?];
    octets.extend_from_slice(&authority.to_be_bytes()[2..]);
    octets.extend(parts.into_iter().flat_map(u32::to_le_bytes));
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_and_text_are_the_same_identifier() {
        for sid in ["S-1-5-32-544", "S-1-5-21-1004336348-1177238915-682003330-515", "S-1-1-0"] {
            assert_eq!(text(&octets(sid).unwrap()).as_deref(), Some(sid));
        }
        for garbled in ["", "S-1-5", "S-1-5-", "S-1-5-99999999999", "alice"] {
            assert_eq!(octets(garbled), None, "{garbled}");
        }
        assert_eq!(in_same_domain("S-1-5-21-1-2-3-1101", 513).as_deref(), Some("S-1-5-21-1-2-3-513"));
    }
}
