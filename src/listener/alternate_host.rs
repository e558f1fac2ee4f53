//! One port, two host names: under one of them a certificate is asked for. AD FS calls it the alternate TLS client binding
//! (ADFS-PROTOCOLS section 1.2). Which name a client means is known from its first message, before anything is asked of it.

use crate::sign_in::evidence::ListenerRole;
use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::ssl::{NameType, Ssl, SslAcceptorBuilder, SslContext, SslRef, SslVerifyMode};
use std::sync::LazyLock;

/// Where a connection keeps what was asked of its client.
static ROLE: LazyLock<Result<Index<Ssl, ListenerRole>, ErrorStack>> = LazyLock::new(Ssl::new_ex_index);

/// Has an acceptor go on with another context when a client names this host, or one directly below it.
///
/// # Errors
/// When OpenSSL has no room for the connection's role.
pub(super) fn ask_under(
    builder: &mut SslAcceptorBuilder,
    host: String,
    user_tls: SslContext,
) -> Result<(), ErrorStack> {
    let role = (*ROLE).clone()?;
    builder.set_servername_callback(move |ssl, _| {
        if ssl.servername(NameType::HOST_NAME).is_some_and(|name| is_meant(name, &host)) {
            // The context brings its certificate and the names of authorities; what is asked belongs to the connection. A
            // connection that could not be switched asks for nothing and keeps the role of its listener.
            if ssl.set_ssl_context(&user_tls).is_ok() {
                ssl.set_verify_callback(SslVerifyMode::PEER, |_, _| true);
                ssl.set_ex_data(role, ListenerRole::UserTls);
            }
        }
        Ok(())
    });
    Ok(())
}

/// What a connection was asked: the role of its listener, unless the name it came by has another.
pub(super) fn role_of(ssl: &SslRef, listener: ListenerRole) -> ListenerRole {
    let switched = (*ROLE).as_ref().ok().and_then(|role| ssl.ex_data(*role));
    switched.copied().unwrap_or(listener)
}

/// Browsers remember per host name which certificate was chosen; a name below the host is a fresh one.
fn is_meant(name: &str, host: &str) -> bool {
    let below = |label: &str| !label.is_empty() && !label.contains('.');
    let (name, host) = (name.to_ascii_lowercase(), host.to_ascii_lowercase());
    name == host || name.strip_suffix(&host).and_then(|rest| rest.strip_suffix('.')).is_some_and(below)
}

#[cfg(test)]
mod tests {
    use super::is_meant;

    #[test]
    fn the_host_and_what_is_directly_below_it_are_meant() {
        for (name, meant) in [
            ("certauth.sts.contoso.test", true),
            ("CertAuth.STS.contoso.test", true),
            ("again-1.certauth.sts.contoso.test", true),
            ("a.b.certauth.sts.contoso.test", false),
            (".certauth.sts.contoso.test", false),
            ("evilcertauth.sts.contoso.test", false),
            ("sts.contoso.test", false),
            ("certauth.sts.contoso.test.evil.test", false),
            ("", false),
        ] {
            assert_eq!(is_meant(name, "certauth.sts.contoso.test"), meant, "{name}");
        }
    }
}
