//! The strict reader and the canonical writer.

pub mod canonical;
pub mod exclusive;
pub mod reader;
