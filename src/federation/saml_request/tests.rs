use super::*;

const ACS: &str = "https://sp.test/acs";

fn request(consumer: ConsumerService) -> AuthnRequest {
    AuthnRequest {
        id: "_1".to_owned(),
        issuer: "https://sp.test".to_owned(),
        issue_instant: "2026-01-10T10:00:00Z".parse().unwrap(),
        destination: None,
        consumer,
        force_authn: false,
        is_passive: false,
        name_format: None,
        context: None,
    }
}

fn endpoint(index: u16, address: &str, is_default: bool) -> AssertionConsumer {
    AssertionConsumer { index, address: address.to_owned(), is_default }
}

#[test]
fn a_response_goes_to_an_endpoint_of_the_trust_and_nowhere_else() {
    let consumers = [endpoint(0, ACS, false), endpoint(7, "https://sp.test/other", true)];
    let at = |address: &str, binding: Option<&str>| ConsumerService::Address {
        address: address.to_owned(),
        binding: binding.map(str::to_owned),
    };
    let default = |binding: Option<&str>| ConsumerService::Default { binding: binding.map(str::to_owned) };
    let redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    let unknown = |address: &str| Err(SamlRequestFault::UnknownAddress(address.to_owned()));
    for (wanted, expected) in [
        (default(None), Ok(7)),
        (default(Some(POST)), Ok(7)),
        (default(Some(redirect)), Err(SamlRequestFault::Binding(redirect.to_owned()))),
        (at(ACS, None), Ok(0)),
        (at(ACS, Some(POST)), Ok(0)),
        (at(ACS, Some(redirect)), Err(SamlRequestFault::Binding(redirect.to_owned()))),
        (at("https://evil.test/acs", None), unknown("https://evil.test/acs")),
        (at("https://sp.test/acs/", None), unknown("https://sp.test/acs/")),
        (at("https://sp.test/acs?next=https://evil.test", None), unknown("https://sp.test/acs?next=https://evil.test")),
        (at("https://sp.test/ACS", None), unknown("https://sp.test/ACS")),
        (ConsumerService::Index(7), Ok(7)),
        (ConsumerService::Index(1), Err(SamlRequestFault::UnknownIndex(1))),
    ] {
        let found = consumer(&request(wanted.clone()), &consumers).map(|found| found.index);
        assert_eq!(found, expected, "{wanted:?}");
    }
    let first = consumer(&request(default(None)), &consumers[..1]).map(|found| found.index);
    assert_eq!(first, Ok(0), "without a default the first counts");
    assert_eq!(consumer(&request(default(None)), &[]), Err(SamlRequestFault::NoConsumer));
}

#[test]
fn a_request_is_for_us_and_from_now() {
    let hosts = ["sts.test", "certauth.sts.test"];
    let judge = |destination: Option<&str>, at: &str| {
        let mut request = request(ConsumerService::Default { binding: None });
        request.destination = destination.map(str::to_owned);
        arrived(&request, Arrival { hosts: &hosts, at: at.parse().unwrap(), window: SignedDuration::from_mins(5) })
    };
    let now = "2026-01-10T10:00:00Z";
    for ours in [
        "https://sts.test/adfs/ls/",
        "https://STS.test:443/adfs/ls",
        "https://sts.test:49443/ADFS/LS/?redirectfromauth=1",
        "https://certauth.sts.test/adfs/ls/",
    ] {
        assert_eq!(judge(Some(ours), now), Ok(()), "{ours}");
    }
    for other in [
        "https://sts.test.evil.test/adfs/ls/",
        "https://evil.test/adfs/ls/",
        "https://sts.test@evil.test/adfs/ls/",
        "http://sts.test/adfs/ls/",
        "https://sts.test/adfs/ls/../other",
        "/adfs/ls/",
    ] {
        assert_eq!(judge(Some(other), now), Err(SamlRequestFault::Destination(other.to_owned())), "{other}");
    }
    for (at, is_inside) in [
        ("2026-01-10T10:05:00Z", true),
        ("2026-01-10T10:05:00.001Z", false),
        ("2026-01-10T09:55:00Z", true),
        ("2026-01-10T09:54:59.999Z", false),
    ] {
        assert_eq!(judge(None, at).is_ok(), is_inside, "{at}");
    }
}

#[test]
fn classes_are_compared_by_the_order_of_strength() {
    use Comparison::{Better, Exact, Maximum, Minimum};
    let class = |name: &str| match name {
        "windows" => "urn:federation:authentication:windows".to_owned(),
        name if name.contains(':') => name.to_owned(),
        name => format!("urn:oasis:names:tc:SAML:2.0:ac:classes:{name}"),
    };
    let cases: &[(&str, Comparison, &[&str], bool)] = &[
        ("TLSClient", Exact, &["TLSClient"], true),
        ("TLSClient", Exact, &["Password", "TLSClient"], true),
        ("TLSClient", Exact, &["X509"], false),
        ("X509", Minimum, &["TLSClient"], true),
        ("windows", Minimum, &["TLSClient"], true),
        ("Kerberos", Minimum, &["TLSClient"], true),
        ("TLSClient", Minimum, &["TLSClient"], true),
        ("Password", Minimum, &["TLSClient"], false),
        ("Password", Minimum, &["Kerberos", "Password"], true),
        ("Password", Maximum, &["TLSClient"], true),
        ("X509", Maximum, &["TLSClient"], false),
        ("X509", Better, &["TLSClient"], true),
        ("X509", Better, &["TLSClient", "Kerberos"], false),
        ("X509", Better, &["X509"], false),
        ("urn:own", Exact, &["urn:own"], true),
        ("urn:own", Minimum, &["urn:own"], true),
        ("urn:own", Minimum, &["Password"], false),
        ("Kerberos", Better, &["urn:own"], false),
    ];
    for (ours, comparison, wanted, expected) in cases {
        let classes = wanted.iter().map(|name| class(name)).collect();
        let requested = RequestedContext { comparison: *comparison, classes };
        let answer = satisfies(&class(ours), &requested, AUTHENTICATION_CONTEXT_ORDER);
        assert_eq!(answer, *expected, "{ours} {comparison:?} {wanted:?}");
    }
}
