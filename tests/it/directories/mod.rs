//! Directories: one behaviour, whatever stands behind it.

mod conformance;
mod passwords;
mod people;
mod transport;
