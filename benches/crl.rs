//! What a large CRL costs: read, verified and indexed once, held, and asked, beside the least that any implementation must
//! do (one pass of SHA-256 over its bytes, and sorting its serial numbers) and beside OpenSSL's own CRL, in the same run.
//!
//! The CRL is made here: 500,000 entries as an AD CS authority writes them (19-octet serial numbers in no order), 19 MB.

#![allow(clippy::disallowed_methods)] // a benchmark's business is the clock

use fedgate::certificate::Certificate;
use fedgate::revocation::VerifiedCrl;
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sha::sha256;
use openssl::sign::Signer;
use openssl::x509::{X509, X509Builder, X509Crl, X509NameBuilder};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The allocator of the `fedgate` command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ENTRIES: usize = 500_000;
const SERIAL_OCTETS: usize = 19;
const TURNS: usize = 7;
/// Loading may cost at most this many times the least.
const CEILING: f64 = 3.0;
const BYTES_AN_ENTRY: f64 = 25.0;
const LOOK_UP: Duration = Duration::from_micros(1);

type Serial = [u8; SERIAL_OCTETS];

fn main() {
    // `cargo test` runs benches too, without optimisation; there is nothing to learn then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let (certificate, key) = authority();
    let serials = serials();
    let der = crl(&certificate, &key, &serials);
    let issuer = Certificate::read_der(&certificate.to_der().expect("DER")).expect("a certificate");
    println!("a CRL of {ENTRIES} entries, {:.1} MB", der.len() as f64 / 1e6);
    let kept = ours(&der, &issuer, &serials);
    theirs(&der, &certificate, &serials);
    if !kept {
        println!("crl: A PROMISE IS NOT KEPT");
        std::process::exit(1);
    }
}

fn ours(der: &[u8], issuer: &Certificate, serials: &[Serial]) -> bool {
    let (mut ratios, mut loads, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let floor = least(der, serials);
        let started = Instant::now();
        let verified = VerifiedCrl::verify("file:///bench.crl", der, issuer).expect("a genuine CRL");
        let load = started.elapsed();
        black_box(&verified);
        ratios.push(load.as_secs_f64() / floor.as_secs_f64());
        loads.push(load.as_secs_f64());
        floors.push(floor.as_secs_f64());
    }
    let verified = VerifiedCrl::verify("file:///bench.crl", der, issuer).expect("a genuine CRL");
    let held = verified.crl().bytes_held() as f64 / ENTRIES as f64;
    let look_up = look_up(&verified, serials);
    let ratio = median(ratios);
    let (load, floor) = (median(loads) * 1e3, median(floors) * 1e3);
    println!("least possible (SHA-256, sort)   {floor:9.1} ms");
    println!("load, verify and index           {load:9.1} ms    {ratio:.2} times the least (promised {CEILING})");
    println!("held                             {held:9.1} bytes an entry (promised {BYTES_AN_ENTRY})");
    println!("look-up                          {:9.0} ns    (promised {} ns)", look_up.as_nanos(), LOOK_UP.as_nanos());
    ratio <= CEILING && held <= BYTES_AN_ENTRY && look_up < LOOK_UP
}

/// The median over batches, so that a batch during which the machine did something else does not count.
fn look_up(verified: &VerifiedCrl, serials: &[Serial]) -> Duration {
    const BATCH: usize = 5_000;
    let batches = serials.chunks(BATCH).map(|batch| {
        let started = Instant::now();
        for serial in batch {
            assert!(black_box(verified.crl().listing(black_box(serial))).is_some(), "every one is listed");
        }
        started.elapsed().as_secs_f64() / batch.len() as f64
    });
    Duration::from_secs_f64(median(batches.collect()))
}

/// One pass of SHA-256, and the serial numbers sorted.
fn least(der: &[u8], serials: &[Serial]) -> Duration {
    let mut sorted = serials.to_vec();
    let started = Instant::now();
    black_box(sha256(black_box(der)));
    sorted.sort_unstable();
    black_box(&sorted);
    started.elapsed()
}

