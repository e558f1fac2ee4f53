//! Directories: one behaviour, whatever stands behind it.

mod conformance;
mod people;
mod transport;
