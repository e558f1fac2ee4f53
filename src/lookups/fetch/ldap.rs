//! A CRL in a directory, where AD CS publishes it: one anonymous base object search (RFC 4516, RFC 4523 section 4.4).
//!
//! ldap3 reads an answer as a whole before anybody can look at it: here the time limit is what bounds the memory, and the
//! limit of bytes is judged afterwards.

use super::failure::FetchFailure;
use super::resolver::{ResolveError, resolve};
use super::web::Web;
use crate::revocation::UrlSource;
use ldap3::{LdapConnAsync, LdapConnSettings, Scope, SearchEntry, StdStream};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use url::{Host, Url};

/// The attributes that hold a CRL; nothing else is asked for.
const ATTRIBUTES: &[&str] = &["certificateRevocationList", "authorityRevocationList", "deltaRevocationList"];

/// LDAP's code for success (RFC 4511 section 4.1.9).
const SUCCESS: u32 = 0;

/// An entry and its attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    server: Url,
    dn: String,
    attribute: &'static str,
}

impl Entry {
    /// Reads `ldap://host/dn?attribute?base?filter`. The filter is not needed: the entry is named.
    pub(super) fn of_url(url: &Url) -> Result<Self, FetchFailure> {
        let unsupported = FetchFailure::UnsupportedScheme;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(unsupported("it names no directory server"));
        }
        let mut parts = url.query().unwrap_or_default().split('?');
        let wanted = parts.next().unwrap_or_default();
        let wanted = wanted.split(';').next().unwrap_or_default();
        let attribute = ATTRIBUTES.iter().find(|known| known.eq_ignore_ascii_case(wanted));
        let attribute = attribute.ok_or(unsupported("it asks for no attribute that holds a CRL"))?;
        if !matches!(parts.next(), None | Some("" | "base")) {
            return Err(unsupported("its scope is not the entry itself"));
        }
        let dn = decoded(url.path().trim_start_matches('/')).ok_or(unsupported("its name is not UTF-8"))?;
        Ok(Self { server: url.clone(), dn, attribute })
    }
}

/// Undoes percent encoding (RFC 3986 section 2.1).
fn decoded(text: &str) -> Option<String> {
    let mut octets = text.bytes();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(octet) = octets.next() {
        plain.push(if octet == b'%' {
            let digits = [octets.next()?, octets.next()?];
            u8::from_str_radix(str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            octet
        });
    }
    String::from_utf8(plain).ok()
}

pub(super) async fn read(at: &Entry, web: &Web, source: UrlSource, limit: usize) -> Result<Vec<u8>, FetchFailure> {
    let unreachable = |error: ldap3::LdapError| FetchFailure::Unreachable(error.to_string());
    let stream = connect(at, web, source).await?;
    let settings = LdapConnSettings::new().set_connector(web.tls.clone()).set_std_stream(StdStream::Tcp(stream));
    let base = format!("{}://{}", at.server.scheme(), at.server.host_str().unwrap_or_default());
    let (connection, mut ldap) = LdapConnAsync::with_settings(settings, &base).await.map_err(unreachable)?;
    let _driver = Driver(tokio::spawn(async move { connection.drive().await }));
    let attributes = [format!("{};binary", at.attribute), at.attribute.to_owned()];
    let answer = ldap.search(&at.dn, Scope::Base, "(objectClass=*)", attributes).await.map_err(unreachable)?;
    let (entries, result) = (answer.0, answer.1);
    if result.rc != SUCCESS {
        let detail = format!("the directory answered with result code {} {}", result.rc, result.text);
        return Err(FetchFailure::Unreachable(detail.trim_end().to_owned()));
    }
    let value = entries.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate()).find_map(|entry| {
        let entry = SearchEntry::construct(entry);
        let texts =
            entry.attrs.into_iter().map(|(name, values)| (name, values.into_iter().map(String::into_bytes).collect()));
        let mut all = texts.chain(entry.bin_attrs);
        all.find(|(name, _): &(String, Vec<Vec<u8>>)| is(name, at.attribute))
            .and_then(|(_, values)| values.into_iter().next())
    });
    match value {
        Some(value) if value.len() > limit => Err(FetchFailure::TooLarge(limit)),
        Some(value) => Ok(value),
        None => Err(FetchFailure::Unreachable(format!("the entry has no {} that may be read", at.attribute))),
    }
}

/// Whether an attribute description is of this type, whatever its options.
fn is(description: &str, attribute: &str) -> bool {
    description.split(';').next().is_some_and(|name| name.eq_ignore_ascii_case(attribute))
}

/// Connects here and not in ldap3, so that the address is one that was judged.
async fn connect(at: &Entry, web: &Web, source: UrlSource) -> Result<std::net::TcpStream, FetchFailure> {
    let port = at.server.port().unwrap_or(if at.server.scheme() == "ldaps" { 636 } else { 389 });
    // The URL standard leaves the host of ldap URLs alone; it is read as that of any other.
    let host = Host::parse(at.server.host_str().unwrap_or_default())
        .map_err(|_| FetchFailure::UnsupportedScheme("its host is neither a name nor an address"))?;
    let as_read = match &host {
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
        Host::Domain(name) => Host::Domain(name.as_str()),
    };
    web.policy.check_host(&as_read, source)?;
    let addresses = match &host {
        Host::Ipv4(address) => vec![SocketAddr::from((*address, port))],
        Host::Ipv6(address) => vec![SocketAddr::from((*address, port))],
        Host::Domain(name) => resolve(&web.policy, name, port, source).await.map_err(|error| match error {
            ResolveError::Forbidden(forbidden) => FetchFailure::Forbidden(forbidden),
            ResolveError::NoAddress(detail) => FetchFailure::Unreachable(detail),
        })?,
    };
    let unreachable = |error: std::io::Error| FetchFailure::Unreachable(error.to_string());
    TcpStream::connect(addresses.as_slice()).await.map_err(unreachable)?.into_std().map_err(unreachable)
}

/// Ends the connection when the search does, or is given up.
struct Driver(tokio::task::JoinHandle<Result<(), ldap3::LdapError>>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}
