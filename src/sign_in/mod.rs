//! A sign-in: its evidence, its stages, the federated flow, its verdict and its one record.

mod stage;

pub use stage::Stage;