fn theirs(der: &[u8], issuer: &X509, serials: &[Serial]) {
    let before = resident();
    let started = Instant::now();
    let crl = X509Crl::from_der(der).expect("a CRL");
    let parse = started.elapsed();
    let started = Instant::now();
    assert!(crl.verify(&issuer.public_key().expect("a key")).expect("a check"), "genuine");
    let verify = started.elapsed();
    let asked: Vec<Asn1Integer> = serials.iter().step_by(50).map(integer).collect();
    let started = Instant::now();
    black_box(crl.get_by_serial(&asked[0]));
    let first = started.elapsed();
    let held = resident().saturating_sub(before);
    let started = Instant::now();
    for serial in &asked[1..] {
        black_box(crl.get_by_serial(serial));
    }
    let further = started.elapsed() / (asked.len() as u32 - 1);
    println!("OpenSSL: parse                   {:9.1} ms", parse.as_secs_f64() * 1e3);
    println!("OpenSSL: verify                  {:9.1} ms", verify.as_secs_f64() * 1e3);
    println!("OpenSSL: first look-up           {:9.1} ms    (it sorts)", first.as_secs_f64() * 1e3);
    println!("OpenSSL: further look-ups        {:9.0} ns", further.as_nanos());
    println!(
        "OpenSSL: held                    {:9.1} bytes an entry (growth of the process)",
        held as f64 / ENTRIES as f64
    );
}

/// Resident memory in bytes, where the system tells.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

fn integer(serial: &Serial) -> Asn1Integer {
    BigNum::from_slice(serial).expect("a number").to_asn1_integer().expect("an integer")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn authority() -> (X509, PKey<Private>) {
    let key = PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_text("CN", "Contoso Issuing CA").expect("a name");
    let name = name.build();
    let mut builder = X509Builder::new().expect("a certificate");
    builder.set_version(2).expect("a version");
    builder.set_subject_name(&name).expect("a subject");
    builder.set_issuer_name(&name).expect("an issuer");
    builder.set_not_before(&Asn1Time::from_unix(1_700_000_000).expect("a time")).expect("a time");
    builder.set_not_after(&Asn1Time::from_unix(2_500_000_000).expect("a time")).expect("a time");
    builder.set_serial_number(&BigNum::from_u32(1).expect("1").to_asn1_integer().expect("1")).expect("a number");
    builder.set_pubkey(&key).expect("a key");
    builder.sign(&key, MessageDigest::sha256()).expect("a signature");
    (builder.build(), key)
}

/// As good as random, and the same in every run (SplitMix64).
fn serials() -> Vec<Serial> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let one = |_| {
        let mut serial = [0; SERIAL_OCTETS];
        serial[..8].copy_from_slice(&next().to_be_bytes());
        serial[8..16].copy_from_slice(&next().to_be_bytes());
        serial[0] = 0x1a; // positive, as AD CS begins them
        serial
    };
    (0..ENTRIES).map(one).collect()
}

/// Written by hand: no library makes one of this size in bearable time. One entry in a hundred has a reason.
fn crl(issuer: &X509, key: &PKey<Private>, serials: &[Serial]) -> Vec<u8> {
    const KEY_COMPROMISE: &[u8] = &[0x30, 0x0c, 0x30, 0x0a, 6, 3, 0x55, 0x1d, 0x15, 4, 3, 0x0a, 1, 1];
    const ALGORITHM: &[u8] = &[0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b, 5, 0];
    let mut entries = Vec::with_capacity(serials.len() * 40);
    for (number, serial) in serials.iter().enumerate() {
        let mut entry = value(2, serial);
        entry.extend(value(0x17, b"250601120000Z"));
        if number % 100 == 0 {
            entry.extend_from_slice(KEY_COMPROMISE);
        }
        entries.extend(value(0x30, &entry));
    }
    let fields = [
        &value(2, &[1])[..],
        ALGORITHM,
        &issuer.subject_name().to_der().expect("DER"),
        &value(0x17, b"260101000000Z"),
        &value(0x17, b"270101000000Z"),
        &value(0x30, &entries),
    ];
    let tbs = value(0x30, &fields.concat());
    let mut signer = Signer::new(MessageDigest::sha256(), key).expect("a signer");
    let signature = signer.sign_oneshot_to_vec(&tbs).expect("a signature");
    value(0x30, &[&tbs, ALGORITHM, &value(3, &[&[0], &signature[..]].concat())].concat())
}

/// One value in DER.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().position(|octet| *octet != 0).unwrap_or(7)..];
    let mut written = vec![tag];
    if content.len() > 0x7f {
        written.push(0x80 | significant.len() as u8);
    }
    written.extend_from_slice(significant);
    written.extend_from_slice(content);
    written
}
