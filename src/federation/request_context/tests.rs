use super::*;
use crate::claims::STRING;
use crate::federation::{Authentication, Credential};
use crate::sign_in::evidence::{ConnectionEvidence, ListenerRole, ProxyHeader, RequestEvidence, TlsFacts};
use crate::token::{TokenContext, describe};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const ENDPOINT: &str = "/adfs/services/trust/2005/certificatetransport";
const OFFICE_365: &str = "urn:federation:MicrosoftOnline";
const WAP: &str = "10.20.30.5:50000";
const STRANGER: &str = "192.0.2.7:51234";

/// A header without `x-ms-`, and its value.
type Line<'t> = (&'t str, &'t [u8]);

fn at() -> Timestamp {
    "2026-01-10T10:00:00.1239Z".parse().unwrap()
}

fn evidence(peer: &str, headers: &[Line]) -> Evidence {
    let header = |(name, value): &Line| ProxyHeader {
        name: ProxyHeaderName::ALL.into_iter().find(|known| known.as_str() == format!("x-ms-{name}")).unwrap(),
        value: value.to_vec(),
    };
    Evidence {
        at: at(),
        correlation: Uuid::nil(),
        assertion: Uuid::nil(),
        connection: ConnectionEvidence {
            listener: ListenerRole::UserTls,
            peer: peer.to_owned(),
            port: 49443,
            tls: TlsFacts::default(),
            presented: None,
        },
        request: RequestEvidence {
            path: "/ADFS/services/trust/2005/CertificateTransport/".to_owned(),
            endpoint: ENDPOINT,
            content_type: None,
            soap_action: None,
            client_request_id: None,
            user_agent: Some("python-requests/2.32".to_owned()),
            proxy_headers: headers.iter().map(header).collect(),
            body: Ok(Vec::new()),
        },
    }
}

fn ranges(texts: &[&str]) -> Vec<AddressRange> {
    texts.iter().map(|text| AddressRange::parse(text).unwrap()).collect()
}

fn policy() -> ContextPolicy {
    ContextPolicy {
        trusted_peers: ranges(&["10.20.30.0/28", "2001:db8:2::/64"]),
        exchange_online: Vec::new(),
        corporate_networks: ranges(&["10.0.0.0/8", "2001:db8:1::/48"]),
    }
}

fn with_exchange() -> ContextPolicy {
    ContextPolicy { exchange_online: ranges(&["40.92.0.0/15"]), ..policy() }
}

/// Type without the prefix, value, value type.
fn told(claims: &[Claim]) -> Vec<(&str, &str, &str)> {
    let short = |claim_type| str::strip_prefix(claim_type, context!("")).unwrap_or(claim_type);
    claims.iter().map(|claim| (short(&claim.claim_type), claim.value.as_str(), claim.value_type.as_str())).collect()
}

/// `name=value` of the claims that depend on who is believed; `inside` or `outside` first.
fn circumstances(context: &RequestContext<'_>) -> String {
    let claims = context.claims(OFFICE_365, |_| true);
    let told = told(&claims);
    let value = |name: &str| told.iter().find(|(known, ..)| *known == name).map(|(_, value, _)| *value);
    let mut text = if value(types::INSIDE_CORPORATE_NETWORK) == Some("true") { "inside" } else { "outside" }.to_owned();
    let names = [
        ("proxy", "x-ms-proxy"),
        ("peer", "x-ms-client-ip"),
        ("forwarded", "x-ms-forwarded-client-ip"),
        ("user", "userip"),
        ("application", "x-ms-client-application"),
    ];
    for (short, name) in names {
        if let Some(value) = value(name) {
            text.push_str(&format!(" {short}={value}"));
        }
    }
    text
}

fn disbelieved(context: &RequestContext<'_>) -> Vec<String> {
    context.facts().into_iter().filter(|(name, _)| *name == "header_not_believed").map(|(_, value)| value).collect()
}

