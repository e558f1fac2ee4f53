//! SAML 2.0 and federation metadata, as relying parties meet them.

mod metadata;
