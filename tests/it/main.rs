//! The gateway from outside: real servers, real sockets, one binary.

mod architecture;
