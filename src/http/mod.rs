//! HTTP: the route table, one file per endpoint family, and the only place where a verdict becomes bytes.

mod activity;
mod certificate_transport;
mod cookies;
mod federation_metadata;
mod gateway;
mod metadata_exchange;
mod origin;
mod passive;
mod plain;
pub mod render;
pub mod routes;

pub use activity::Activity;
pub use certificate_transport::{GetAnswer, HoldLimits};
pub use federation_metadata::PublishedMetadata;
pub use gateway::Gateway;
