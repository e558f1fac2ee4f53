//! fedgate from outside: real servers, real sockets, one binary.

#![allow(clippy::unwrap_used)]

mod architecture;
mod attribute_stores;
mod browser;
mod command_line;
mod control;
mod directories;
mod directory_faults;
mod fetching;
mod lab;
mod listener;
mod pages;
mod saml;
mod scenarios;
mod support;
mod verify;
mod wstrust;
