//! HTTP by hand: what is written is what is sent, and what comes back is taken apart just far enough to look at it.

use std::io::{ErrorKind, Read, Write};

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Sends octets and reads the answer to a request that is not HEAD.
pub fn exchange(stream: &mut (impl Read + Write), request: impl AsRef<[u8]>) -> Answer {
    stream.write_all(request.as_ref()).unwrap();
    read_answer(stream).expect("an answer")
}

/// The next answer on the connection; `None` when the server closed instead.
pub fn read_answer(stream: &mut impl Read) -> Option<Answer> {
    let mut head = read_head(stream)?;
    let length: usize = head.header("content-length").map_or(0, |length| length.parse().unwrap());
    assert_eq!(head.header("transfer-encoding"), None, "answers here have a length");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head.body = String::from_utf8(body).unwrap();
    Some(head)
}

/// The head of an answer, where no body follows whatever it says.
pub fn read_head(stream: &mut impl Read) -> Option<Answer> {
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if !read_one(stream, &mut octet) {
            assert!(head.is_empty(), "closed in the middle of {:?}", String::from_utf8_lossy(&head));
            return None;
        }
        head.push(octet[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Some(Answer { status, headers: lines.filter_map(header).collect(), body: String::new() })
}

/// Whether the server closed the connection. It must not say anything more.
pub fn is_closed(stream: &mut impl Read) -> bool {
    let mut octet = [0];
    let more = read_one(stream, &mut octet);
    assert!(!more, "the server went on with {:?}", octet[0]);
    true
}

/// Reads one octet; closing and breaking are the end alike.
fn read_one(stream: &mut impl Read, octet: &mut [u8; 1]) -> bool {
    match stream.read(octet) {
        Ok(read) => read == 1,
        Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {
            panic!("neither an answer nor an end: {error}")
        }
        Err(_) => false,
    }
}
