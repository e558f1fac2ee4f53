//! What claim rules cost: the complete Office 365 set over a person's claims, the answers of attribute stores in hand, as a
//! ratio to a raw RSA-2048 signature, measured in the same run.
//!
//! The two are measured in turns of a few milliseconds, so that a machine that slows down slows both; the figure is the
//! median of the ratios of the turns.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fedgate::claims::cases::Case;
use fedgate::claims::language::{RuleSet, Strictness, parse};
use fedgate::claims::{Claim, Evaluation, Limits, Progress, StoreRows};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The allocator of the `fedgate` command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The rules may cost at most this much of a raw signature.
const CEILING: f64 = 0.05;
const TURNS: usize = 200;
const SIGNATURES_IN_A_TURN: usize = 8;
const RUNS_IN_A_TURN: usize = 128;

const RULES: &str = include_str!("../claims-rules/office-365-azure-ad-connect/transform.rules");
const CASE: &str = include_str!("../claims-rules/office-365-azure-ad-connect/cases/person.json");
/// How many claims the person's case puts out.
const ISSUED: usize = 8;

struct Sample {
    rules: RuleSet,
    input: Vec<Claim>,
    /// In the order of the questions.
    answers: Vec<StoreRows>,
    key: PKey<Private>,
}

impl Sample {
    fn new() -> Self {
        let rules = parse("transform.rules", RULES, Strictness::Strict).expect("rules");
        let case = Case::read(CASE).expect("a case");
        let column = |value: &str| vec![value.to_owned()];
        let answers = vec![
            StoreRows::new(vec![column("Alice@Contoso.test")]),
            StoreRows::new(vec![column("b2JqZWN0"), column("Y29uc2lzdGVuY3k=")]),
        ];
        let key = Rsa::generate(2048).and_then(PKey::from_rsa).expect("a key");
        Self { rules, input: case.input(), answers, key }
    }

    /// What a run consumes, made outside of the measurement: claims and answers come from elsewhere in a sign-in.
    fn consumed(&self) -> (Vec<Claim>, Vec<StoreRows>) {
        (self.input.clone(), self.answers.clone())
    }

    /// One run to its output.
    fn run(&self, (input, answers): (Vec<Claim>, Vec<StoreRows>)) -> usize {
        let mut evaluation = Evaluation::start(&self.rules, input, &Limits::default());
        let mut answers = answers.into_iter();
        while let Progress::Wants(queries) = evaluation.advance().expect("rules that run") {
            evaluation.supply(answers.by_ref().take(queries.len()).collect());
        }
        black_box(evaluation.finish()).output().count()
    }

    /// Over as many octets as a SignedInfo has.
    fn raw_signature(&self) -> Vec<u8> {
        let mut signer = openssl::sign::Signer::new(MessageDigest::sha256(), &self.key).expect("a signer");
        signer.sign_oneshot_to_vec(black_box(&[b'x'; 700])).expect("a signature")
    }
}

fn timed<T>(inputs: impl ExactSizeIterator<Item = T>, mut work: impl FnMut(T)) -> Duration {
    let count = u32::try_from(inputs.len()).expect("a few");
    let inputs: Vec<T> = inputs.collect();
    #[allow(clippy::disallowed_methods)] // a benchmark's business is the clock
    let started = Instant::now();
    inputs.into_iter().for_each(&mut work);
    started.elapsed() / count
}

/// The figure of the promise, and the median of a run.
fn ratio(sample: &Sample) -> (f64, Duration) {
    let mut turns: Vec<(f64, Duration)> = (0..TURNS)
        .map(|_| {
            let raw = timed(0..SIGNATURES_IN_A_TURN, |_| drop(black_box(sample.raw_signature())));
            let consumed: Vec<_> = (0..RUNS_IN_A_TURN).map(|_| sample.consumed()).collect();
            let run = timed(consumed.into_iter(), |consumed| assert_eq!(sample.run(consumed), ISSUED));
            (run.as_secs_f64() / raw.as_secs_f64(), run)
        })
        .collect();
    turns.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    turns[TURNS / 2]
}

fn claims(criterion: &mut Criterion) {
    let sample = Sample::new();
    let mut group = criterion.benchmark_group("claims");
    group.bench_function("raw RSA-2048 signature", |bencher| bencher.iter(|| sample.raw_signature()));
    group.bench_function("complete Office 365 rules", |bencher| {
        bencher.iter_batched(|| sample.consumed(), |consumed| sample.run(consumed), BatchSize::SmallInput);
    });
    group.finish();
    let (ratio, run) = ratio(&sample);
    let judgement = if ratio <= CEILING { "within" } else { "ABOVE" };
    println!(
        "{} rules over {} claims take {:.1} us; rules / one raw RSA-2048 signature = {ratio:.3}, {judgement} the ceiling of \
         {CEILING:.2}",
        sample.rules.rules().len(),
        sample.input.len(),
        run.as_secs_f64() * 1e6
    );
}

criterion_group!(benches, claims);
criterion_main!(benches);
