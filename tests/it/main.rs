//! The gateway from outside: real servers, real sockets, one binary.

#![allow(clippy::unwrap_used)]

mod architecture;
mod scenarios;
