//! The strict reader and the canonical writer.

pub mod canonical;
pub mod reader;
