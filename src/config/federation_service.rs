//! `[service]`, `[limits]` and `[log]`.

use super::document::Section;
use super::{Located, Problems};
use std::time::Duration;

/// `[service]`: who this gateway is.
#[derive(Debug, Clone)]
pub struct ServiceSection {
    /// Federation service name, a host name.
    pub name: Located<String>,
    /// Issuer of every token. By default `http://<name>/adfs/services/trust`, as AD FS has it.
    pub identifier: String,
    /// How long a token holds: 60 minutes.
    pub token_lifetime: Duration,
    /// How far a client's clock, or a CRL publisher's, may be off: 300 seconds.
    pub clock_skew: Duration,
}

/// `[limits]`: how much a request may ask of us.
#[derive(Debug, Clone, Copy)]
pub struct LimitsSection {
    /// Longest body: 65536 bytes.
    pub request_bytes: usize,
    /// Elements inside elements: 32.
    pub xml_depth: usize,
    /// Attributes on one element: 64.
    pub xml_attributes: usize,
    /// Text in one element: 16384 bytes.
    pub xml_text_bytes: usize,
}

/// `[log]` format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

pub(super) fn service(mut section: Section<'_, '_>, problems: &mut Problems) -> ServiceSection {
    let name = section.required(problems, "name", "Set the federation service name, such as sts.contoso.com.");
    if !name.value.is_empty() && !is_host_name(&name.value) {
        let cure = "Give the name alone, such as sts.contoso.com, without https:// and without a port.";
        section.problem_at(problems, &name, format!("must be a host name, is {:?}", name.value), cure);
    }
    let identifier = section.string(problems, "identifier");
    let service = ServiceSection {
        identifier: identifier
            .map_or_else(|| format!("http://{}/adfs/services/trust", name.value), |identifier| identifier.value),
        name,
        token_lifetime: Duration::from_secs(60 * section.integer(problems, "token_lifetime_minutes", 60, 1..=1440)),
        clock_skew: section.seconds(problems, "clock_skew_seconds", 300, 0..=3600),
    };
    section.finish(problems);
    service
}

pub(super) fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

pub(super) fn limits(mut section: Section<'_, '_>, problems: &mut Problems) -> LimitsSection {
    let mut limit =
        |key, default, range| usize::try_from(section.integer(problems, key, default, range)).unwrap_or(usize::MAX);
    let limits = LimitsSection {
        request_bytes: limit("request_bytes", 64 * 1024, 4096..=1024 * 1024),
        xml_depth: limit("xml_depth", 32, 12..=256),
        xml_attributes: limit("xml_attributes", 64, 16..=1024),
        xml_text_bytes: limit("xml_text_bytes", 16 * 1024, 1024..=1024 * 1024),
    };
    section.finish(problems);
    limits
}

pub(super) fn log(mut section: Section<'_, '_>, problems: &mut Problems) -> LogFormat {
    let choices = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let format = section.choice(problems, "format", LogFormat::Text, &choices);
    section.finish(problems);
    format
}
