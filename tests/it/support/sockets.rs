//! The machine's table of TCP sockets: who holds a connection at this moment.

use std::fs;

/// States as /proc/net/tcp numbers them.
const ESTABLISHED: &str = "01";
const SYN_SENT: &str = "02";
const TIME_WAIT: &str = "06";
const LISTEN: &str = "0A";

/// Connections to one of these ports that clients have open, or are opening.
pub fn held_by_clients(ports: &[u16]) -> usize {
    count(|_, remote, state| ports.contains(&remote) && [ESTABLISHED, SYN_SENT].contains(&state))
}

/// Connections of which the server at this port has not let go. (What only the kernel remembers does not count.)
pub fn held_by_server(port: u16) -> usize {
    count(|local, _, state| local == port && ![LISTEN, TIME_WAIT].contains(&state))
}

fn count(wanted: impl Fn(u16, u16, &str) -> bool) -> usize {
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let is_wanted = |line: &&str| {
        let mut fields = line.split_whitespace().skip(1);
        let mut port = || u16::from_str_radix(fields.next()?.rsplit(':').next()?, 16).ok();
        let (Some(local), Some(remote)) = (port(), port()) else { return false };
        wanted(local, remote, fields.next().unwrap_or_default())
    };
    table.lines().filter(is_wanted).count()
}