#[test]
fn without_a_proxy_the_connection_speaks_for_itself() {
    let evidence = evidence(STRANGER, &[]);
    let context = RequestContext::of(&evidence, &ContextPolicy::default());
    let claims = context.claims(OFFICE_365, |_| true);
    let expected = [
        (types::INSIDE_CORPORATE_NETWORK, "false", XSD_BOOLEAN),
        ("x-ms-endpoint-absolute-path", ENDPOINT, STRING),
        ("x-ms-proxy", "fedgate", STRING),
        ("x-ms-client-ip", "192.0.2.7", STRING),
        ("x-ms-forwarded-client-ip", "192.0.2.7", STRING),
        ("userip", "192.0.2.7", STRING),
        ("x-ms-client-user-agent", "python-requests/2.32", STRING),
        ("client-request-id", "00000000-0000-0000-0000-000000000000", STRING),
        ("relyingpartytrustid", OFFICE_365, STRING),
    ];
    assert_eq!(told(&claims), expected);
    for claim in &claims {
        assert_eq!((claim.issuer.as_str(), claim.original_issuer.as_str()), (CLIENT_CONTEXT, CLIENT_CONTEXT));
    }
    assert!(context.facts().is_empty());
}

#[test]
fn only_what_somebody_reads_is_made() {
    let evidence = evidence(STRANGER, &[]);
    let context = RequestContext::of(&evidence, &policy());
    let claims = context.claims(OFFICE_365, |wanted| wanted.ends_with("/userip"));
    assert_eq!(told(&claims), [("userip", "192.0.2.7", STRING)]);
    assert!(context.claims(OFFICE_365, |_| false).is_empty());
}

#[test]
fn a_trusted_proxy_says_everything() {
    let headers: &[Line] = &[
        ("proxy", b"WAP01"),
        ("forwarded-client-ip", b"203.0.113.7,40.92.0.9"),
        ("client-application", b"Microsoft.Exchange.ActiveSync"),
        ("client-user-agent", b"Apple-iPhone/1302.526"),
        ("endpoint-absolute-path", b"https://sts.contoso.test/adfs/ls/?wa=wsignin1.0"),
        ("adfs-proxy-client-ip", b"40.92.0.9"),
    ];
    for policy in [policy(), with_exchange()] {
        let evidence = evidence(WAP, headers);
        let context = RequestContext::of(&evidence, &policy);
        let expected = "outside proxy=WAP01 peer=10.20.30.5 forwarded=203.0.113.7,40.92.0.9 \
                        user=203.0.113.7,40.92.0.9 application=Microsoft.Exchange.ActiveSync";
        assert_eq!(circumstances(&context), expected);
        let claims = context.claims(OFFICE_365, |_| true);
        let has = |name, value| told(&claims).contains(&(name, value, STRING));
        assert!(has("x-ms-client-user-agent", "Apple-iPhone/1302.526"));
        assert!(has("x-ms-endpoint-absolute-path", "/adfs/ls/"));
        let forwarded = ("forwarded_client_ip", "203.0.113.7,40.92.0.9".to_owned());
        assert_eq!(context.facts(), [("proxy", "WAP01".to_owned()), forwarded]);
    }
}

