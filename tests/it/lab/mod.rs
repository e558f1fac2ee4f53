//! The lab from outside: what the command makes, what it notices, and who else can sign in at it.

mod clients;
mod directory_dies;
mod gone_wrong;
mod once;
mod over_ldaps;
mod serving;
mod warm_cache;
