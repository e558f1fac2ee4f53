//! What one token costs: from evidence in hand, caches warm, to the bytes of the response, as a ratio to the one thing no
//! implementation can leave out, a raw RSA-2048 signature of the same key, measured in the same run.
//!
//! The two are measured in turns of a few milliseconds, so that a machine that slows down slows both; the figure is the
//! median of the ratios of the turns.

use criterion::{Criterion, criterion_group, criterion_main};
use fedgate::clock::Clock;
use fedgate::config::{Configuration, assemble};
use fedgate::federation::Farm;
use fedgate::http::render;
use fedgate::lab::Lab;
use fedgate::lookups::{CrlSource, LiveLookups, Lookups, OcspPost, OcspSource};
use fedgate::sign_in::evidence::{ConnectionEvidence, ListenerRole, RequestEvidence, TlsFacts};
use fedgate::sign_in::{Evidence, SignInRecord, federated};
use fedgate::token::{KeySigner, SignatureAlgorithm, Signer, SigningError};
use fedgate::{chain::PresentedChain, entropy};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// The allocator of the `fedgate` command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A token may cost at most this much of a raw signature.
const CEILING: f64 = 1.10;
const TURNS: usize = 200;
const TOKENS_IN_A_TURN: u32 = 8;

/// Signs nothing: what remains is ours.
#[derive(Debug)]
struct NoSignature(KeySigner);

impl Signer for NoSignature {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }

    fn certificate_base64(&self) -> &str {
        self.0.certificate_base64()
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SigningError> {
        Ok(vec![0; 256])
    }
}

/// Everything a sign-in needs, in memory.
struct Gateway {
    farm: Farm,
    /// The same farm, but for its signature.
    unsigned: Farm,
    lookups: LiveLookups,
    evidence: Evidence,
    key: PKey<Private>,
    runtime: Runtime,
    _folder: tempfile::TempDir,
}

impl Gateway {
    /// A lab's gateway, its CRLs read from files.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let addresses = [49443, 8443, 8089].map(|port| ([127, 0, 0, 1], port).into());
        let lab = Lab::make(&folder.path().join("lab"), Clock::System.now(), addresses).expect("a lab");
        let text = std::fs::read_to_string(lab.path("fedgate.toml")).expect("a configuration") + &crls_from_files(&lab);
        let configuration = Configuration::parse(&lab.path("fedgate.toml"), &text).expect("a configuration");
        let assembled = assemble(&configuration).expect("a gateway");
        let mut unsigned = assemble(&configuration).expect("a gateway").farm;
        let [certificate, key] = ["pem", "key"]
            .map(|kind| std::fs::read(lab.path(&format!("gateway/token-signing.{kind}"))).expect("a file"));
        unsigned.signer = Arc::new(NoSignature(KeySigner::new(&certificate, &key).expect("a signer")));
        let transport = Arc::new(OcspPost::new(&assembled.fetcher));
        let retry_after = assembled.crl_settings.retry_after;
        let ocsp = OcspSource::new(transport, retry_after, entropy::random_bytes, Clock::System);
        let crls = CrlSource::new(assembled.fetcher, assembled.crl_settings, Clock::System);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let gateway = Self {
            farm: assembled.farm,
            unsigned,
            lookups: LiveLookups::new(crls, ocsp, assembled.directory, assembled.attribute_stores),
            evidence: evidence(&lab),
            key: PKey::private_key_from_pem(&key).expect("a key"),
            runtime,
            _folder: folder,
        };
        for farm in [&gateway.farm, &gateway.unsigned] {
            assert_eq!(gateway.token(farm), 200, "the first sign-in, which warms the caches, ends with a token");
        }
        gateway
    }

    /// One token, to the bytes of the response; the status shows that it is one.
    fn token(&self, farm: &Farm) -> u16 {
        let lookups: &dyn Lookups = &self.lookups;
        let signing_in = federated::sign_in(&self.evidence, farm, lookups, Clock::System.stopwatch());
        let verdict = self.runtime.block_on(signing_in);
        black_box(render::answer(&verdict, &self.evidence)).status
    }

    /// The same, and the sign-in's record.
    fn token_and_record(&self) -> SignInRecord {
        let lookups: &dyn Lookups = &self.lookups;
        let signing_in = federated::sign_in(&self.evidence, &self.farm, lookups, Clock::System.stopwatch());
        let verdict = self.runtime.block_on(signing_in);
        black_box(render::answer(&verdict, &self.evidence));
        SignInRecord::new(&self.evidence, &verdict)
    }

    /// The limit: the signature alone, over as many octets as a SignedInfo has.
    fn raw_signature(&self) -> Vec<u8> {
        let mut signer = openssl::sign::Signer::new(MessageDigest::sha256(), &self.key).expect("a signer");
        signer.sign_oneshot_to_vec(black_box(&[b'x'; 700])).expect("a signature")
    }
}

