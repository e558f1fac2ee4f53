//! A TLS client that does what it is told, sensible or not.

use super::gateway::{PKI, SERVICE, user};
use openssl::bn::BigNum;
use openssl::ec::EcKey;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::rsa::RsaPrivateKeyBuilder;
use openssl::ssl::{
    HandshakeError, SslConnector, SslConnectorBuilder, SslMethod, SslSession, SslSessionCacheMode, SslStream,
    SslVersion,
};
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const VERSIONS: [SslVersion; 2] = [SslVersion::TLS1_2, SslVersion::TLS1_3];

/// A certificate, what is sent with it, and a key to sign with.
#[derive(Clone)]
pub struct Identity {
    pub certificate: X509,
    pub chain: Vec<X509>,
    pub key: PKey<Private>,
}

impl Identity {
    /// As the member of the cast presents it.
    pub fn of(name: &str) -> Self {
        let user = user(name);
        Self {
            certificate: X509::from_der(&user.issued.der).unwrap(),
            chain: user.sends.iter().map(|der| X509::from_der(der).unwrap()).collect(),
            key: user.issued.key.private().clone(),
        }
    }

    /// Sends this certificate too.
    pub fn sending(mut self, der: &[u8]) -> Self {
        self.chain.push(X509::from_der(der).unwrap());
        self
    }

    /// Somebody who has the certificate and not its key. OpenSSL lets nobody configure a key with another public half, so
    /// the public half stays and the private one is another: everything fits until a signature is checked.
    pub fn without_its_key(mut self) -> Self {
        self.key = match (self.key.rsa(), self.key.ec_key()) {
            (Ok(rsa), _) => {
                let mut exponent = rsa.d().to_owned().unwrap();
                exponent.add_word(2).unwrap();
                let (modulus, public) = (rsa.n().to_owned().unwrap(), rsa.e().to_owned().unwrap());
                PKey::from_rsa(RsaPrivateKeyBuilder::new(modulus, public, exponent).unwrap().build()).unwrap()
            }
            (_, Ok(key)) => {
                let other = BigNum::from_u32(4711).unwrap();
                PKey::from_ec_key(EcKey::from_private_components(key.group(), &other, key.public_key()).unwrap())
                    .unwrap()
            }
            _ => panic!("neither RSA nor elliptic curves"),
        };
        self
    }
}

/// How to connect.
#[derive(Clone)]
pub struct Client {
    /// The name it connects to, and which the server must prove.
    pub host: &'static str,
    pub version: SslVersion,
    pub identity: Option<Identity>,
    /// Protocols offered, in the wire form of RFC 7301.
    pub alpn: Option<&'static [u8]>,
    /// Sessions the server handed out for a later resumption.
    pub handed_out: Arc<Mutex<Vec<SslSession>>>,
}

impl Client {
    pub fn new(version: SslVersion) -> Self {
        Self { host: SERVICE, version, identity: None, alpn: None, handed_out: Arc::default() }
    }

    pub fn presenting(self, identity: Identity) -> Self {
        Self { identity: Some(identity), ..self }
    }

    /// Connects and shakes hands. The server must prove its name, with the root alone to go by.
    pub fn connect(&self, to: SocketAddr) -> Result<SslStream<TcpStream>, HandshakeError<TcpStream>> {
        self.connect_over(dial(to))
    }

    /// The same over a connection that exists.
    pub fn connect_over<S: Read + Write>(&self, stream: S) -> Result<SslStream<S>, HandshakeError<S>> {
        let connector = self.connector().unwrap();
        connector.connect(self.host, stream)
    }

    fn connector(&self) -> Result<SslConnector, ErrorStack> {
        let mut builder = SslConnector::builder(SslMethod::tls_client())?;
        builder.set_min_proto_version(Some(self.version))?;
        builder.set_max_proto_version(Some(self.version))?;
        // The client must be able to present a weak key; whether it is good enough is for the gateway to say.
        builder.set_cipher_list("DEFAULT:@SECLEVEL=0")?;
        let mut store = X509StoreBuilder::new()?;
        store.add_cert(X509::from_der(&PKI.root.issued.der)?)?;
        builder.set_cert_store(store.build());
        if let Some(alpn) = self.alpn {
            builder.set_alpn_protos(alpn)?;
        }
        if let Some(identity) = &self.identity {
            present(&mut builder, identity)?;
        }
        builder.set_session_cache_mode(SslSessionCacheMode::CLIENT | SslSessionCacheMode::NO_INTERNAL);
        let handed_out = self.handed_out.clone();
        builder.set_new_session_callback(move |_, session| handed_out.lock().unwrap().push(session));
        Ok(builder.build())
    }
}

fn present(builder: &mut SslConnectorBuilder, identity: &Identity) -> Result<(), ErrorStack> {
    builder.set_certificate(&identity.certificate)?;
    builder.set_private_key(&identity.key)?;
    for certificate in &identity.chain {
        builder.add_extra_chain_cert(certificate.clone())?;
    }
    Ok(())
}

/// A TCP connection on which nothing waits for ever.
pub fn dial(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}
