//! The `fedgate` command.

fn main() {}
