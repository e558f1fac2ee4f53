//! The TLS side of a listener.

use crate::sign_in::evidence::ListenerRole;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{
    AlpnError, SslAcceptor, SslAcceptorBuilder, SslMethod, SslOptions, SslSessionCacheMode, SslVerifyMode,
    select_next_proto,
};
use openssl::stack::Stack;
use openssl::x509::{X509, X509Name};

/// The certificate a listener shows, with its chain and key.
pub struct TlsIdentity {
    chain: Vec<X509>,
    key: PKey<Private>,
    client_authorities: Vec<Vec<u8>>,
}

impl std::fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsIdentity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

/// Why a listener's certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsIdentityError {
    /// The certificate file does not hold PEM certificates.
    #[error("holds no PEM certificate")]
    NoCertificate,
    /// The key file does not hold an unencrypted PEM key.
    #[error("holds no unencrypted PEM private key")]
    NoKey,
    /// They do not belong together.
    #[error("is not the key of the certificate")]
    Mismatch,
}

impl TlsIdentity {
    /// Reads a PEM chain, leaf first, and its key.
    ///
    /// # Errors
    /// When either cannot be read or they do not belong together.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, TlsIdentityError> {
        let chain = X509::stack_from_pem(chain).unwrap_or_default();
        let leaf = chain.first().ok_or(TlsIdentityError::NoCertificate)?;
        let key = PKey::private_key_from_pem_callback(key, |_| Ok(0)).map_err(|_| TlsIdentityError::NoKey)?;
        if !leaf.public_key().is_ok_and(|public| public.public_eq(&key)) {
            return Err(TlsIdentityError::Mismatch);
        }
        Ok(Self { chain, key, client_authorities: Vec::new() })
    }

    /// Whether clients that connect to this host find its name in the certificate (RFC 6125 section 6.4): word for word, or
    /// with one label in the place of an asterisk.
    pub fn covers(&self, host: &str) -> bool {
        let names = self.chain.first().and_then(|leaf| leaf.subject_alt_names());
        let below = host.split_once('.').map(|(_, below)| below);
        names.into_iter().flatten().any(|name| match name.dnsname() {
            Some(name) if name.eq_ignore_ascii_case(host) => true,
            Some(name) => {
                name.strip_prefix("*.").is_some_and(|rest| below.is_some_and(|below| rest.eq_ignore_ascii_case(below)))
            }
            None => false,
        })
    }

    /// The same, naming these authorities (DER of their names) where it asks for a client's certificate.
    pub fn naming_authorities(self, names: Vec<Vec<u8>>) -> Self {
        Self { client_authorities: names, ..self }
    }
}

/// Builds the acceptor of a listener: TLS 1.2 and 1.3, HTTP/1.1 only.
///
/// Resumption is off on both listeners. On the user TLS listener a resumed session would bring back the leaf without the
/// intermediates the client sent, so that a second visit could fail where the first succeeded.
///
/// # Errors
/// When OpenSSL refuses the certificate or key.
pub fn acceptor(identity: &TlsIdentity, role: ListenerRole) -> Result<SslAcceptorBuilder, openssl::error::ErrorStack> {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    let mut certificates = identity.chain.iter();
    if let Some(leaf) = certificates.next() {
        builder.set_certificate(leaf)?;
    }
    for issuer in certificates {
        builder.add_extra_chain_cert(issuer.clone())?;
    }
    builder.set_private_key(&identity.key)?;
    builder.set_options(SslOptions::NO_TICKET | SslOptions::NO_RENEGOTIATION);
    builder.set_session_cache_mode(SslSessionCacheMode::OFF);
    builder.set_num_tickets(0)?;
    // the server sets the same; a context that a connection is switched to has only this
    builder.set_alpn_select_callback(|_, offered| {
        select_next_proto(b"\x08http/1.1", offered).map(|_| &b"http/1.1"[..]).ok_or(AlpnError::NOACK)
    });
    match role {
        ListenerRole::UserTls => {
            builder.set_session_id_context(b"fedgate user tls")?;
            // Accept every chain: TLS still proves that the client holds the leaf's key (CertificateVerify), and the chain
            // is judged above TLS. Without FAIL_IF_NO_PEER_CERT a client without a certificate gets its page too.
            builder.set_verify_callback(SslVerifyMode::PEER, |_, _| true);
            let mut names = Stack::new()?;
            for name in &identity.client_authorities {
                names.push(X509Name::from_der(name)?)?;
            }
            builder.set_client_ca_list(names);
        }
        ListenerRole::Service => {
            builder.set_session_id_context(b"fedgate service")?;
            builder.set_verify(SslVerifyMode::NONE);
        }
    }
    Ok(builder)
}
