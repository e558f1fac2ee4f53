//! The command as one has it at a terminal.

mod readers_that_leave;
