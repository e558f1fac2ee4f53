//! Where domain errors meet the catalogue: every variant of every room's error names its outcome here, and its data
//! become the fields of the record.

mod attribute_store;
mod chain;
mod directory;
mod ocsp;
mod passive;
mod revocation;
mod saml;
mod subject;
mod token;

pub(super) use attribute_store::attribute_store;
pub(super) use passive::impossible;
pub(super) use saml::{saml_signature, saml_xml};
