//! fedgate: a federation gateway for certificate sign-in that can explain every decision.
//!
//! # The map
//!
//! One request path. Read [`http::routes`], then [`sign_in::federated`], and you know the product.
//!
//! | room | what happens there | I/O |
//! |---|---|---|
//! | [`cli`], [`lab`] | one file per command; the self-contained lab behind `fedgate lab` | yes |
//! | [`config`] | `fedgate.toml` → runtime types, every problem reported at once | loading |
//! | [`listener`] | TLS acceptors; ask for a client certificate, never judge it | yes |
//! | [`http`] | the route table, one file per endpoint family, the only renderer of verdicts | yes |
//! | [`control`] | what an operator asks of a running gateway, over a Unix socket | yes |
//! | [`lookups`] | the only outbound I/O: CRLs, OCSP answers, directory entries, attribute stores | yes |
//! | [`sign_in`] | evidence, stages, the federated flow, the verdict and its one record | no |
//! | [`certificate`] | a read-only view of one certificate | no |
//! | [`chain`] | trust containers and path validation at an explicit time | no |
//! | [`revocation`] | what must be asked, parsed CRLs, judgement | no |
//! | [`verification`] | what `fedgate verify` and `fedgate trust` report, as data and as text | no |
//! | [`directory`] | the directory's vocabulary: entries, filters, queries, failures | no |
//! | [`subject`] | which account a certificate stands for | no |
//! | [`federation`] | trusts and admission: may this request be served here at all | no |
//! | [`claims`] | the AD FS claim rule language, evaluated and traced; policies, cases, stores that only compute | no |
//! | [`token`] | SAML 1.1 and 2.0 in canonical form, signatures | no |
//! | [`protocol`] | wire shapes of WS-Trust, SOAP, WS-Federation and SAML 2.0 | no |
//! | [`xml`] | the strict reader and the canonical writer | no |
//! | [`xml_encryption`] | an element encrypted for one recipient | no |
//! | [`xml_signature`] | signatures of incoming messages: what was signed, or why it is not believed | no |
//! | [`pages`] | everything a person sees: templates, texts, and the content policy of each page | no |
//! | [`metrics`] | what is counted, and the text that Prometheus reads | no |
//! | [`outcome`] | the catalogue: every way a sign-in can end | no |
//! | [`typesetting`] | text for terminals and logs: lines, and nothing that a terminal would act upon | no |
//! | `spelling` | which name was probably meant | no |
//! | [`mod@text`] | text that is copied without being allocated again | no |
//!
//! Time and identifiers are arguments everywhere; [`clock`] and [`entropy`] are the two doors to the ambient world.

#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod certificate;
pub mod chain;
pub mod claims;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod directory;
pub mod entropy;
pub mod federation;
pub mod http;
pub mod lab;
pub mod listener;
pub mod lookups;
pub mod metrics;
pub mod outcome;
pub mod pages;
pub mod protocol;
pub mod revocation;
pub mod sign_in;
mod spelling;
pub mod subject;
pub mod text;
pub mod token;
pub mod typesetting;
pub mod verification;
pub mod xml;
pub mod xml_encryption;
pub mod xml_signature;