#[test]
fn inside_and_outside_are_told_apart() {
    const FORWARDED: &str = "forwarded-client-ip";
    let cases: &[(&str, &[Line], &str)] = &[
        // Nobody speaks for the client.
        ("10.1.2.3:1", &[], "inside peer=10.1.2.3 user=10.1.2.3"),
        ("[2001:db8:1::3]:1", &[], "inside peer=2001:db8:1::3 user=2001:db8:1::3"),
        ("[::ffff:10.1.2.3]:1", &[], "inside peer=10.1.2.3 user=10.1.2.3"),
        (STRANGER, &[], "outside proxy=fedgate peer=192.0.2.7 forwarded=192.0.2.7 user=192.0.2.7"),
        (WAP, &[], "inside peer=10.20.30.5 user=10.20.30.5"),
        ("unknown", &[], "outside proxy=fedgate"),
        // A stranger inside who says that he is outside is outside; one outside who says that he is inside is not.
        ("10.1.2.3:1", &[("proxy", b"LB1")], "outside proxy=fedgate peer=10.1.2.3 forwarded=10.1.2.3 user=10.1.2.3"),
        (
            STRANGER,
            &[(FORWARDED, b"10.1.2.3"), ("adfs-proxy-client-ip", b"10.1.2.3")],
            "outside proxy=fedgate peer=192.0.2.7 forwarded=192.0.2.7 user=192.0.2.7",
        ),
        // A load balancer that is trusted and no proxy.
        (WAP, &[(FORWARDED, b"10.1.2.3")], "inside peer=10.20.30.5 forwarded=10.1.2.3 user=10.20.30.5"),
        (
            WAP,
            &[(FORWARDED, b"10.1.2.3, 203.0.113.7")],
            "outside proxy=fedgate peer=10.20.30.5 forwarded=10.1.2.3,203.0.113.7 user=10.1.2.3,203.0.113.7",
        ),
        // A proxy says "outside" even for addresses that look like inside.
        (
            WAP,
            &[("proxy", b"WAP01"), (FORWARDED, b"10.1.2.3")],
            "outside proxy=WAP01 peer=10.20.30.5 forwarded=10.1.2.3 user=10.1.2.3",
        ),
        // It does not say from where: no address, not the proxy's own.
        (WAP, &[("proxy", b"WAP01")], "outside proxy=WAP01 peer=10.20.30.5"),
        (WAP, &[("proxy", b"WAP01"), (FORWARDED, b"nonsense")], "outside proxy=WAP01 peer=10.20.30.5"),
        // The last hop decides, and it is not readable.
        (
            WAP,
            &[(FORWARDED, b"10.1.2.3,nonsense")],
            "outside proxy=fedgate peer=10.20.30.5 forwarded=10.1.2.3 user=10.1.2.3",
        ),
        (
            WAP,
            &[(FORWARDED, b"10.1.2.3"), ("adfs-proxy-client-ip", b"x")],
            "outside proxy=fedgate peer=10.20.30.5 forwarded=10.1.2.3 user=10.1.2.3",
        ),
    ];
    for (peer, headers, expected) in cases {
        let evidence = evidence(peer, headers);
        let context = RequestContext::of(&evidence, &policy());
        assert_eq!(circumstances(&context), *expected, "{peer} {headers:?}");
        assert_eq!(context.is_inside(), expected.starts_with("inside"));
    }
}

#[test]
fn a_stranger_is_not_believed_and_the_record_says_so() {
    let headers: &[Line] = &[
        ("proxy", b"WAP01"),
        ("forwarded-client-ip", b"10.1.2.3"),
        ("client-application", b"Microsoft.Exchange.ActiveSync\r\nx"),
        ("endpoint-absolute-path", b"/adfs/ls/"),
    ];
    let evidence = evidence(STRANGER, headers);
    let context = RequestContext::of(&evidence, &with_exchange());
    let expected = "outside proxy=fedgate peer=192.0.2.7 forwarded=192.0.2.7 user=192.0.2.7";
    assert_eq!(circumstances(&context), expected);
    let expected = [
        "x-ms-proxy: WAP01 (the peer is no trusted proxy)",
        "x-ms-forwarded-client-ip: 10.1.2.3 (the peer is no trusted proxy)",
        "x-ms-client-application: Microsoft.Exchange.ActiveSync\\r\\nx (the peer is no trusted proxy)",
        "x-ms-endpoint-absolute-path: /adfs/ls/ (the peer is no trusted proxy)",
    ];
    assert_eq!(disbelieved(&context), expected);
}

