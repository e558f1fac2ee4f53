use super::*;
use crate::claims::STRING;
use crate::sign_in::evidence::{ConnectionEvidence, ListenerRole, RequestEvidence, TlsFacts};
use crate::token::{TokenContext, describe};
use jiff::SignedDuration;
use uuid::Uuid;

fn at() -> Timestamp {
    "2026-01-10T10:00:00.1239Z".parse().unwrap()
}

fn evidence(peer: &str, user_agent: Option<&str>) -> Evidence {
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
            path: "/adfs/services/trust/2005/certificatetransport".to_owned(),
            content_type: None,
            soap_action: None,
            client_request_id: None,
            user_agent: user_agent.map(str::to_owned),
            body: Ok(Vec::new()),
        },
    }
}

/// Type without the prefix, value, value type.
fn told(claims: &[Claim]) -> Vec<(&str, &str, &str)> {
    let short = |claim_type| {
        str::strip_prefix(claim_type, "http://schemas.microsoft.com/2012/01/requestcontext/claims/")
            .unwrap_or(claim_type)
    };
    claims.iter().map(|claim| (short(&claim.claim_type), claim.value.as_str(), claim.value_type.as_str())).collect()
}

#[test]
fn a_request_comes_from_outside_through_a_proxy() {
    let claims = request_context(&evidence("192.0.2.7:51234", Some("python-requests/2.32")), |_| true);
    let expected = [
        (types::INSIDE_CORPORATE_NETWORK, "false", XSD_BOOLEAN),
        ("x-ms-endpoint-absolute-path", "/adfs/services/trust/2005/certificatetransport", STRING),
        ("x-ms-proxy", "fedgate", STRING),
        ("x-ms-client-ip", "192.0.2.7", STRING),
        ("x-ms-forwarded-client-ip", "192.0.2.7", STRING),
        ("userip", "192.0.2.7", STRING),
        ("client-request-id", "00000000-0000-0000-0000-000000000000", STRING),
        ("x-ms-client-user-agent", "python-requests/2.32", STRING),
    ];
    assert_eq!(told(&claims), expected);
    for claim in &claims {
        assert_eq!((claim.issuer.as_str(), claim.original_issuer.as_str()), (CLIENT_CONTEXT, CLIENT_CONTEXT));
    }
}

#[test]
fn an_address_stands_without_port_and_brackets() {
    for (peer, expected) in [("[2001:db8::7]:443", "2001:db8::7"), ("10.0.0.1:1", "10.0.0.1"), ("", "")] {
        let claims = request_context(&evidence(peer, None), |_| true);
        let addresses: Vec<&str> =
            told(&claims).into_iter().filter(|(name, _, _)| name.ends_with("ip")).map(|(_, value, _)| value).collect();
        assert_eq!(addresses, [expected; 3], "{peer}");
        assert!(told(&claims).iter().all(|(name, _, _)| *name != "x-ms-client-user-agent"));
    }
}

#[test]
fn the_moment_of_the_sign_in_is_a_date_time() {
    let [method, instant, reference] = authentication_claims(at());
    assert_eq!((method.value.as_str(), method.value_type.as_str()), (TLS_CLIENT, STRING));
    assert_eq!((instant.value.as_str(), instant.value_type.as_str()), ("2026-01-10T10:00:00.123Z", XSD_DATE_TIME));
    assert_eq!((reference.value.as_str(), reference.value_type.as_str()), (TLS_CLIENT, STRING));
}

#[test]
fn method_and_instant_are_supplied_together_or_not_at_all() {
    let [method, instant, reference] = authentication_claims(at());
    let cases = [
        (vec![reference.clone()], 3),
        (vec![], 2),
        (vec![method.clone()], 1),
        (vec![instant.clone()], 1),
        (vec![method, instant], 2),
    ];
    for (mut claims, expected) in cases {
        complete_authentication(&mut claims, at());
        assert_eq!(claims.len(), expected);
    }
}

/// Every value type made here can be written into a token.
#[test]
fn a_token_carries_all_of_it() {
    let mut claims = request_context(&evidence("192.0.2.7:51234", None), |_| true);
    claims.extend(authentication_claims(at()));
    let context = TokenContext {
        issuer: "http://sts.contoso.test/adfs/services/trust",
        audience: "urn:federation:MicrosoftOnline",
        assertion_id: "_0",
        issued_at: at(),
        authenticated_at: at(),
        lifetime: SignedDuration::from_hours(1),
    };
    assert!(describe(&claims, context).is_ok());
}
