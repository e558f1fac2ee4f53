//! `X-MS-Forwarded-Client-IP`: a list that every hop appends to. Exchange Online writes several addresses, with and without
//! ports, and each proxy adds the one it was connected from.

use core::net::{IpAddr, SocketAddr};

/// The longest spelling of an address with a port is 53 characters; RFC 4291 section 2.2 has the addresses.
const LONGEST: usize = 64;

/// One entry of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry<'v> {
    Address(IpAddr),
    /// No address.
    Malformed(&'v [u8]),
}

/// The entries of every header line in order; RFC 9110 section 5.3 makes one list of them. Empty entries are none.
pub(super) fn entries<'v>(lines: impl Iterator<Item = &'v [u8]>) -> Vec<Entry<'v>> {
    let parts = lines.flat_map(|line| line.split(|byte| *byte == b','));
    let parts = parts.map(<[u8]>::trim_ascii).filter(|part| !part.is_empty());
    parts.map(|part| address(part).map_or(Entry::Malformed(part), Entry::Address)).collect()
}

fn address(part: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(part).ok().filter(|text| text.len() <= LONGEST)?;
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address| address.to_canonical())
}

/// The address of `192.0.2.7:51234` or `[2001:db8::7]:443`. An IPv4 client of an IPv6 socket is an IPv4 client.
pub(super) fn of_socket(peer: &str) -> Option<IpAddr> {
    peer.parse::<SocketAddr>().ok().map(|socket| socket.ip().to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(lines: &[&[u8]]) -> Vec<String> {
        let told = |entry| match entry {
            Entry::Address(address) => address.to_string(),
            Entry::Malformed(part) => format!("?{}", String::from_utf8_lossy(part)),
        };
        entries(lines.iter().copied()).into_iter().map(told).collect()
    }

    #[test]
    fn lists_are_read_as_exchange_online_and_proxies_write_them() {
        let cases: &[(&[&[u8]], &[&str])] = &[
            (&[b"203.0.113.7"], &["203.0.113.7"]),
            (&[b"203.0.113.7,198.51.100.9"], &["203.0.113.7", "198.51.100.9"]),
            (&[b" 203.0.113.7 ,\t198.51.100.9 , "], &["203.0.113.7", "198.51.100.9"]),
            (&[b"203.0.113.7", b"198.51.100.9"], &["203.0.113.7", "198.51.100.9"]),
            (&[b"203.0.113.7:51000,[2001:DB8::7]:443,[2001:db8::8]"], &["203.0.113.7", "2001:db8::7", "2001:db8::8"]),
            (&[b"::ffff:203.0.113.7"], &["203.0.113.7"]),
            (&[b"unknown,203.0.113.7"], &["?unknown", "203.0.113.7"]),
            (&[b"203.0.113.256"], &["?203.0.113.256"]),
            (&[b"203.0.113.7 10.0.0.1"], &["?203.0.113.7 10.0.0.1"]),
            (&[b"203.0.113.07"], &["?203.0.113.07"]),
            (&[b"fe80::1%eth0"], &["?fe80::1%eth0"]),
            (&[b"10.0.0.1\x01"], &["?10.0.0.1\u{1}"]),
            (&[b"10.0.0.1\xff"], &["?10.0.0.1\u{fffd}"]),
            (&[b"", b",,,"], &[]),
        ];
        for (lines, expected) in cases {
            assert_eq!(told(lines), *expected);
        }
    }

    #[test]
    fn a_peer_is_an_address_without_port_and_brackets() {
        let cases = [
            ("192.0.2.7:51234", Some("192.0.2.7")),
            ("[2001:db8::7]:443", Some("2001:db8::7")),
            ("[::ffff:192.0.2.7]:443", Some("192.0.2.7")),
            ("unknown", None),
            ("", None),
        ];
        for (peer, expected) in cases {
            assert_eq!(of_socket(peer).map(|address| address.to_string()).as_deref(), expected, "{peer}");
        }
    }

    proptest! {
        /// Whatever a client sends, only addresses come out, and nothing is lost.
        #[test]
        fn every_entry_is_an_address_or_told(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            let read = entries([line.as_slice()].into_iter());
            let parts = line.split(|byte| *byte == b',').filter(|part| !part.trim_ascii().is_empty()).count();
            prop_assert_eq!(read.len(), parts);
        }

        #[test]
        fn addresses_are_read_back(addresses in proptest::collection::vec(any::<IpAddr>(), 0..20)) {
            let line = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let expected: Vec<Entry> = addresses.iter().map(|address| Entry::Address(address.to_canonical())).collect();
            prop_assert_eq!(entries([line.as_bytes()].into_iter()), expected);
        }
    }
}
