//! The strict reader and the canonical writer.

pub mod reader;