#[test]
fn what_exchange_online_did_not_say_through_the_proxy_is_not_believed() {
    let headers: &[Line] = &[
        ("proxy", b"WAP01"),
        ("forwarded-client-ip", b"10.1.2.3,203.0.113.7"),
        ("client-application", b"Microsoft.Exchange.ActiveSync"),
        ("client-user-agent", b"Apple-iPhone"),
    ];
    let evidence = evidence(WAP, headers);
    let context = RequestContext::of(&evidence, &with_exchange());
    let expected = "outside proxy=WAP01 peer=10.20.30.5 forwarded=203.0.113.7 user=203.0.113.7";
    assert_eq!(circumstances(&context), expected);
    let expected = [
        "x-ms-client-application: Microsoft.Exchange.ActiveSync (not passed on from Exchange Online)",
        "x-ms-client-user-agent: Apple-iPhone (not passed on from Exchange Online)",
        "x-ms-forwarded-client-ip: 10.1.2.3,203.0.113.7 (not passed on from Exchange Online)",
    ];
    assert_eq!(disbelieved(&context), expected);
    let claims = context.claims(OFFICE_365, |_| true);
    assert!(told(&claims).contains(&("x-ms-client-user-agent", "python-requests/2.32", STRING)));
}

#[test]
fn hostile_values_are_no_claims() {
    let long = vec![b'a'; 2000];
    let cases: &[(&[Line], &[&str])] = &[
        (&[("client-application", b"a\x07b")], &["x-ms-client-application: a\\u{7}b (malformed)"]),
        (&[("client-application", b"")], &["x-ms-client-application:  (malformed)"]),
        (&[("client-application", "Büro".as_bytes())], &["x-ms-client-application: Büro (malformed)"]),
        (&[("client-application", b"\xff")], &["x-ms-client-application: \u{fffd} (malformed)"]),
        (
            &[("client-application", b"one"), ("client-application", b"two")],
            &[
                "x-ms-client-application: one (said twice, differently)",
                "x-ms-client-application: two (said twice, differently)",
            ],
        ),
        (&[("endpoint-absolute-path", b"adfs/ls")], &["x-ms-endpoint-absolute-path: adfs/ls (malformed)"]),
        (&[("endpoint-absolute-path", b"https://host")], &["x-ms-endpoint-absolute-path: https://host (malformed)"]),
        (
            &[("forwarded-client-ip", b"a, ,b")],
            &["x-ms-forwarded-client-ip: a (not an address)", "x-ms-forwarded-client-ip: b (not an address)"],
        ),
        (
            &[("adfs-proxy-client-ip", b"10.0.0.1,10.0.0.2")],
            &["x-ms-adfs-proxy-client-ip: 10.0.0.1,10.0.0.2 (not an address)"],
        ),
    ];
    for (headers, expected) in cases {
        let evidence = evidence(WAP, headers);
        let context = RequestContext::of(&evidence, &policy());
        assert_eq!(disbelieved(&context), *expected);
        assert_eq!(circumstances(&context), "outside proxy=fedgate peer=10.20.30.5", "{headers:?}");
        let claims = context.claims(OFFICE_365, |_| true);
        assert!(told(&claims).contains(&("x-ms-endpoint-absolute-path", ENDPOINT, STRING)));
    }
    let evidence = evidence(WAP, &[("client-user-agent", &long)]);
    let told = disbelieved(&RequestContext::of(&evidence, &policy()));
    assert_eq!(told, [format!("x-ms-client-user-agent: {} (malformed)", "a".repeat(96))]);
}

#[test]
fn the_same_said_twice_is_said_once() {
    let twice: &[Line] = &[("client-application", b"one"), ("client-application", b"one")];
    let evidence = evidence(WAP, twice);
    let context = RequestContext::of(&evidence, &policy());
    assert_eq!(circumstances(&context), "outside proxy=fedgate peer=10.20.30.5 application=one");
    assert!(disbelieved(&context).is_empty());
}

/// A deny rule that names an endpoint is not evaded by another spelling.
#[test]
fn the_endpoint_is_spelled_as_in_ad_fs() {
    for said in [
        "/ADFS/Services/Trust/2005/CERTIFICATETRANSPORT/",
        "HTTPS://sts/adfs/services/trust/2005/certificatetransport?x",
    ] {
        let evidence = evidence(WAP, &[("endpoint-absolute-path", said.as_bytes())]);
        let claims = RequestContext::of(&evidence, &policy()).claims(OFFICE_365, |_| true);
        assert!(told(&claims).contains(&("x-ms-endpoint-absolute-path", ENDPOINT, STRING)), "{said}");
    }
}

