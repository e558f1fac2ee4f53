//! The command as one has it at a terminal.

mod bad_configuration;
mod prompt;
mod readers_that_leave;
mod rules;
mod rules_import;
mod trusts;
mod words;