fn crls_from_files(lab: &Lab) -> String {
    [("certs/root/contoso-root-ca.pem", "root"), ("certs/intermediate/contoso-issuing-ca-1.pem", "issuing")]
        .map(|(certificate, crl)| {
            let url = lab.path(&format!("crl/{crl}.crl"));
            format!(
                "\n[[revocation.authority]]\ncertificate = \"{certificate}\"\ncrl_distribution_point = \"file://{}\"\n",
                url.display()
            )
        })
        .concat()
}

fn evidence(lab: &Lab) -> Evidence {
    let chain = std::fs::read(lab.user("good").0).expect("a user's chain");
    let mut chain = X509::stack_from_pem(&chain)
        .expect("a chain")
        .into_iter()
        .map(|certificate| certificate.to_der().expect("DER"));
    Evidence {
        at: Clock::System.now(),
        correlation: entropy::uuid(),
        assertion: entropy::uuid(),
        connection: ConnectionEvidence {
            listener: ListenerRole::UserTls,
            peer: "192.0.2.7:50000".to_owned(),
            port: 49443,
            tls: TlsFacts::default(),
            presented: Some(PresentedChain::new(chain.next().expect("a leaf"), chain.collect())),
        },
        request: RequestEvidence {
            path: fedgate::http::routes::CERTIFICATE_TRANSPORT.to_owned(),
            endpoint: fedgate::http::routes::CERTIFICATE_TRANSPORT,
            content_type: Some("application/soap+xml; charset=utf-8".to_owned()),
            soap_action: None,
            client_request_id: None,
            user_agent: Some("bench".to_owned()),
            proxy_headers: Vec::new(),
            body: Ok(std::fs::read(lab.path("request.xml")).expect("a request")),
        },
    }
}

fn timed(mut work: impl FnMut()) -> Duration {
    #[allow(clippy::disallowed_methods)] // a benchmark's business is the clock
    let started = Instant::now();
    for _ in 0..TOKENS_IN_A_TURN {
        work();
    }
    started.elapsed()
}

/// The figure of the promise.
fn ratio(gateway: &Gateway) -> f64 {
    let mut ratios: Vec<f64> = (0..TURNS)
        .map(|_| {
            let raw = timed(|| drop(black_box(gateway.raw_signature())));
            let token = timed(|| assert_eq!(gateway.token(&gateway.farm), 200));
            token.as_secs_f64() / raw.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[TURNS / 2]
}

/// Where the time goes that is not the signature's: the median of each stage, in nanoseconds.
fn print_stages(gateway: &Gateway) {
    const ROUNDS: usize = 2000;
    let mut spent: Vec<(&str, Vec<Duration>)> = Vec::new();
    for _ in 0..ROUNDS {
        let lookups: &dyn Lookups = &gateway.lookups;
        let stopwatch = Clock::System.stopwatch();
        let verdict =
            gateway.runtime.block_on(federated::sign_in(&gateway.evidence, &gateway.unsigned, lookups, stopwatch));
        for step in &verdict.steps {
            match spent.iter_mut().find(|(stage, _)| *stage == step.stage.name()) {
                Some((_, times)) => times.push(step.took),
                None => spent.push((step.stage.name(), vec![step.took])),
            }
        }
    }
    for (stage, mut times) in spent {
        times.sort_unstable();
        println!("{stage:<12}{:>8} ns", times[times.len() / 2].as_nanos());
    }
}

fn token(criterion: &mut Criterion) {
    let gateway = Gateway::new();
    let mut group = criterion.benchmark_group("token");
    group.bench_function("raw RSA-2048 signature", |bencher| bencher.iter(|| gateway.raw_signature()));
    group.bench_function("evidence to response", |bencher| bencher.iter(|| gateway.token(&gateway.farm)));
    group.bench_function("evidence to response without the signature", |bencher| {
        bencher.iter(|| gateway.token(&gateway.unsigned));
    });
    group.bench_function("evidence to response and record", |bencher| bencher.iter(|| gateway.token_and_record()));
    group.finish();
    print_stages(&gateway);
    let ratio = ratio(&gateway);
    let judgement = if ratio <= CEILING { "within" } else { "ABOVE" };
    println!("one token / one raw RSA-2048 signature = {ratio:.3}, {judgement} the ceiling of {CEILING:.2}");
}

criterion_group!(benches, token);
criterion_main!(benches);