#[test]
fn the_last_of_many_addresses_count_and_a_record_stays_short() {
    let many: Vec<String> = (0..100).map(|last| format!("203.0.113.{last}")).collect();
    let evidence = evidence(WAP, &[("forwarded-client-ip", many.join(",").as_bytes())]);
    let context = RequestContext::of(&evidence, &policy());
    assert_eq!(context.forwarded_text().unwrap(), many[68..].join(","));
    assert_eq!(disbelieved(&context).len(), 1);
    assert!(disbelieved(&context)[0].ends_with("(too many addresses)"));

    let nonsense = vec!["x"; 30].join(",");
    let evidence = self::evidence(WAP, &[("forwarded-client-ip", nonsense.as_bytes())]);
    let told = disbelieved(&RequestContext::of(&evidence, &policy()));
    assert_eq!((told.len(), told[8].as_str()), (9, "and 22 more"));
}

#[test]
fn a_client_names_its_request_if_it_can() {
    let id = "7f3d2d6e-8d6b-4b0f-9a3e-0c6c2b1a9f10";
    let sent = |text: &str| {
        let mut evidence = evidence(STRANGER, &[]);
        evidence.request.client_request_id = Some(text.to_owned());
        let claims =
            RequestContext::of(&evidence, &policy()).claims(OFFICE_365, |wanted| wanted.ends_with("request-id"));
        claims[0].value.to_string()
    };
    assert_eq!(sent(&id.to_uppercase()), id);
    assert_eq!(sent("\" || true"), Uuid::nil().to_string());
}

/// Every value type made here can be written into a token.
#[test]
fn a_token_carries_all_of_it() {
    let evidence = evidence(STRANGER, &[]);
    let mut claims = RequestContext::of(&evidence, &policy()).claims(OFFICE_365, |_| true);
    let authentication = Authentication::by(Credential::TlsCertificate, at());
    claims.extend([authentication.method_claim(), authentication.instant_claim()]);
    claims.extend(authentication.reference_claims());
    let context = TokenContext {
        issuer: "http://sts.contoso.test/adfs/services/trust",
        audience: OFFICE_365,
        assertion_id: "_0",
        issued_at: at(),
        authenticated_at: at(),
        lifetime: SignedDuration::from_hours(1),
    };
    assert!(describe(&claims, context).is_ok());
}

fn any_headers() -> impl Strategy<Value = Vec<ProxyHeader>> {
    let name = prop::sample::select(ProxyHeaderName::ALL.to_vec());
    let line =
        prop_oneof![proptest::collection::vec(any::<u8>(), 0..80), "[0-9a-f.:, ]{0,40}".prop_map(String::into_bytes)];
    proptest::collection::vec((name, line).prop_map(|(name, value)| ProxyHeader { name, value }), 0..12)
}

proptest! {
    /// Whatever a stranger sends changes no claim but those that say "outside".
    #[test]
    fn a_stranger_changes_nothing(headers in any_headers()) {
        let bare = evidence(STRANGER, &[]);
        let mut speaking = evidence(STRANGER, &[]);
        speaking.request.proxy_headers = headers;
        let claims = |evidence: &Evidence| RequestContext::of(evidence, &with_exchange()).claims(OFFICE_365, |_| true);
        prop_assert_eq!(claims(&bare), claims(&speaking));
    }

    /// Whatever a proxy passes on, every claim is text that a rule can read and a log can show.
    #[test]
    fn a_proxy_makes_sound_claims(headers in any_headers(), exchange in any::<bool>()) {
        let mut evidence = evidence(WAP, &[]);
        evidence.request.proxy_headers = headers;
        let policy = if exchange { with_exchange() } else { policy() };
        let context = RequestContext::of(&evidence, &policy);
        for claim in context.claims(OFFICE_365, |_| true) {
            prop_assert!(!claim.value.is_empty() && claim.value.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        }
        prop_assert!(context.facts().iter().all(|(_, fact)| !fact.chars().any(char::is_control)));
        prop_assert!(context.facts().len() < 13);
    }
}
