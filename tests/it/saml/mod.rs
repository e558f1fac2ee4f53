//! SAML 2.0 and federation metadata, as relying parties meet them.

mod attacks;
mod metadata;
mod party;
mod relying_parties;
